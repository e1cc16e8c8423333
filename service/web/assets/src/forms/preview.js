// The form as the pages show it: rendered by the server, in a frame without scripts; conditions follow what is filled in.
import { apply } from "../conditions.js";

export function keepShowing(box, { form, schema, words }) {
  const frame = box.querySelector("iframe");
  const told = box.querySelector("[data-preview-told]");
  const given = () => Object.fromEntries([...box.querySelectorAll("[data-given]")].map((one) => [one.dataset.given, one.value]));
  let entries = null;
  let turn = 0;
  let waiting = 0;

  async function ask(fields) {
    const body = form({ entries: entries ? JSON.stringify(entries) : "", data: JSON.stringify(given()), ...fields });
    body.append("content", new Blob([JSON.stringify(schema())], { type: "application/json" }), "form.form");
    const answer = await fetch(box.dataset.preview, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
    const said = await answer?.json().catch(() => null);
    told.textContent = answer?.ok ? "" : (said?.sentence ?? words.failed);
    return answer?.ok ? said : null;
  }

  async function draw(fields = {}) {
    const mine = ++turn;
    const said = await ask(fields);
    if (!said || mine !== turn) return;
    variables(said.variables);
    frame.addEventListener("load", follow, { once: true });
    frame.srcdoc = said.html;
  }

  function follow() {
    const inside = frame.contentDocument;
    const filled = inside.querySelector("form");
    frame.dataset.ready = "yes";
    filled?.addEventListener("submit", (event) => event.preventDefault());
    filled?.addEventListener("change", async () => {
      entries = read(filled);
      const mine = ++turn;
      const said = await ask({});
      if (said && mine === turn) apply(filled, new Set(said.hidden));
    });
  }

  function read(filled) {
    const found = {};
    for (const [name, value] of new FormData(filled)) (found[name] ??= []).push(value);
    return found;
  }

  // What the conditions ask of the case, not of this form.
  function variables(names) {
    const list = box.querySelector("[data-variables]");
    const known = given();
    if (names.join() === Object.keys(known).join()) return;
    list.replaceChildren(
      ...names.map((name) => {
        const label = document.createElement("label");
        const input = document.createElement("input");
        input.dataset.given = name;
        input.value = known[name] ?? "";
        input.addEventListener("change", () => draw());
        label.append(`${name} `, input);
        return label;
      }),
    );
    list.closest("[data-variables-box]").hidden = !names.length;
  }

  for (const one of box.querySelectorAll("[data-width]")) {
    one.addEventListener("click", () => {
      for (const each of box.querySelectorAll("[data-width]")) each.setAttribute("aria-pressed", String(each === one));
      frame.classList.toggle("phone", one.dataset.width === "phone");
    });
  }
  box.querySelector("[data-preview-sample]").addEventListener("click", () => {
    entries = null;
    draw({ sample: 1 });
  });
  box.querySelector("[data-preview-judge]").addEventListener("click", () => {
    entries = read(frame.contentDocument.querySelector("form"));
    draw({ judge: 1 });
  });
  draw();
  return () => {
    clearTimeout(waiting);
    waiting = setTimeout(draw, 500);
  };
}
