// What changes in a list while it is open: asked for every twenty seconds, told politely, never put under somebody's hands.
const EVERY = 20000;
const LONGEST = 300000;

export function watchList(page) {
  page.querySelector(".places [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  const list = page.querySelector("[data-changes]");
  const button = page.querySelector("[data-fresh]");
  if (!list || !button) return;
  const first = Object.fromEntries([...page.querySelectorAll("[data-count]")].map((one) => [one.dataset.count, one.textContent]));
  let known = first;
  let tag = "";
  let wait = EVERY;

  const ask = async () => {
    if (page.hidden) return;
    const address = new URL(list.dataset.changes, location.href);
    address.searchParams.set("since", list.dataset.since);
    list.querySelectorAll("tr.item[id]:not(.over)").forEach((row) => address.searchParams.append("row", row.id.slice(5)));
    const answer = await fetch(address, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
    if (answer.status === 304) return;
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    tag = answer.headers.get("ETag") ?? "";
    tell(await answer.json());
  };

  const tell = (found) => {
    for (const { id, told } of found.rows) markRow(page.getElementById(`task-${id}`), told);
    page.querySelectorAll("[data-count]").forEach((one) => (one.textContent = found.counts[one.dataset.count]));
    const moved = Object.entries(found.counts).some(([name, count]) => String(count) !== known[name]);
    if (!found.fresh && !moved) return;
    if (button.textContent !== found.told) button.textContent = found.told;
    button.hidden = false;
  };

  const renew = async () => {
    const answer = await fetch(location.href, { cache: "no-store" });
    if (!answer.ok) return location.reload();
    const picked = new Set([...list.querySelectorAll("[data-pick]:checked")].map((box) => box.value));
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const other = fresh.querySelector("[data-changes]");
    if (!other) return location.reload();
    list.replaceChildren(...other.childNodes);
    list.dataset.since = other.dataset.since;
    for (const selector of ["[data-count]", "[data-tab]", "main > header .muted"]) {
      const olds = page.querySelectorAll(selector);
      fresh.querySelectorAll(selector).forEach((one, at) => olds[at]?.replaceChildren(...one.childNodes));
    }
    known = Object.fromEntries([...page.querySelectorAll("[data-count]")].map((one) => [one.dataset.count, one.textContent]));
    list.querySelectorAll("[data-pick]").forEach((box) => (box.checked = picked.has(box.value)));
    button.hidden = true;
    button.textContent = "";
    tag = "";
    page.dispatchEvent(new Event("list:renewed"));
    list.querySelector(".subject a")?.focus();
  };

  const turn = async () => {
    try {
      await ask();
      wait = EVERY;
    } catch {
      wait = Math.min(LONGEST, wait * 2);
    }
    setTimeout(turn, wait * (0.9 + Math.random() / 5));
  };
  button.addEventListener("click", renew);
  page.addEventListener("visibilitychange", () => page.hidden || ask().catch(() => {}));
  setTimeout(turn, EVERY);
  page.addEventListener("list:ask", () => ask().catch(() => {}));
}

function markRow(row, told) {
  if (!row || row.classList.contains("over")) return;
  row.classList.add("over");
  const note = document.createElement("small");
  note.className = "turned";
  note.textContent = told;
  row.querySelector(".subject").append(note);
  const box = row.querySelector("[data-pick]");
  if (box) {
    box.checked = false;
    box.disabled = true;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }
  row.querySelectorAll(".act form").forEach((form) => form.remove());
}
