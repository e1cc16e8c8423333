// Trying a decision: the server says what it asks, decides with what is filled in, and which rules hold.
import { make } from "../studio/panel.js";

export function offerTrying(editor, box, { address, form, words }) {
  const fields = make("form", "stack");
  const answer = make("div", "try-answer");
  answer.setAttribute("role", "status");
  let shown = "";

  async function ask(act) {
    const decision = editor.getActiveView()?.element;
    if (!decision || decision.$type !== "dmn:Decision") {
      box.replaceChildren(make("p", "muted", words.choose));
      shown = "";
      return;
    }
    if (shown !== decision.id) box.replaceChildren(fields, answer);
    const { xml } = await editor.saveXML({ format: true });
    const body = form({ decision: decision.id, act });
    body.append("content", new Blob([xml], { type: "application/xml" }), "decisions.dmn");
    if (shown === decision.id) for (const [name, value] of new FormData(fields)) body.append(name, value);
    const said = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } })
      .then((found) => found.json())
      .catch(() => null);
    if (editor.getActiveView()?.element !== decision) return;
    if (!said || said.sentence) return tell([make("p", "error", said?.sentence ?? words.failed)]);
    draw(decision.id, said.asks);
    if (act === "decide") tell(told(said));
    else answer.replaceChildren();
  }

  function draw(id, asks) {
    const given = shown === id ? Object.fromEntries(new FormData(fields)) : {};
    shown = id;
    fields.replaceChildren(...asks.map((one) => field(one, given[`value:${one.name}`] ?? "")));
    const button = make("button", "button main", words.decide);
    fields.append(button);
  }

  function field({ name, label, kind, values }, value) {
    const box = make("label", "panel-field");
    box.append(make("span", "", label === name ? name : `${label}（${name}）`));
    const choices = kind === "boolean" ? [["", words.nothing], ["true", words.yes], ["false", words.no]] : values.length ? [["", words.nothing], ...values.map((one) => [one, one])] : null;
    const input = make(choices ? "select" : "input");
    if (choices) for (const [said, shown] of choices) input.append(Object.assign(make("option", "", shown), { value: said }));
    else input.type = kind === "date" ? "date" : "text";
    if (kind === "number") input.inputMode = "decimal";
    input.name = `value:${name}`;
    input.value = value;
    box.append(input, make("small", "muted", words.kinds[kind] ?? words.kinds.other));
    return box;
  }

  function told({ problem, rows, value }) {
    mark(rows ?? []);
    if (problem) return [make("p", "error", problem)];
    const which = rows.length ? words.hit.replace("{rows}", rows.join("、")) : words.none;
    return [make("p", "", which), make("p", "muted", words.result), make("pre", "try-value", value)];
  }

  function tell(parts) {
    answer.replaceChildren(...parts);
  }

  // The rows of the table that is shown, in their order.
  function mark(rows) {
    const lines = document.querySelectorAll("[data-canvas] .tjs-table tbody tr");
    lines.forEach((line, at) => line.classList.toggle("row-hit", rows.includes(at + 1)));
  }

  fields.addEventListener("submit", (event) => {
    event.preventDefault();
    ask("decide");
  });
  return { ask: () => ask("ask") };
}
