// h opens the help of this page, g i the inbox; the tour of the first day goes step by step. Never while somebody is typing.
export function offerHelp(page) {
  let waits = false;
  page.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, dialog, [contenteditable], .diagram")) return;
    if (event.key === "h") page.querySelector("a[data-help]")?.click();
    if (event.key === "i" && waits) page.querySelector("header.top a.home")?.click();
    waits = event.key === "g";
  });
  page.querySelectorAll("[data-tour]").forEach(walkTour);
}

function walkTour(tour) {
  const steps = [...tour.querySelectorAll("li")];
  const back = tour.querySelector("[data-tour-back]");
  const on = tour.querySelector("[data-tour-on]");
  let at = 0;

  const show = (next) => {
    at = Math.max(0, Math.min(steps.length - 1, next));
    steps.forEach((step, number) => (step.hidden = number !== at));
    back.disabled = at === 0;
    on.disabled = at === steps.length - 1;
    document.querySelectorAll(".side a.pointed").forEach((link) => link.classList.remove("pointed"));
    document.querySelector(`.side a[href="${steps[at].dataset.at}"]`)?.classList.add("pointed");
  };

  back.hidden = on.hidden = false;
  back.addEventListener("click", () => show(at - 1));
  on.addEventListener("click", () => show(at + 1));
  tour.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight") show(at + 1);
    if (event.key === "ArrowLeft") show(at - 1);
    if (event.key === "Escape") tour.querySelector("form").requestSubmit();
  });
  show(0);
}
