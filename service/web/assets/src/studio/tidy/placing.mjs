// From columns and rows to pixels: how wide columns are, how high rows and lanes, where pools stand. Centres keep to the grid.
import { columns } from "./columns.mjs";
import { rows } from "./rows.mjs";
import { length } from "./words.mjs";

export const GRID = 10;
const HEAD = 30; // of a pool or lane, on its left
const [GAP, AIR, RIM] = [50, 30, 30]; // between columns, between rows, between the rim of a lane and what stands in it
const OUTSIDER = 60; // height of a pool nobody looks into
const ORIGIN = { x: 160, y: 80 };

export const snap = (value) => Math.round(value / GRID) * GRID;
const up = (value, step = GRID) => Math.ceil(value / step - 1e-9) * step;

// Everything gets its place: nodes `x`, `y` of their centre, frames a `box`.
export function place(sheet, spread) {
  let { x, y } = ORIGIN;
  const befores = sheet.pools.map((one) => one.before).filter(Boolean);
  if (befores.length) [x, y] = [snap(Math.min(...befores.map((one) => one.x))), snap(Math.min(...befores.map((one) => one.y)))];
  const framed = sheet.pools.some((one) => one.id);
  for (const pool of sheet.pools) pool.size = pool.field ? arrange(pool.field, spread) : { width: 300, height: OUTSIDER };
  const width = Math.max(...sheet.pools.map((one) => one.size.width));
  for (const pool of sheet.pools) {
    const height = Math.max(pool.size.height, up(length(pool.name) + 20));
    const [left, inner] = [x + (framed ? HEAD : 0), pool.field ? height : OUTSIDER];
    if (framed) pool.box = { x, y, width: width + HEAD, height: inner };
    if (pool.field) settle(pool.field, left, y, width, inner);
    y += inner + 40;
  }
}

// Sizes of a field: where rows and columns lie, seen from its left upper corner.
function arrange(field, spread) {
  for (const one of field.nodes) if (one.inner) enclose(one, spread);
  if (!field.stand) stand(field);
  const width = across(field, spread);
  const height = down(field, spread);
  return { width: width + depth(field.lanes) * HEAD, height };
}

function stand(field) {
  field.leaves = leaves(field.lanes);
  for (const one of field.nodes) if (!one.host) one.lane ??= neighbour(one, field) ?? field.leaves[0];
  field.stand = columns(field);
  rows(field.stand, field.edges, field.leaves);
  for (const one of field.stand) hang(one);
}

function enclose(one, spread) {
  const inside = arrange(one.inner, spread);
  one.width = up(Math.max(inside.width + 20, 140), 2 * GRID);
  one.height = up(Math.max(inside.height + 40, 100), 2 * GRID);
}

const leaves = (lanes) => lanes.flatMap((one) => (one.children.length ? leaves(one.children) : [one]));
const depth = (lanes) => (lanes.length ? 1 + Math.max(0, ...lanes.map((one) => depth(one.children))) : 0);

// Nobody said which lane a node is in: it stands with what leads to it or what it leads to.
function neighbour(one, { edges }) {
  const near = edges.find((edge) => edge.target === one && (edge.source.host ?? edge.source).lane) ?? edges.find((edge) => edge.source === one && edge.target.lane);
  return near && (near.target === one ? (near.source.host ?? near.source).lane : near.target.lane);
}

// Edge events stand on the lower edge, the first in the middle when it is alone; names of those between others need room beside them.
function hang(one) {
  const [count, between] = [one.edge.length, one.edge.slice(1, -1)];
  const least = Math.max(40, ...between.map((event) => up((event.words?.width ?? 0) + 30)));
  one.width = Math.max(one.width, up(least * (count - 1) + 50, 2 * GRID));
  const apart = count < 2 ? 0 : Math.max(least, Math.floor((one.width - 50) / (count - 1) / GRID) * GRID);
  one.edge.forEach((event, at) => (event.shift = snap(at * apart - ((count - 1) * apart) / 2)));
}

function across(field, spread) {
  const last = Math.max(0, ...field.stand.map((one) => one.column));
  const widths = Array.from({ length: last + 1 }, () => 40);
  const gaps = Array.from({ length: last + 1 }, () => GAP);
  for (const one of field.stand) {
    const remarks = one.beside.reduce((sum, other) => sum + other.width + 20, 0);
    widths[one.column] = Math.max(widths[one.column], one.width, one.words ? Math.min(one.words.width + 10, 100) : 0, remarks);
  }
  const tracks = gaps.map(() => new Set());
  for (const { way } of field.edges) {
    for (let at = 1; way && at < way.length; at++) if (way[at].x === way[at - 1].x && !Number.isInteger(way[at].x)) tracks[Math.floor(way[at].x)]?.add(`${way.at(-1).x} ${way.at(-1).y}`);
  }
  for (const { from, target, words } of field.edges) {
    if (words && target.column !== from.column) gaps[from.column] = Math.max(gaps[from.column], words.width + 30 - (widths[from.column] - from.width) / 2);
  }
  field.xs = [];
  let x = 20;
  widths.forEach((width, at) => {
    field.xs.push(snap(x + up(width) / 2));
    x += up(width) + up(Math.max(gaps[at], 20 + 10 * tracks[at].size) * spread);
  });
  return up(x - up(gaps[last] * spread) + 30, 2 * GRID);
}

function down(field, spread) {
  let y = 0;
  for (const lane of field.leaves.length ? field.leaves : [null]) {
    const here = field.stand.filter((one) => !lane || one.lane === lane);
    const count = Math.max(0, ...here.map((one) => one.row + 1));
    const top = y;
    y += RIM * spread;
    for (let row = 0; row < count; row++) {
      const nodes = here.filter((one) => one.row === row);
      const middle = up(y + Math.max(0, ...nodes.map(above)));
      for (const one of nodes) one.y = middle;
      y = middle + Math.max(0, ...nodes.map(below)) + (row < count - 1 ? AIR * spread : 0);
    }
    y = up(Math.max(y + RIM * spread, top + 60, lane ? top + length(lane.name) + 20 : 0));
    if (lane) lane.span = [top, y];
  }
  if (field.loose.length) y = up(aside(field, y + 20) + 20);
  return up(y, 2 * GRID);
}

const above = (one) => one.height / 2 + (one.beside.length ? 20 + Math.max(...one.beside.map((other) => other.height + (other.words?.height ?? 0))) : one.gateway && one.words ? Math.max(0, one.words.height - 12) : 0);
const below = (one) => one.height / 2 + (one.edge.length ? 24 + Math.max(0, ...one.edge.map((event) => event.words?.height ?? 0)) : one.round && one.words ? one.words.height + 8 : 0);

// What belongs to nothing stands in a row of its own at the foot.
function aside(field, y) {
  let x = 20;
  const height = Math.max(...field.loose.map((one) => one.height));
  for (const one of field.loose) {
    [one.x, one.y] = [snap(x + one.width / 2), up(y + height / 2)];
    x = one.x + one.width / 2 + 30;
  }
  return y + height + 20;
}

// Puts a field where it belongs: `left`, `top` are those of its frame without its head.
function settle(field, left, top, width, height) {
  const start = left + depth(field.lanes) * HEAD;
  [field.top, field.depth] = [top, depth(field.lanes)];
  const spans = field.leaves.map((one) => one.span);
  if (spans.length) spans.at(-1)[1] = Math.max(spans.at(-1)[1], height);
  field.lanes.forEach((one) => frame(one, left, top, width));
  for (const one of field.stand) {
    [one.x, one.y] = [start + field.xs[one.column], top + one.y];
    const over = one.beside.reduce((sum, other) => sum + other.width + 20, -20);
    let x = one.x - over / 2;
    for (const other of one.beside) {
      [other.x, other.y] = [snap(x + other.width / 2), Math.round(one.y - one.height / 2 - 20 - (other.words?.height ?? 0) - other.height / 2)];
      x += other.width + 20;
    }
    for (const event of one.edge) [event.x, event.y] = [one.x + event.shift, one.y + one.height / 2];
    const straight = field.edges.find((edge) => edge.down && edge.from === one && !edge.target.edge.length);
    if (one.inner) settle(one.inner, one.x - one.width / 2 + 10, one.y - one.height / 2 + 30, one.width - 20, one.height - 40);
    if (straight) straight.target.lean = straight.source.shift;
  }
  for (const one of field.stand) if (one.lean && !one.beside.length) one.x += one.lean;
  for (const one of field.loose) [one.x, one.y] = [start + one.x, top + one.y];
}

function frame(lane, left, top, width) {
  for (const one of lane.children) frame(one, left + HEAD, top, width - HEAD);
  if (lane.children.length) lane.span = [lane.children[0].span[0], lane.children.at(-1).span[1]];
  lane.box = { x: left, y: top + lane.span[0], width, height: lane.span[1] - lane.span[0] };
}
