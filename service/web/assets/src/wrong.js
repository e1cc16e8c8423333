// After a refusal: a field whose answer was changed is no longer called wrong, and its line leaves the list of what to mend.
export function followWrong(root) {
  root.addEventListener("input", (event) => {
    const field = event.target.closest?.(".wrong");
    if (!field) return;
    field.classList.remove("wrong");
    field.querySelectorAll(".problem").forEach((one) => (one.hidden = true));
    for (const control of field.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
    const ids = [field, ...field.querySelectorAll("[id]")].map((one) => `#${one.id}`);
    const list = document.querySelector(".summary[role=alert]");
    for (const link of list?.querySelectorAll("li > a") ?? []) {
      if (ids.includes(link.getAttribute("href"))) link.parentElement.hidden = true;
    }
    if (list && list.querySelector("li") && !list.querySelector("li:not([hidden])")) list.hidden = true;
  });
}
