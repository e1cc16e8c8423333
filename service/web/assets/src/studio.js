// The designer: the editor, its panel, what the server finds, building blocks, and saving as one draws. Loaded by its page alone.
import Modeler from "bpmn-js/lib/Modeler";
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import camunda from "camunda-bpmn-moddle/resources/camunda.json";
import simulation from "bpmn-js-token-simulation";
import watching from "bpmn-js-token-simulation/lib/viewer";
import minimap from "diagram-js-minimap";
import { insertBlock } from "./studio/blocks.js";
import { showFindings } from "./studio/findings.js";
import { make, showPanel } from "./studio/panel.js";
import { keepSaving } from "./studio/saving.js";
import { suggester } from "./studio/suggesting.js";
import { openDrawn, tidier } from "./studio/tidying.js";
import { translate } from "./studio/words.js";
import zw from "./studio/zw.json";

const PALETTE = 120; // pixels it takes on the left
const TRIGGERS = 0.6; // the simulation shows what can be triggered from half the size on

const box = document.querySelector("[data-studio]");
if (box) open(box);

async function open(box) {
  const words = JSON.parse(box.dataset.words);
  const locked = box.dataset.locked === "yes";
  if (!locked && !(await take(box))) return; // somebody was faster: the page is loaded again, to be read
  const Editor = locked ? NavigatedViewer : Modeler; // somebody else edits: everything can be looked at
  const modeler = new Editor({
    container: box.querySelector("[data-canvas]"),
    moddleExtensions: { camunda, zw },
    additionalModules: [minimap, locked ? watching : simulation, { translate: ["value", translate] }],
    textRenderer: { defaultStyle: { fontFamily: getComputedStyle(document.body).fontFamily } },
  });
  const [xml, facts, first] = await Promise.all([
    fetch(box.dataset.source).then((answer) => answer.text()),
    fetch(box.dataset.panel).then((answer) => answer.json()),
    fetch(box.dataset.findings).then((answer) => answer.json()),
  ]);
  let made = false;
  try {
    made = await openDrawn(modeler, xml);
  } catch {
    box.querySelector("[data-unreadable]").hidden = false;
    return;
  }
  const canvas = modeler.get("canvas");
  fit(canvas);

  const panel = box.querySelector("[data-panel-box]");
  panel.dataset.locked = box.dataset.locked;
  const check = async (text, literal) => {
    const body = saving.form({ text, literal: literal ? 1 : 0 });
    const answer = await fetch(box.dataset.expression, { method: "POST", body }).catch(() => null);
    return answer?.ok ? (await answer.json()).problem : "";
  };
  const names = suggester(modeler, box.dataset.names, words.names);
  const { show, rest } = showPanel(modeler, panel, facts, words.panel, check, names.offer);
  show(rest());
  const findings = showFindings(modeler, box.querySelector("[data-findings-box]"), box.querySelector("[data-findings-count]"), words.findings);
  findings.show(first.findings);

  const saving = locked
    ? { save: async () => {}, form: () => new FormData(), touch: () => {} }
    : keepSaving(modeler, box, {
        token: token(),
        told: box.querySelector("[data-told]"),
        words: words.saving,
        found: findings.show,
        saved: (version) => {
          document.querySelectorAll("[name=seen]").forEach((field) => (field.value = version));
          names.refresh();
        },
      });
  tools(modeler, box, canvas, saving);
  if (made) saving.touch(words.drawn);
  blocks(modeler, box, facts.templates);
  for (const form of document.querySelectorAll("form[data-saved-first]")) {
    form.addEventListener("submit", async (event) => {
      if (form.dataset.ready) return;
      event.preventDefault();
      await saving.save();
      form.dataset.ready = "yes";
      setTimeout(() => form.requestSubmit()); // not while the first attempt is still being told
    });
  }
  box.modeler = modeler; // for whoever tries the page by program
  box.dataset.ready = "yes";
}

function token() {
  return document.querySelector("[name=csrf_token]").value;
}

// Opening a draft to draw holds it; looking at a page alone changes nothing.
async function take(box) {
  const body = new FormData();
  body.append("csrf_token", token());
  const answer = await fetch(box.dataset.hold, { method: "POST", body }).catch(() => null);
  if (answer?.status !== 409) return true;
  location.reload();
  return false;
}

function tools(modeler, box, canvas, saving) {
  const stack = modeler.get("commandStack", false);
  let playing = false; // the simulation of tokens: nothing is drawn meanwhile
  const acts = {
    undo: () => stack.undo(),
    redo: () => stack.redo(),
    find: () => modeler.get("searchPad").toggle(),
    fit: () => fit(canvas),
    in: () => modeler.get("zoomScroll").stepZoom(1),
    out: () => modeler.get("zoomScroll").stepZoom(-1),
    map: () => modeler.get("minimap").toggle(),
    save: () => saving.save(),
    simulate: () => modeler.get("toggleMode").toggleMode(),
  };
  if (stack) {
    const tidy = tidier(modeler, () => !playing);
    acts.tidy = () => tidy() && fit(canvas);
  }
  box.addEventListener("click", ({ target }) => {
    const act = target.closest("[data-tool]")?.dataset.tool;
    if (acts[act]) acts[act]();
  });
  const refresh = () => {
    for (const [name, can] of [["undo", !playing && stack.canUndo()], ["redo", !playing && stack.canRedo()]]) {
      const button = box.querySelector(`[data-tool=${name}]`);
      if (button) button.disabled = !can;
    }
  };
  if (stack) {
    modeler.on("commandStack.changed", refresh);
    refresh();
  }
  modeler.on("tokenSimulation.toggleMode", ({ active }) => {
    playing = active;
    box.querySelector("[data-tool=simulate]").setAttribute("aria-pressed", String(active));
    box.querySelector("[data-panel-box]").inert = active;
    for (const one of box.querySelectorAll("[data-tool=find], [data-tool=tidy], .blocks")) one.hidden = active;
    if (stack) refresh();
    if (active && canvas.zoom() < TRIGGERS) {
      canvas.zoom(TRIGGERS);
      const start = modeler.get("elementRegistry").find((one) => one.type === "bpmn:StartEvent" && canvas.findRoot(one) === canvas.getRootElement());
      if (start) canvas.scrollToElement(start, PALETTE);
    }
  });
  for (const tab of box.querySelectorAll("[data-side]")) {
    tab.addEventListener("click", () => {
      for (const one of box.querySelectorAll("[data-side]")) {
        const on = one === tab;
        one.setAttribute("aria-pressed", String(on));
        box.querySelector(`[data-${one.dataset.side}-box]`).hidden = !on;
      }
    });
  }
}

function blocks(modeler, box, templates) {
  const list = box.querySelector("[data-blocks]");
  if (!list) return;
  for (const block of templates) {
    const button = make("button", "plain block");
    button.type = "button";
    button.append(make("b", "", block.label), make("small", "muted", block.about));
    button.addEventListener("click", () => {
      insertBlock(modeler, block);
      list.closest("details").open = false;
    });
    list.append(button);
  }
}

function fit(canvas) {
  canvas.zoom("fit-viewport", "auto");
  const { scale } = canvas.viewbox();
  canvas.zoom(Math.min(Math.max(scale * 0.88, 0.45), 1.1), "auto");
  const { inner, x, y, width, height, scale: now } = canvas.viewbox();
  const beside = PALETTE / now; // the palette covers nothing
  if (inner.x - x < beside) canvas.viewbox({ x: inner.x - beside, y, width, height });
}
