// A BPMN document as the layouter sees it: sheets with pools, pools with lanes and nodes, nodes with what is attached to them.
import { beside, boxFor } from "./words.mjs";

const SIZES = { Task: [120, 60], CallActivity: [120, 60], SubProcess: [120, 60], Transaction: [120, 60], Event: [36, 36], Gateway: [50, 50], DataObjectReference: [36, 50], DataStoreReference: [50, 50], TextAnnotation: [100, 30] };
const TEXTS = { width: 90, height: 30 };

export const is = (element, type) => Boolean(element?.$instanceOf?.(type));

// Pools and lanes keep the order in which they are drawn, else that of the file.
const lower = (one, other) => (one.before?.y ?? 0) - (other.before?.y ?? 0);

// The sheets of a document. Without any drawing everything is meant to be drawn, else only what is drawn already.
export function read(definitions) {
  const diagrams = definitions.get("diagrams").filter(({ plane }) => plane?.bpmnElement);
  if (diagrams.some(({ plane }) => plane.get("planeElement").length)) return diagrams.map(({ plane }) => sheet(plane.bpmnElement, plane));
  const roots = definitions.get("rootElements");
  const whole = roots.filter((one) => is(one, "bpmn:Collaboration"));
  return (whole.length ? whole : roots.filter((one) => is(one, "bpmn:Process"))).map((root) => sheet(root, null));
}

function sheet(root, plane) {
  const drawn = new Map((plane?.get("planeElement") ?? []).map((di) => [di.bpmnElement, di]));
  const known = new Map(); // element -> node or pool
  const context = { drawn, known, all: !plane };
  const pools = is(root, "bpmn:Collaboration")
    ? root.get("participants").filter((one) => context.all || drawn.has(one)).map((one) => pool(one, context))
    : [{ id: null, name: "", field: field(root, context) }];
  pools.sort(lower);
  const messages = edges(root.get("messageFlows") ?? [], context).map((edge) => ({ ...edge, message: true }));
  const beside = is(root, "bpmn:Collaboration") ? artifacts(root, context) : [];
  attach(beside, pools.map((one) => one.field).find(Boolean), context);
  return { id: root.id, root, plane, pools, messages: [...messages, ...associations(root, context)], groups: groups(root, context) };
}

function pool(element, context) {
  const made = { id: element.id, element, name: element.name ?? "", before: context.drawn.get(element)?.bounds, field: element.processRef ? field(element.processRef, context) : null };
  if (made.field && !made.field.nodes.length && !made.field.lanes.length) made.field = null;
  context.known.set(element, made);
  return made;
}

// What stands in one frame: a process, or a sub-process that is drawn open.
function field(container, context) {
  const made = { lanes: [], nodes: [], edges: [], loose: [] };
  const elements = container.get("flowElements").filter((one) => context.all ? !is(one, "bpmn:DataObject") : context.drawn.has(one));
  for (const element of elements) if (is(element, "bpmn:FlowNode")) made.nodes.push(node(element, context));
  for (const one of made.nodes) {
    one.host = context.known.get(one.element.attachedToRef);
    one.host?.edge.push(one);
  }
  made.lanes = (container.get("laneSets") ?? []).flatMap((set) => set.get("lanes")).filter((one) => context.all || context.drawn.has(one)).map((one) => lane(one, context)).sort(lower);
  made.edges = edges(elements.filter((one) => is(one, "bpmn:SequenceFlow")), context);
  attach([...elements.filter((one) => is(one, "bpmn:ItemAwareElement")).map((one) => remark(one, context)), ...artifacts(container, context)], made, context);
  made.links = [...associations(container, context), ...made.nodes.flatMap((one) => data(one, context))];
  made.groups = groups(container, context);
  return made;
}

function node(element, context) {
  const di = context.drawn.get(element);
  const open = is(element, "bpmn:SubProcess") && (context.all || di.isExpanded === true);
  const name = element.name ?? "";
  const [width, height] = Object.entries(SIZES).find(([end]) => element.$type.endsWith(end))?.[1] ?? SIZES.Task;
  const size = { width: di?.bounds.width ?? width, height: di?.bounds.height ?? height };
  const named = is(element, "bpmn:Event") || is(element, "bpmn:Gateway");
  const made = { id: element.id, element, name, edge: [], beside: [], words: named && name ? beside(name) : null, round: is(element, "bpmn:Event"), gateway: is(element, "bpmn:Gateway"), before: di?.bounds };
  Object.assign(made, named ? size : boxFor(name, size));
  context.known.set(element, made);
  if (open) made.inner = field(element, context);
  return made;
}

function lane(element, context) {
  const children = (element.childLaneSet?.get("lanes") ?? []).filter((one) => context.all || context.drawn.has(one)).map((one) => lane(one, context)).sort(lower);
  const made = { id: element.id, element, name: element.name ?? "", children, before: context.drawn.get(element)?.bounds };
  for (const ref of element.get("flowNodeRef")) {
    const one = context.known.get(ref);
    if (one && !children.length) one.lane = made;
  }
  return made;
}

function edges(elements, context) {
  const [ends, made] = [(one) => context.known.get(Array.isArray(one) ? one[0] : one), []];
  for (const element of elements) {
    const [source, target] = [ends(element.sourceRef), ends(element.targetRef)];
    if (source && target && (context.all || context.drawn.has(element))) made.push({ id: element.id, element, name: element.name ?? "", words: element.name ? beside(element.name) : null, source, target });
  }
  return made;
}

function remark(element, context) {
  const di = context.drawn.get(element);
  const note = is(element, "bpmn:TextAnnotation");
  const name = (note ? element.text : element.name) ?? "";
  const [width, height] = Object.entries(SIZES).find(([end]) => element.$type.endsWith(end))?.[1] ?? SIZES.DataObjectReference;
  const size = { width: di?.bounds.width ?? width, height: di?.bounds.height ?? height };
  const made = { id: element.id, element, name, remark: true, edge: [], beside: [], words: !note && name ? beside(name) : null, before: di?.bounds, ...(note ? boxFor(name, size) : size) };
  context.known.set(element, made);
  return made;
}

const artifacts = (container, context) =>
  (container.get("artifacts") ?? []).filter((one) => is(one, "bpmn:TextAnnotation") && (context.all || context.drawn.has(one))).map((one) => remark(one, context));

const associations = (container, context) => edges((container.get("artifacts") ?? []).filter((one) => is(one, "bpmn:Association")), context).map((edge) => ({ ...edge, link: true }));

function groups(container, context) {
  return (container.get("artifacts") ?? []).filter((one) => is(one, "bpmn:Group") && context.drawn.has(one)).map((one) => ({ id: one.id, before: context.drawn.get(one).bounds }));
}

function data({ element }, context) {
  const into = (element.dataInputAssociations ?? []).map((one) => ({ one, source: context.known.get(one.sourceRef?.[0]), target: context.known.get(element) }));
  const from = (element.dataOutputAssociations ?? []).map((one) => ({ one, source: context.known.get(element), target: context.known.get(one.targetRef) }));
  return [...into, ...from]
    .filter(({ one, source, target }) => source && target && (context.all || context.drawn.has(one)))
    .map(({ one, source, target }) => ({ id: one.id, element: one, name: "", words: null, source, target, link: true }));
}

// Remarks and data go with the first node they are joined to, else with the one they are nearest to.
function attach(remarks, home, { known, drawn }) {
  if (!home) return;
  const owner = new Map();
  const join = (one, other) => {
    const [remark, node] = [known.get(one), known.get(other)];
    if (remark?.remark && node && !node.remark && node.beside && !node.host && !owner.has(remark)) owner.set(remark, node);
  };
  for (const node of home.nodes) {
    for (const one of node.element.dataInputAssociations ?? []) join(one.sourceRef?.[0], node.element);
    for (const one of node.element.dataOutputAssociations ?? []) join(one.targetRef, node.element);
  }
  for (const one of remarks) {
    const parent = one.element.$parent;
    for (const { sourceRef, targetRef } of (parent.get?.("artifacts") ?? []).filter((other) => is(other, "bpmn:Association"))) {
      if (sourceRef === one.element) join(sourceRef, targetRef);
      if (targetRef === one.element) join(targetRef, sourceRef);
    }
    const near = owner.get(one) ?? nearest(one, home.nodes);
    if (near) near.beside.push(one);
    else home.loose.push(one);
  }
}

function nearest(remark, nodes) {
  if (!remark.before) return nodes.find((one) => !one.host);
  const far = ({ before }) => Math.abs(before.x + before.width / 2 - remark.before.x - remark.before.width / 2) + Math.abs(before.y + before.height / 2 - remark.before.y - remark.before.height / 2);
  return nodes.filter((one) => !one.host).sort((one, other) => far(one) - far(other))[0];
}
