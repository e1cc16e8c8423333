// Building blocks: steps in a row behind what is chosen, connected, with everything they need; one undo takes a block away again.
export function insertBlock(modeler, block) {
  const [modeling, factory, elements, selection, canvas] = ["modeling", "bpmnFactory", "elementFactory", "selection", "canvas"].map((one) => modeler.get(one));
  const registry = modeler.get("elementRegistry");
  const chosen = selection.get().find((one) => one.businessObject?.$instanceOf?.("bpmn:FlowNode") && one.type !== "bpmn:EndEvent" && one.type !== "bpmn:BoundaryEvent");
  const nodes = registry.filter((one) => one.businessObject.$instanceOf?.("bpmn:FlowNode") && !one.labelTarget && one.type !== "bpmn:BoundaryEvent" && canvas.findRoot(one) === canvas.getRootElement());
  const last = chosen ?? nodes.filter((one) => one.type !== "bpmn:EndEvent").sort((one, other) => other.x + other.width - one.x - one.width)[0];
  const follower = chosen && chosen.outgoing.length === 1 ? chosen.outgoing[0] : null;
  const parent = last?.parent ?? canvas.getRootElement();
  const room = block.steps.length * 160;
  const right = last ? last.x + last.width : 200;
  const y = last ? last.y + last.height / 2 : 200;

  run(modeler, () => {
    if (follower) {
      const moving = nodes.filter((one) => one !== last && one.x >= right && one.parent === parent);
      const edges = registry.filter((one) => one.type === "bpmn:BoundaryEvent" && moving.includes(one.host));
      if (moving.length) modeling.moveElements([...moving, ...edges], { x: room, y: 0 });
    }
    let before = last;
    const made = block.steps.map((step, at) => {
      const shape = elements.createShape({ type: step.type });
      const placed = modeling.createShape(shape, { x: right + 60 + 50 + at * 160, y }, parent);
      const given = Object.fromEntries(Object.entries(step.zw).map(([name, value]) => [`zw:${name}`, value]));
      const dept = last?.businessObject.get("zw:dept");
      if (dept && given["zw:role"]) given["zw:dept"] = dept;
      modeling.updateProperties(placed, { name: step.name, ...given, ...(step.called ? { calledElement: step.called } : {}) });
      if (step.loop) {
        const loop = factory.create("bpmn:MultiInstanceLoopCharacteristics", {});
        loop.set("camunda:collection", step.loop.collection);
        loop.set("camunda:elementVariable", step.loop.variable);
        loop.$parent = placed.businessObject;
        modeling.updateProperties(placed, { loopCharacteristics: loop });
      }
      if (step.input) call(modeler, placed, step, dept);
      if (before && !(at === 0 && follower)) modeling.connect(before, placed);
      before = placed;
      return placed;
    });
    if (follower) {
      const target = follower.target;
      modeling.reconnectEnd(follower, made[0], { x: made[0].x, y: made[0].y + made[0].height / 2 });
      modeling.connect(made.at(-1), target);
    }
    block.steps.forEach((step, at) => step.due && raise(modeler, made[at], step));
    selection.select(made);
    canvas.scrollToElement(made[0], 160);
  });
}

// What a called process is handed and gives back; `dept` stands for the department of the step before.
function call(modeler, placed, { input, output }, dept) {
  const [moddle, factory, modeling] = ["moddle", "bpmnFactory", "modeling"].map((one) => modeler.get(one));
  const parameters = Object.entries(input).map(([name, value]) => moddle.create("camunda:InputParameter", { name, value: value === "dept" ? (dept ?? "=item.department") : value }));
  const given = moddle.create("camunda:InputOutput", { inputParameters: parameters });
  const back = Object.entries(output).map(([source, target]) => moddle.create("camunda:Out", { source, target }));
  const holder = factory.create("bpmn:ExtensionElements", { values: [given, ...back] });
  for (const one of parameters) one.$parent = given;
  for (const one of [given, ...back]) one.$parent = holder;
  holder.$parent = placed.businessObject;
  modeling.updateProperties(placed, { extensionElements: holder });
}

// 超时督办: a timer on the edge that raises ESC_OVERDUE when the step is due, as every desk has it.
function raise(modeler, task, { name, due }) {
  const [modeling, factory, elements] = ["modeling", "bpmnFactory", "elementFactory"].map((one) => modeler.get(one));
  const timer = elements.createShape({ type: "bpmn:BoundaryEvent", eventDefinitionType: "bpmn:TimerEventDefinition", cancelActivity: false });
  const edge = modeling.createShape(timer, { x: task.x + task.width - 20, y: task.y + task.height }, task, { attach: true });
  modeling.updateProperties(edge, { name: `${name}到期`, cancelActivity: false });
  const definition = edge.businessObject.eventDefinitions[0];
  const when = factory.create("bpmn:FormalExpression", { body: `due("${due}")` });
  when.$parent = definition;
  modeling.updateModdleProperties(edge, definition, { timeDate: when });
  const end = elements.createShape({ type: "bpmn:EndEvent", eventDefinitionType: "bpmn:EscalationEventDefinition" });
  const root = modeler.get("canvas").findRoot(task);
  const lane = modeler.get("elementRegistry").find((one) => one.type === "bpmn:Lane" && one.businessObject.name === "系统" && modeler.get("canvas").findRoot(one) === root);
  const y = lane ? lane.y + lane.height / 2 : task.y + task.height + 90;
  const placed = modeling.appendShape(edge, end, { x: edge.x + 18, y }, task.parent);
  modeling.updateProperties(placed, { name: "超时督办" });
  const definitions = modeler.getDefinitions();
  let escalation = definitions.get("rootElements").find((one) => one.$type === "bpmn:Escalation" && one.escalationCode === "ESC_OVERDUE");
  if (!escalation) {
    escalation = factory.create("bpmn:Escalation", { name: "ESC_OVERDUE", escalationCode: "ESC_OVERDUE" });
    escalation.$parent = definitions;
    modeling.updateModdleProperties(placed, definitions, { rootElements: [...definitions.get("rootElements"), escalation] });
  }
  modeling.updateModdleProperties(placed, placed.businessObject.eventDefinitions[0], { escalationRef: escalation });
}

// Everything inside one command, so that one undo takes all of it back.
function run(modeler, act) {
  const stack = modeler.get("commandStack");
  if (!modeler.blockHandler) {
    modeler.blockHandler = true;
    stack.register("studio.block", { preExecute: ({ act }) => act() });
  }
  stack.execute("studio.block", { act });
}
