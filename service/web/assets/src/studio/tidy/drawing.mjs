// Writes a plan into a document that has no drawing yet, or over the one it has. Only the interchange part is touched.
export function drawInto(definitions, plan) {
  const moddle = definitions.$model;
  const make = (type, attributes, parent) => Object.assign(moddle.create(type, attributes), { $parent: parent });
  const bounds = ({ x, y, width, height }, parent) => make("dc:Bounds", { x, y, width, height }, parent);
  for (const { id, root, shapes, lines } of plan.sheets) {
    const known = definitions.get("diagrams").find(({ plane }) => plane?.bpmnElement === root && plane.get("planeElement").length);
    const diagram = known ?? make("bpmndi:BPMNDiagram", { id: `Diagram_${id}` }, definitions);
    if (!known) {
      definitions.set("diagrams", [...definitions.get("diagrams").filter(({ plane }) => plane?.bpmnElement !== root && plane?.bpmnElement), diagram]);
      diagram.plane = make("bpmndi:BPMNPlane", { id: `Plane_${id}`, bpmnElement: root }, diagram);
    }
    const { plane } = diagram;
    const drawn = new Map(plane.get("planeElement").map((di) => [di.bpmnElement, di]));
    const named = (di, one) => {
      const at = plan.names.get(one);
      if (!at) return;
      di.label ??= make("bpmndi:BPMNLabel", {}, di);
      di.label.bounds = bounds(at, di.label);
    };
    const add = (element, type) => {
      if (drawn.has(element)) return drawn.get(element);
      const di = make(type, { id: `${element.id}_di`, bpmnElement: element }, plane);
      plane.get("planeElement").push(di);
      return di;
    };
    for (const { id: one, element, level, open } of shapes) {
      const di = add(element, "bpmndi:BPMNShape");
      di.bounds = bounds(plan.boxes.get(one), di);
      if (level) di.isHorizontal = true;
      if (open && !drawn.has(element)) di.isExpanded = true;
      if (element.$type === "bpmn:ExclusiveGateway" && !drawn.has(element)) di.isMarkerVisible = true;
      named(di, one);
    }
    for (const { id: one, element } of lines) {
      const di = add(element, "bpmndi:BPMNEdge");
      di.waypoint = plan.ways.get(one).map(({ x, y }) => make("dc:Point", { x, y }, di));
      named(di, one);
    }
  }
}
