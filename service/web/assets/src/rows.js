// j / k walk a list, Enter or o opens, c claims, x selects, e completes, n goes on, / searches, ? explains. Never while somebody types.
export function walkRows(page) {
  const help = page.querySelector("dialog.keys");
  const rows = () => [...page.querySelectorAll("main tr.item")];
  const search = () => page.querySelector("#search") ?? page.querySelector("main input[type=search]");
  const current = () => page.querySelector('tr.item[aria-selected="true"]');

  const show = (step) => {
    const all = rows();
    if (!all.length) return;
    const before = current() ?? page.activeElement?.closest("tr.item");
    const next = all[Math.max(0, Math.min(all.length - 1, before ? all.indexOf(before) + step : 0))];
    before?.removeAttribute("aria-selected");
    next.setAttribute("aria-selected", "true");
    next.scrollIntoView({ block: "nearest" });
    const link = next.querySelector(".subject a");
    if (!link) next.tabIndex = -1;
    (link ?? next).focus({ preventScroll: true });
  };

  page.querySelectorAll("[data-show-keys]").forEach((button) => button.addEventListener("click", () => help?.showModal()));
  page.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=checkbox]), select, textarea, dialog, [contenteditable], .diagram");
    if (event.ctrlKey || event.metaKey || event.altKey || typing) return;
    const row = current() ?? event.target.closest("tr.item");
    const open = row?.dataset.open && (() => location.assign(row.dataset.open));
    const acts = {
      j: () => show(1),
      k: () => show(-1),
      o: open,
      c: row?.querySelector("form[data-claim]") && (() => row.querySelector("form[data-claim]").requestSubmit()),
      x: row?.querySelector("[data-pick]") && (() => row.querySelector("[data-pick]").click()),
      e: page.querySelector("[data-bulk]") && (() => complete(row)),
      n: page.querySelector("[data-next]") && (() => page.querySelector("[data-next]").click()),
      r: page.querySelector("[data-fresh]:not([hidden])") && (() => page.querySelector("[data-fresh]").click()),
      "/": search() && (() => search().focus()),
      "?": help && (() => help.showModal()),
      Enter: !event.target.closest("a, button, summary, input") && open,
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  });

  const complete = (row) => {
    const box = row?.querySelector("[data-pick]");
    if (!page.querySelector("[data-pick]:checked") && box) box.click();
    if (page.querySelector("[data-pick]:checked")) page.querySelector('[data-bulk] [value="complete"]').click();
  };
}
