// Materials beside a form: another file is fetched into its place, so that nothing typed is lost.
import { redraw } from "./materials.js";

export function followBeside(part) {
  if (!part) return;
  const open = async (file) => {
    if (!file) return;
    part.dataset.part = `${part.dataset.beside}?file=${file}`;
    part.setAttribute("aria-busy", "true");
    await redraw(part).catch(() => {});
    part.removeAttribute("aria-busy");
  };
  part.addEventListener("click", (event) => open(event.target.closest("button[data-file]")?.dataset.file));
  part.addEventListener("change", (event) => event.target.matches("select[data-files]") && open(event.target.value));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, dialog")) return;
    const [before, after] = part.querySelectorAll("button[data-file]");
    const button = { "[": before, "]": after }[event.key];
    if (button) open(button.dataset.file);
  });
}
