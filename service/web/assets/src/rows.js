// j / k walk a list, Enter opens, c claims, / searches, ? explains. Never while somebody is typing.
export function walkRows(page) {
  const rows = [...page.querySelectorAll("tr.item[data-open]")];
  const help = page.querySelector("dialog.keys");
  let at = -1;

  const show = (next) => {
    rows[at]?.removeAttribute("aria-selected");
    at = Math.max(0, Math.min(rows.length - 1, next));
    rows[at]?.setAttribute("aria-selected", "true");
    rows[at]?.scrollIntoView({ block: "nearest" });
  };

  page.querySelectorAll("[data-show-keys]").forEach((button) => button.addEventListener("click", () => help?.showModal()));
  page.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, dialog, [contenteditable], .diagram")) return;
    const row = rows[at];
    const acts = {
      j: () => rows.length && show(at + 1),
      k: () => rows.length && show(at - 1),
      c: () => row?.querySelector("form[data-claim]")?.requestSubmit(),
      "/": () => page.querySelector("#search")?.focus(),
      "?": () => help?.showModal(),
    };
    if (event.key === "Enter" && row && !event.target.closest("a, button, summary")) acts.Enter = () => location.assign(row.dataset.open);
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  });
}
