// Decision tables of a draft: the editor, what the server finds, trying a decision, saving as one writes. Loaded by its page alone.
import { make } from "./studio/panel.js";
import { keepSaving } from "./studio/saving.js";
import { openEditor } from "./tables/editor.js";
import { offerTrying } from "./tables/trying.js";

const [BESIDE, ABOVE] = [110, 120]; // pixels of the palette on the left and the name above
const WORST = ["error", "warning", "note"];
const box = document.querySelector("[data-tables]");
if (box) open(box);

async function open(box) {
  const words = JSON.parse(box.dataset.words);
  const locked = box.dataset.locked === "yes";
  if (!locked && !(await take(box))) return;
  const editor = openEditor(box.querySelector("[data-canvas]"), { locked });
  const [xml, first] = await Promise.all([
    fetch(box.dataset.source).then((answer) => answer.text()),
    fetch(box.dataset.findings).then((answer) => answer.json()),
  ]);
  const views = box.querySelector("[data-views]");
  editor.on("views.changed", ({ views: all, activeView }) => showViews(editor, views, all, activeView, words));
  const listened = new Set();
  const changed = [];
  editor.on("viewer.created", ({ viewer }) => {
    if (listened.has(viewer)) return;
    listened.add(viewer);
    viewer.on("commandStack.changed", () => changed.forEach((follow) => follow()));
  });
  try {
    await editor.importXML(xml);
  } catch {
    box.querySelector("[data-unreadable]").hidden = false;
    return;
  }
  const findings = (found) => showFindings(editor, box, found, words.findings);
  findings(first.findings);
  const saving = locked
    ? { save: async () => {}, form: plainForm }
    : keepSaving({ saveXML: (options) => editor.saveXML(options), on: (_, follow) => changed.push(follow) }, box, {
        token: token(),
        told: box.querySelector("[data-told]"),
        words: words.saving,
        found: findings,
        saved: () => {},
      });
  const trying = offerTrying(editor, box.querySelector("[data-try-box]"), { address: box.dataset.try, form: plainForm, words: words.trying });
  editor.on("import.render.complete", () => {
    makeRoom(editor);
    if (!box.querySelector("[data-try-box]").hidden) trying.ask();
  });
  makeRoom(editor);
  tools(editor, box, saving, trying);
  box.editor = editor; // for whoever tries the page by program
  box.dataset.ready = "yes";
}

function token() {
  return document.querySelector("[name=csrf_token]").value;
}

function plainForm(fields = {}) {
  const body = new FormData();
  body.append("csrf_token", token());
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  return body;
}

// Opening a file to edit it holds its draft; looking at a page alone changes nothing.
async function take(box) {
  const answer = await fetch(box.dataset.hold, { method: "POST", body: plainForm() }).catch(() => null);
  if (answer?.status !== 409) return true;
  location.reload();
  return false;
}

function showViews(editor, list, all, active, words) {
  const sorted = [...all].sort((one, other) => (one.type === "drd" ? -1 : other.type === "drd" ? 1 : 0));
  list.replaceChildren(
    ...sorted.map((view) => {
      const button = make("button", "button tight", view.type === "drd" ? words.drd : view.name || view.id);
      button.type = "button";
      button.setAttribute("aria-pressed", String(view.element === active?.element));
      button.addEventListener("click", () => editor.open(view));
      return button;
    }),
  );
}

// The palette and the name of the file cover nothing.
function makeRoom(editor) {
  if (editor.getActiveView()?.type !== "drd") return;
  const canvas = editor.getActiveViewer().get("canvas");
  const { inner, outer } = canvas.viewbox();
  canvas.viewbox({ x: inner.x - BESIDE, y: inner.y - ABOVE, width: outer.width, height: outer.height });
}

function tools(editor, box, saving, trying) {
  const stack = () => editor.getActiveViewer()?.get("commandStack", false);
  const acts = { undo: () => stack()?.undo(), redo: () => stack()?.redo(), save: () => saving.save() };
  box.addEventListener("click", ({ target }) => {
    const act = target.closest("[data-tool]")?.dataset.tool;
    if (acts[act]) acts[act]();
  });
  for (const tab of box.querySelectorAll("[data-side]")) {
    tab.addEventListener("click", () => {
      for (const one of box.querySelectorAll("[data-side]")) {
        one.setAttribute("aria-pressed", String(one === tab));
        box.querySelector(`[data-${one.dataset.side}-box]`).hidden = one !== tab;
      }
      if (tab.dataset.side === "try") trying.ask();
    });
  }
}

// What the server finds, in words; a click opens the decision it is about and shows the cell.
function showFindings(editor, box, findings, words) {
  const list = box.querySelector("[data-findings-box]");
  const sorted = [...findings].sort((one, other) => WORST.indexOf(one.severity) - WORST.indexOf(other.severity));
  list.replaceChildren(
    ...sorted.map((one) => {
      const row = make("button", `finding-line ${one.severity}`);
      row.type = "button";
      row.append(make("b", "", words.severities[one.severity]), make("span", "", one.text), make("small", "muted", [one.code, one.element].filter(Boolean).join(" · ")));
      if (one.remedy) row.append(make("small", "remedy", one.remedy));
      row.addEventListener("click", () => go(editor, box, one.element));
      return row;
    }),
  );
  if (!sorted.length) list.append(make("p", "muted", words.none));
  const wrong = findings.filter((one) => one.severity === "error").length;
  const count = box.querySelector("[data-findings-count]");
  count.textContent = String(wrong || findings.length || "");
  count.className = `count number ${wrong ? "bad" : ""}`;
}

async function go(editor, box, id) {
  if (!id) return;
  const { xml } = await editor.saveXML();
  const place = new DOMParser().parseFromString(xml, "application/xml").querySelector(`[id="${CSS.escape(id)}"]`);
  const decision = place?.closest("decision")?.id;
  const view = editor.getViews().find(({ element }) => element.id === decision);
  if (view && view.element !== editor.getActiveView()?.element) await editor.open(view);
  const cell = box.querySelector(`[data-canvas] [data-element-id="${CSS.escape(id)}"], [data-canvas] [data-row-id="${CSS.escape(id)}"]`);
  if (!cell) return;
  cell.scrollIntoView({ block: "center", inline: "center" });
  cell.classList.add("cell-found");
  setTimeout(() => cell.classList.remove("cell-found"), 2500);
}
