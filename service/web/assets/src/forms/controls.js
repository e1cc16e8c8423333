// Labelled controls of the form designer's panel.
import { make } from "../studio/panel.js";

let counted = 0;

// `store` may answer with a sentence: what is wrong, and nothing was changed.
export function field(label, control, store, hint = "") {
  const holder = make("div", "panel-field");
  const name = make("label", "", label);
  control.id = `panel-${++counted}`;
  name.htmlFor = control.id;
  const wrong = make("p", "error");
  wrong.id = `${control.id}-wrong`;
  wrong.hidden = true;
  control.addEventListener("change", async () => {
    const problem = (await store(control.type === "checkbox" ? control.checked : control.value.trim())) ?? "";
    wrong.textContent = problem;
    wrong.hidden = !problem;
    control.setAttribute("aria-invalid", String(Boolean(problem)));
    if (problem) control.setAttribute("aria-describedby", wrong.id);
  });
  if (control.type === "checkbox") {
    holder.classList.add("panel-check");
    holder.append(control, name);
  } else holder.append(name, control);
  if (hint) holder.append(make("small", "muted", hint));
  holder.append(wrong);
  return holder;
}

export function text(label, value, store, { lines = 1, hint = "", type = "text" } = {}) {
  const control = document.createElement(lines > 1 ? "textarea" : "input");
  if (lines > 1) control.rows = lines;
  else control.type = type;
  if (type === "number") control.step = "any";
  control.value = value ?? "";
  control.spellcheck = false;
  return field(label, control, store, hint);
}

export function check(label, value, store) {
  const control = document.createElement("input");
  control.type = "checkbox";
  control.checked = Boolean(value);
  return field(label, control, store);
}

export function select(label, value, options, store, hint = "") {
  return field(label, choice(options, value), store, hint);
}

export function choice(options, value, name = "") {
  const control = document.createElement("select");
  for (const [code, words] of options) control.append(new Option(words, code, false, String(code) === String(value)));
  if (name) control.setAttribute("aria-label", name);
  return control;
}

export function button(words, act, name = "", kind = "button tight") {
  const made = make("button", kind, words);
  made.type = "button";
  if (name) made.setAttribute("aria-label", name);
  made.addEventListener("click", act);
  return made;
}
