// 综合窗口: search while typing, keys, files dropped on a line, and a receipt that shows its number as soon as there is one.
const later = (wait, act) => {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, wait);
  };
};

function follow(form, address, place) {
  if (!form) return;
  const field = form.querySelector("input[type=search]");
  let turn = 0;
  const ask = async () => {
    const now = ++turn;
    const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    const answer = await fetch(`${address}?${query}`, { headers: { Accept: "text/html" } }).catch(() => null);
    if (now === turn && answer?.ok) place.innerHTML = await answer.text();
  };
  const soon = later(120, ask);
  field.addEventListener("input", soon);
  form.querySelectorAll("select").forEach((one) => one.addEventListener("change", ask));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await ask();
    place.querySelector("a.pick")?.click();
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    place.querySelector("a.pick")?.focus();
  });
  place.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    const links = [...place.querySelectorAll("a.pick")];
    const at = links.indexOf(document.activeElement);
    if (!step || at < 0) return;
    event.preventDefault();
    (links[at + step] || field).focus();
  });
}

const find = document.querySelector("form[data-find]");
follow(find, find?.dataset.find, document.querySelector("[data-found]"));
const people = document.querySelector("form[data-people]");
follow(people, people?.dataset.people, document.querySelector("[data-people-found]"));

function marks(check) {
  const lacking = check.querySelector("input[value=LACKING]");
  check.classList.toggle("lacking", Boolean(lacking?.checked));
}

const counter = document.querySelector("form[data-counter]");
if (counter) {
  const checks = [...counter.querySelectorAll("[data-check]")];
  const promise = counter.querySelector("[data-promise]");
  const promised = () => promise && (promise.hidden = !counter.querySelector("input[value=DEFERRED]:checked"));
  counter.addEventListener("change", promised);
  promised();
  const everything = counter.querySelector("[data-all-here]");
  checks.forEach(marks);
  everything?.addEventListener("click", () => {
    for (const check of checks) {
      const chosen = check.querySelector("input[value=NOT_NEEDED]:checked");
      if (!chosen) check.querySelector("input[value=HERE]").checked = true;
      marks(check);
    }
    counter.dispatchEvent(new Event("change"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.altKey && event.code === "KeyQ") {
      event.preventDefault();
      everything?.click();
      counter.querySelector("#desk-title")?.closest("section").querySelector("input, select, textarea")?.focus();
    }
    if (event.ctrlKey && event.key === "Enter") {
      event.preventDefault();
      counter.requestSubmit(counter.querySelector("button.main"));
    }
  });
  for (const check of checks) {
    check.addEventListener("change", () => marks(check));
    const files = check.querySelector("input[type=file]");
    if (!files) continue;
    const told = check.querySelector(".chosen");
    files.addEventListener("change", () => {
      const all = [...counter.querySelectorAll("input[type=file]")].flatMap((one) => [...one.files]);
      if (all.reduce((sum, one) => sum + one.size, 0) > 7 * 1024 * 1024) {
        files.value = "";
        told.textContent = counter.dataset.tooLarge;
        return;
      }
      told.textContent = [...files.files].map((one) => one.name).join("、");
      if (files.files.length) check.querySelector("input[value=HERE]").checked = true;
      marks(check);
    });
    check.addEventListener("dragover", (event) => {
      event.preventDefault();
      check.classList.add("over");
    });
    check.addEventListener("dragleave", () => check.classList.remove("over"));
    check.addEventListener("drop", (event) => {
      event.preventDefault();
      check.classList.remove("over");
      files.files = event.dataTransfer.files;
      files.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
}

async function renew(left) {
  const slip = document.querySelector("[data-slip=waiting]");
  if (!slip || left === 0) return;
  await new Promise((go) => setTimeout(go, 700));
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (answer?.ok) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    slip.replaceWith(page.querySelector("[data-slip]"));
  }
  renew(left - 1);
}
renew(25);
document.querySelector("[data-next]")?.focus();
