// Finds orthogonal ways for lines on the grid: around everything, with few bends and crossings, on other lines only where they have an end in common.
import { GRID } from "./placing.mjs";

const SIDES = [[1, 0], [0, 1], [-1, 0], [0, -1]]; // right, down, left, up
const COST = { bend: 4, crossing: 16, near: 0.6, words: 30, shared: 5 };
const LEAVING = [0, 1.2, 3.6, 1.6];
const ENTERING = [5, 1.6, 0, 1.2]; // by the side of the node: right, below, left, above
const MARGIN = 8; // cells around the drawing

export class Ways {
  constructor({ x, y, right, bottom }) {
    [this.x, this.y] = [Math.floor(x / GRID) - MARGIN, Math.floor(y / GRID) - MARGIN];
    [this.wide, this.high] = [Math.ceil(right / GRID) - this.x + MARGIN, Math.ceil(bottom / GRID) - this.y + MARGIN];
    const size = this.wide * this.high;
    this.space = new Int16Array(size); // which frame a cell belongs to; less than nothing: taken
    this.words = new Uint8Array(size);
    this.rims = new Set(); // rows of cells on the border of lanes
    this.users = [new Array(size), new Array(size)]; // cell -> lines that run level, upright
    this.cost = new Float32Array(size * 4);
    this.came = new Int32Array(size * 4);
    this.seen = new Int32Array(size * 4);
    this.run = 0;
  }

  cell(x, y) {
    return (y - this.y) * this.wide + (x - this.x);
  }

  each({ x, y, width, height }, act) {
    for (let row = Math.floor(y / GRID); row <= Math.ceil((y + height) / GRID); row++) {
      for (let column = Math.floor(x / GRID); column <= Math.ceil((x + width) / GRID); column++) act(this.cell(column, row));
    }
  }

  frame(box, number) {
    this.each(box, (cell) => (this.space[cell] = number));
  }

  // The border of a lane or pool: lines cross it and never run on it.
  rim(y) {
    this.rims.add(Math.round(y / GRID) - this.y);
  }

  close(box) {
    this.each(box, (cell) => (this.space[cell] = -1));
  }

  write({ x, y, width, height }) {
    this.each({ x: x + 6, y: y + 6, width: Math.max(0, width - 12), height: Math.max(0, height - 12) }, (cell) => (this.words[cell] = 1));
  }

  // Where lines may leave or enter a node: the point on its edge, the first free cell before it.
  ports(one, entering) {
    if (one.box) return this.shore(one.box, entering);
    const made = [];
    const sides = one.host ? [1] : [0, 1, 2, 3];
    for (const side of sides) {
      if (side === 1 && one.edge.length) continue;
      const [dx, dy] = SIDES[side];
      const point = { x: one.x + (dx * one.width) / 2, y: one.y + (dy * one.height) / 2 };
      let [x, y] = [Math.round(point.x / GRID), Math.round(point.y / GRID)];
      while (this.space[this.cell(x, y)] < 0 && Math.abs(x * GRID - point.x) + Math.abs(y * GRID - point.y) < 30) [x, y] = [x + dx, y + dy];
      made.push({ side, point, cell: this.cell(x, y), cost: (entering ? ENTERING : LEAVING)[side] });
    }
    return made;
  }

  shore({ x, y, width, height }) {
    const made = [];
    for (let at = Math.ceil((x + 30) / GRID); at * GRID < x + width; at++) {
      made.push({ side: 3, point: { x: at * GRID, y }, cell: this.cell(at, Math.floor(y / GRID) - 1), cost: 1 });
      made.push({ side: 1, point: { x: at * GRID, y: y + height }, cell: this.cell(at, Math.ceil((y + height) / GRID) + 1), cost: 1 });
    }
    return made;
  }

  // What a step onto a cell costs; nothing: it must not be entered.
  price(cell, level, edge) {
    if (this.space[cell] < 0 || (edge.space !== undefined && this.space[cell] !== edge.space)) return 0;
    const same = this.users[level ? 0 : 1];
    const across = this.users[level ? 1 : 0];
    const along = same[cell];
    if (along && !edge.forced && !all(along, edge)) return 0;
    if (level && this.rims.has(Math.floor(cell / this.wide))) return 0;
    let price = 1;
    if (across[cell] && !all(across[cell], edge)) price += COST.crossing;
    const step = level ? this.wide : 1;
    if (same[cell - step] && !all(same[cell - step], edge)) price += COST.near;
    if (same[cell + step] && !all(same[cell + step], edge)) price += COST.near;
    return this.words[cell] ? price + COST.words : price;
  }

  // The cheapest way; without one the line stays as it is and `false` is told.
  join(edge) {
    const goals = new Map();
    for (const port of this.ports(edge.target, true)) goals.set(port.cell, port);
    const [targets, starts] = [[...goals.values()], this.ports(edge.source, false)];
    const columns = targets.map(({ cell }) => cell % this.wide);
    const lines = targets.map(({ cell }) => Math.floor(cell / this.wide));
    const [left, right, top, bottom] = [Math.min(...columns), Math.max(...columns), Math.min(...lines), Math.max(...lines)];
    const far = (cell) => {
      const x = cell % this.wide;
      const y = (cell - x) / this.wide;
      const across = x < left ? left - x : x > right ? x - right : 0;
      const down = y < top ? top - y : y > bottom ? y - bottom : 0;
      return across + down + (across && down ? COST.bend : 0);
    };
    this.run++;
    const heap = new Heap();
    const offer = (state, cost, from) => {
      if (this.seen[state] === this.run && this.cost[state] <= cost) return;
      this.seen[state] = this.run;
      this.cost[state] = cost;
      this.came[state] = from;
      heap.push(cost + far(state >> 2), state);
    };
    for (const { cell, side, cost } of starts) {
      const price = this.price(cell, side % 2 === 0, edge);
      const shared = this.users[side % 2][cell] ? COST.shared : 0;
      if (price) offer(cell * 4 + side, cost + price + shared, -1);
    }
    let best = null;
    while (heap.size) {
      const state = heap.pop();
      const key = heap.key;
      if (best && key >= best.cost) break;
      const [cell, heading] = [state >> 2, state & 3];
      const spent = this.cost[state];
      if (key > spent + far(cell) + 0.001) continue;
      const goal = goals.get(cell);
      if (goal && (goal.side + 2) % 4 === heading) {
        if (!best || spent + goal.cost < best.cost) best = { state, goal, cost: spent + goal.cost };
        continue;
      }
      for (let side = 0; side < 4; side++) {
        if ((side + 2) % 4 === heading) continue;
        const next = cell + SIDES[side][0] + SIDES[side][1] * this.wide;
        if (next < 0 || next >= this.space.length || Math.abs((next % this.wide) - (cell % this.wide)) > 1) continue;
        let price = this.price(next, side % 2 === 0, edge);
        if (!price) continue;
        if (side !== heading) {
          if (!this.free(cell, side % 2 === 0, edge)) continue;
          price += COST.bend;
        }
        offer(next * 4 + side, spent + price, state);
      }
    }
    return best ? this.keep(edge, best.state, best.goal, starts) : false;
  }

  // Whether a line may turn in a cell: it then runs both ways in it.
  free(cell, level, edge) {
    const along = this.users[level ? 0 : 1][cell];
    return edge.forced || !along || all(along, edge);
  }

  keep(edge, state, goal, starts) {
    const cells = [];
    for (let at = state; at >= 0; at = this.came[at]) cells.push(at);
    cells.reverse();
    const start = starts.find(({ cell, side }) => cell === cells[0] >> 2 && side === (cells[0] & 3));
    edge.dear = this.cost[state] > cells.length + 6; // more than length and a bend: worth another look
    edge.cells = [];
    const take = (cell, level) => {
      const users = this.users[level ? 0 : 1];
      users[cell] = [...(users[cell] ?? []), edge];
      edge.cells.push([cell, level]);
    };
    cells.forEach((one, at) => {
      const level = (one & 1) === 0;
      take(one >> 2, level);
      if (at + 1 < cells.length && ((cells[at + 1] & 1) === 0) !== level) take(one >> 2, !level);
    });
    const points = [start.point, ...cells.map((one) => ({ x: ((one >> 2) % this.wide + this.x) * GRID, y: (Math.floor((one >> 2) / this.wide) + this.y) * GRID })), goal.point];
    edge.points = points.filter((point, at) => {
      const [before, after] = [points[at - 1], points[at + 1]];
      return !before || !after || !((before.x === point.x && point.x === after.x) || (before.y === point.y && point.y === after.y));
    });
    return true;
  }

  drop(edge) {
    for (const [cell, level] of edge.cells ?? []) {
      const users = this.users[level ? 0 : 1];
      const rest = users[cell]?.filter((one) => one !== edge) ?? [];
      users[cell] = rest.length ? rest : undefined;
    }
    edge.cells = [];
  }
}

// Lines with one end in common may lie on each other near it; those with both may not.
const kin = (one, other) => (one.source === other.source) !== (one.target === other.target);

function all(lines, edge) {
  for (const one of lines) if (!kin(one, edge)) return false;
  return true;
}

class Heap {
  constructor() {
    this.keys = [];
    this.values = [];
  }

  get size() {
    return this.keys.length;
  }

  push(key, value) {
    let at = this.keys.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.keys[parent] <= key) break;
      this.keys[at] = this.keys[parent];
      this.values[at] = this.values[parent];
      at = parent;
    }
    this.keys[at] = key;
    this.values[at] = value;
  }

  // The value with the smallest key, which is then `key`.
  pop() {
    const top = this.values[0];
    this.key = this.keys[0];
    const key = this.keys.pop();
    const value = this.values.pop();
    const size = this.keys.length;
    if (!size) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && this.keys[child + 1] < this.keys[child]) child++;
      if (this.keys[child] >= key) break;
      this.keys[at] = this.keys[child];
      this.values[at] = this.values[child];
      at = child;
    }
    this.keys[at] = key;
    this.values[at] = value;
    return top;
  }
}
