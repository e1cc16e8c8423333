// The form designer: the editor, its panel, what the server finds, a preview by the server, saving as one designs. Loaded by its page alone.
import { FormEditor } from "@bpmn-io/form-js-editor";
import flatpickr from "flatpickr";
import { Mandarin } from "flatpickr/dist/esm/l10n/zh.js";
import { SERVED } from "./forms/fields.js";
import { showPanel } from "./forms/panel.js";
import { keepShowing } from "./forms/preview.js";
import { make } from "./studio/panel.js";
import { keepSaving } from "./studio/saving.js";

const WORST = ["error", "warning", "note"];

// Our own panel stands in the place of the editor's, and only what the pages can show is offered.
class Editor extends FormEditor {
  _getModules() {
    const ours = { __init__: ["onlyServed"], onlyServed: ["type", OnlyServed], propertiesPanel: ["value", { attachTo() {} }] };
    return [...super._getModules().filter((one) => !one.propertiesPanel), ours];
  }
}

class OnlyServed {
  static $inject = ["formFields"];
  constructor(formFields) {
    for (const type of Object.keys(formFields._formFields)) if (type !== "default" && !SERVED.includes(type)) delete formFields._formFields[type];
  }
}

if (document.documentElement.lang.startsWith("zh")) flatpickr.localize({ ...Mandarin, yearAriaLabel: "年", monthAriaLabel: "月" });
const box = document.querySelector("[data-forms]");
if (box) open(box);

async function open(box) {
  const words = JSON.parse(box.dataset.words);
  const locked = box.dataset.locked === "yes";
  if (!locked && !(await take(box))) return;
  const [schema, first] = await Promise.all([
    fetch(box.dataset.source).then((answer) => answer.json()).catch(() => null),
    fetch(box.dataset.findings).then((answer) => answer.json()),
  ]);
  const editor = new Editor({ container: box.querySelector("[data-canvas]"), propertiesPanel: { parent: document.createElement("div") } });
  try {
    await editor.importSchema(schema);
  } catch {
    box.querySelector("[data-unreadable]").hidden = false;
    box.dataset.ready = "yes";
    return;
  }
  const panel = box.querySelector("[data-panel-box]");
  panel.dataset.locked = box.dataset.locked;
  if (locked) for (const one of box.querySelectorAll("[data-canvas]")) one.inert = true;
  const findings = (found) => showFindings(editor, box, found.filter((one) => !one.file || one.file === box.dataset.file), words.findings);
  findings(first.findings);
  const written = () => JSON.stringify(editor.saveSchema(), null, 2) + "\n";
  const changed = [];
  editor.get("eventBus").on("commandStack.changed", () => changed.forEach((follow) => follow()));
  const saving = locked
    ? { save: async () => {} }
    : keepSaving({ saveXML: async () => ({ xml: written() }), on: (_, follow) => changed.push(follow) }, box, {
        token: token(),
        told: box.querySelector("[data-told]"),
        words: words.saving,
        found: findings,
        saved: () => {},
      });
  const compile = async (feel) => {
    const answer = await fetch(box.dataset.expression, { method: "POST", body: plain({ text: feel }) }).catch(() => null);
    return answer?.ok ? (await answer.json()).problem : "";
  };
  showPanel(editor, panel, words.panel, compile);
  changed.push(keepShowing(document.querySelector("[data-preview]"), { form: plain, schema: () => editor.saveSchema(), words: words.preview }));
  tools(editor, box, saving);
  box.editor = editor; // for whoever tries the page by program
  box.dataset.ready = "yes";
}

function token() {
  return document.querySelector("[name=csrf_token]").value;
}

function plain(fields = {}) {
  const body = new FormData();
  body.append("csrf_token", token());
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  return body;
}

// Opening a file to edit it holds its draft; looking at a page alone changes nothing.
async function take(box) {
  const answer = await fetch(box.dataset.hold, { method: "POST", body: plain() }).catch(() => null);
  if (answer?.status !== 409) return true;
  location.reload();
  return false;
}

function showFindings(editor, box, found, words) {
  const list = box.querySelector("[data-findings-box]");
  const sorted = [...found].sort((one, other) => WORST.indexOf(one.severity) - WORST.indexOf(other.severity));
  list.replaceChildren(...sorted.map((one) => line(editor, one, words)));
  if (!sorted.length) list.append(make("p", "muted panel-group", words.none));
  const wrong = found.filter((one) => one.severity === "error").length;
  const count = box.querySelector("[data-findings-count]");
  count.textContent = String(wrong || found.length || "");
  count.className = `count number ${wrong ? "bad" : ""}`;
}

function line(editor, one, words) {
  const row = make("button", `finding-line ${one.severity}`);
  row.type = "button";
  row.append(make("b", "", words.severities[one.severity]), make("span", "", one.text), make("small", "muted", [one.code, one.element].filter(Boolean).join(" · ")));
  if (one.remedy) row.append(make("small", "remedy", one.remedy));
  row.addEventListener("click", () => {
    const field = editor.get("formFieldRegistry").getAll().find(({ id, key }) => key === one.element || id === one.element);
    if (field) editor.get("selection").set(field);
  });
  return row;
}

function tools(editor, box, saving) {
  const stack = editor.get("commandStack");
  const acts = { undo: () => stack.canUndo() && stack.undo(), redo: () => stack.canRedo() && stack.redo(), save: () => saving.save() };
  box.addEventListener("click", ({ target }) => acts[target.closest("[data-tool]")?.dataset.tool]?.());
  const refresh = () => {
    for (const [name, can] of [["undo", stack.canUndo()], ["redo", stack.canRedo()]]) {
      const tool = box.querySelector(`[data-tool=${name}]`);
      if (tool) tool.disabled = !can;
    }
  };
  editor.get("eventBus").on("commandStack.changed", refresh);
  refresh();
  for (const tab of box.querySelectorAll("[data-side]")) {
    tab.addEventListener("click", () => {
      for (const one of box.querySelectorAll("[data-side]")) {
        one.setAttribute("aria-pressed", String(one === tab));
        box.querySelector(`[data-${one.dataset.side}-box]`).hidden = one !== tab;
      }
    });
  }
}
