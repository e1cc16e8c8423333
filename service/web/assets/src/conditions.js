// Fields that depend on other answers: the server judges the FEEL conditions, the page hides and shows.
export function followConditions(form) {
  let asked = 0;
  form.addEventListener("change", async () => {
    const turn = ++asked;
    const body = new FormData(form);
    form.querySelectorAll("input[type=file]").forEach((one) => body.delete(one.name));
    form.setAttribute("aria-busy", "true");
    const answer = await fetch(form.dataset.conditions, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
    if (turn !== asked) return;
    if (answer?.ok) apply(form, new Set((await answer.json()).hidden));
    form.removeAttribute("aria-busy");
  });
}

// Hides what does not apply, shows the rest.
export function apply(form, hidden) {
  for (const field of form.querySelectorAll("[data-field]")) {
    const gone = hidden.has(field.dataset.field);
    field.hidden = gone;
    if (field.matches("fieldset")) field.disabled = gone;
    field.querySelectorAll("input, select, textarea").forEach((control) => (control.disabled = gone));
  }
  for (const group of form.querySelectorAll("fieldset.group")) {
    const inside = [...group.querySelectorAll("[data-field]")];
    group.hidden = inside.length > 0 && inside.every((field) => field.hidden);
  }
}
