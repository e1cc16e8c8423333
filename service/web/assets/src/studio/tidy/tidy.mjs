// Lays out a BPMN document: where everything stands, how lines run and where names are. Pure: nothing is changed, a plan is given.
import { Names } from "./names.mjs";
import { place } from "./placing.mjs";
import { read } from "./reading.mjs";
import { Ways } from "./ways.mjs";

const SPREADS = [1, 1.25, 1.6, 2.1]; // tried one after the other until everything has room
const AGAIN = 2; // times all lines look for a better way once the others are known

// By id: `boxes` of shapes, `ways` of lines, `names` beside them; `sheets` says what stands on which sheet.
export function tidy(definitions) {
  const plan = { boxes: new Map(), ways: new Map(), names: new Map(), sheets: [] };
  for (const sheet of read(definitions)) if (sheet.pools.some((one) => one.field?.nodes.length)) note(best(sheet), plan);
  return plan;
}

function best(sheet) {
  let [least, chosen] = [Infinity, null];
  for (const spread of SPREADS) {
    place(sheet, spread);
    const faults = draw(sheet);
    if (faults < least) [least, chosen] = [faults, spread];
    if (!faults) return sheet;
  }
  if (chosen !== SPREADS.at(-1)) {
    place(sheet, chosen);
    draw(sheet);
  }
  return sheet;
}

const box = (one) => one.box ?? { x: one.x - one.width / 2, y: one.y - one.height / 2, width: one.width, height: one.height };
const inside = (field) => [field, ...field.nodes.flatMap((one) => (one.inner ? inside(one.inner) : []))];

// Draws the lines and names of a placed sheet and tells how much found no room.
function draw(sheet) {
  const fields = sheet.pools.flatMap((one) => (one.field ? inside(one.field) : []));
  const nodes = fields.flatMap((one) => [...one.nodes, ...one.nodes.flatMap((node) => node.beside), ...one.loose]);
  const frames = [...sheet.pools.filter((one) => one.box), ...nodes].map(box);
  const ways = new Ways({
    x: Math.min(...frames.map((one) => one.x)),
    y: Math.min(...frames.map((one) => one.y)),
    right: Math.max(...frames.map((one) => one.x + one.width)),
    bottom: Math.max(...frames.map((one) => one.y + one.height)),
  });
  const edges = [];
  for (const pool of sheet.pools) {
    if (!pool.box) continue;
    const { x, y, width, height } = pool.box;
    ways.rim(y);
    ways.rim(y + height);
    if (!pool.field) ways.close(pool.box);
    else ways.frame({ x: x + 40 + 30 * pool.field.depth, y: y + 10, width: width - 60 - 30 * pool.field.depth, height: height - 20 }, 1 + fields.indexOf(pool.field));
  }
  for (const field of fields) for (const { span } of field.leaves) ways.rim(field.top + span[1]);
  const close = (field) => {
    const number = field.framed ? 1 + fields.indexOf(field) : undefined;
    edges.push(...field.edges.map((edge) => Object.assign(edge, { space: number })), ...field.links);
    for (const one of [...field.nodes, ...field.nodes.flatMap((node) => node.beside), ...field.loose]) {
      ways.close(box(one));
      if (one.words) ways.write({ ...Names.likely(one), ...one.words });
      if (!one.inner) continue;
      const { x, y, width, height } = box(one);
      ways.frame({ x: x + 10, y: y + 30, width: width - 20, height: height - 40 }, 1 + fields.indexOf(one.inner));
      close(one.inner);
    }
  };
  for (const pool of sheet.pools) if (pool.field) close(Object.assign(pool.field, { framed: Boolean(pool.box) }));
  edges.push(...sheet.messages);
  let faults = join(ways, edges);
  const named = new Names(nodes.filter((one) => !one.inner).map((one) => ({ ...box(one), gateway: one.gateway })), edges.map((edge) => edge.points));
  for (const one of nodes) if (one.words) named.node(one);
  for (const edge of edges) if (edge.words) named.line(edge);
  sheet.edges = edges;
  return faults + named.crowded;
}

// Short lines first, so that they stay straight; then every line once more, now that all others are known.
function join(ways, edges) {
  const far = ({ source, target }) => {
    const [a, b] = [box(source), box(target)];
    return Math.abs(a.x + a.width / 2 - b.x - b.width / 2) + 3 * Math.abs(a.y + a.height / 2 - b.y - b.height / 2);
  };
  const order = [...edges].sort((one, other) => far(one) - far(other));
  for (let round = 0; round <= AGAIN; round++) {
    for (const edge of order) {
      if (!round) edge.cells = [];
      else if (!edge.dear) continue;
      ways.drop(edge);
      edge.forced = false;
      if (ways.join(edge)) continue;
      edge.forced = true;
      if (!ways.join(edge)) edge.points = straight(box(edge.source), box(edge.target));
      edge.dear = true;
    }
  }
  return edges.filter((edge) => edge.forced).length * 5;
}

// The last resort: from centre to centre with one bend.
function straight(a, b) {
  const [from, to] = [{ x: a.x + a.width / 2, y: a.y + a.height }, { x: b.x, y: b.y + b.height / 2 }];
  return [from, { x: from.x, y: to.y }, to];
}

function note(sheet, plan) {
  const shapes = [];
  const put = (one, more = {}) => {
    plan.boxes.set(one.id, box(one));
    shapes.push({ id: one.id, element: one.element, ...more });
    if (one.label) plan.names.set(one.id, one.label);
  };
  const fill = (field) => {
    const lane = (one) => {
      put(one, { level: true });
      one.children.forEach(lane);
    };
    field.lanes.forEach(lane);
    for (const one of field.nodes) {
      if (!one.host) put(one, { open: one.inner ? true : undefined });
      if (one.inner) fill(one.inner);
    }
    for (const one of field.nodes) if (one.host) put(one);
    for (const one of [...field.nodes.flatMap((node) => node.beside), ...field.loose]) put(one);
  };
  for (const pool of sheet.pools) {
    if (pool.box) put(pool, { level: true });
    if (pool.field) fill(pool.field);
  }
  for (const group of [...sheet.groups, ...sheet.pools.flatMap((pool) => (pool.field ? inside(pool.field) : [])).flatMap((field) => field.groups)]) {
    const around = gather(group, sheet);
    if (around) plan.boxes.set(group.id, around);
  }
  for (const edge of sheet.edges) {
    plan.ways.set(edge.id, edge.points);
    if (edge.label) plan.names.set(edge.id, edge.label);
  }
  plan.sheets.push({ id: sheet.id, root: sheet.root, shapes, lines: sheet.edges.map(({ id, element }) => ({ id, element })) });
}

// A group stays around what stood in it.
function gather({ before }, sheet) {
  const within = (one) => one.before && Math.abs(one.before.x + one.before.width / 2 - before.x - before.width / 2) < before.width / 2 && Math.abs(one.before.y + one.before.height / 2 - before.y - before.height / 2) < before.height / 2;
  const boxes = sheet.pools.flatMap((pool) => (pool.field ? inside(pool.field) : [])).flatMap((field) => field.nodes).filter(within).map(box);
  if (!boxes.length) return null;
  const [x, y] = [Math.min(...boxes.map((one) => one.x)) - 20, Math.min(...boxes.map((one) => one.y)) - 20];
  return { x, y, width: Math.max(...boxes.map((one) => one.x + one.width)) + 20 - x, height: Math.max(...boxes.map((one) => one.y + one.height)) + 20 - y };
}
