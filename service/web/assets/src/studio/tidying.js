// 自动排版: the plan of the layouter carried out on the open diagram as one command, so that one undo takes it back. Nothing but the drawing changes.
import { getDi } from "bpmn-js/lib/util/ModelUtil";
import { drawInto } from "./tidy/drawing.mjs";
import { tidy } from "./tidy/tidy.mjs";

const KEY = ["p", "P"];
const COMMAND = "studio.tidy";

// Gives the act that tidies, also by its key while the canvas is in focus; `ready` says whether something may be drawn now.
export function tidier(modeler, ready) {
  const [stack, registry, updater, keyboard] = ["commandStack", "elementRegistry", "bpmnUpdater", "keyboard"].map((one) => modeler.get(one));
  const carryOut = ({ steps }, side) => {
    for (const { element, di, ...step } of steps) {
      Object.assign(element, step[side]);
      if (element.waypoints) updater.updateConnectionWaypoints(element);
      else updater.updateBounds(element);
      if (di) di.isHorizontal = step[side === "after" ? "level" : "was"];
    }
    return steps.map(({ element }) => element);
  };
  stack.register(COMMAND, { execute: (context) => carryOut(context, "after"), revert: (context) => carryOut(context, "before") });
  const act = () => {
    if (!ready()) return false;
    const steps = changes(registry, tidy(modeler.getDefinitions()));
    if (steps.length) stack.execute(COMMAND, { steps });
    return true;
  };
  keyboard.addListener(({ keyEvent }) => {
    if (keyboard.isKey(KEY, keyEvent) && !keyboard.isCmd(keyEvent) && act()) return true;
  });
  return act;
}

// What is not where the plan wants it.
function changes(registry, plan) {
  const steps = [];
  const turned = new Map(plan.sheets.flatMap(({ shapes }) => shapes.filter(({ level }) => level).map(({ id }) => [id, getDi(registry.get(id))])));
  const add = (element, after) => {
    if (!element) return;
    const before = Object.fromEntries(Object.keys(after).map((name) => [name, element[name]]));
    const di = element.labelTarget ? undefined : turned.get(element.id);
    const flip = di && di.isHorizontal !== true ? { di, was: di.isHorizontal, level: true } : {};
    if (flip.di || Object.keys(after).some((name) => !alike(before[name], after[name]))) steps.push({ element, before: { ...before, ...written(element) }, after, ...flip });
  };
  for (const [id, { x, y, width, height }] of plan.boxes) add(registry.get(id), { x, y, width, height });
  for (const [id, points] of plan.ways) add(registry.get(id), { waypoints: points.map(({ x, y }) => ({ x, y })) });
  for (const [id, { x, y, width, height }] of plan.names) add(registry.get(id)?.label, { x, y, width, height });
  return steps;
}

// Where the file says a name is, to the half pixel: the editor rounds when it opens.
function written({ labelTarget, di }) {
  const bounds = labelTarget && di.label?.bounds;
  return bounds ? { x: bounds.x, y: bounds.y, width: bounds.width, height: bounds.height } : {};
}

function alike(one, other) {
  if (!Array.isArray(one)) return one === other;
  return one.length === other.length && one.every(({ x, y }, at) => x === other[at].x && y === other[at].y);
}

// Opens a file; one that holds no drawing, as other programs write them, gets one. Tells whether it did.
export async function openDrawn(modeler, xml) {
  const { rootElement } = await modeler.get("moddle").fromXML(xml);
  const drawn = rootElement.get("diagrams").some(({ plane }) => plane?.get("planeElement").length);
  if (drawn) {
    await modeler.importXML(xml);
    return false;
  }
  drawInto(rootElement, tidy(rootElement));
  await modeler.importDefinitions(rootElement);
  return true;
}
