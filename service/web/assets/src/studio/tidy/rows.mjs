// Which row of its lane every node stands in: what follows stays in line, ways cross and pass over little. Improved step by step from a first guess.
const COST = { length: 1, bend: 1.5, over: 6, crossing: 8, row: 1.5, upward: 14 };
const APART = 1000; // rows kept free between two lanes while rows are chosen
const ROUNDS = 8;

export function rows(stand, edges, lanes) {
  const order = new Map(lanes.map((one, at) => [one, at]));
  for (const one of stand) one.level = order.get(one.lane) ?? 0;
  const board = new Board(stand, edges, lanes.length || 1);
  board.guess();
  for (let round = 0; round < ROUNDS && board.improve(); round++);
  board.close();
}

class Board {
  constructor(stand, edges, levels) {
    this.stand = [...stand].sort((one, other) => one.column - other.column);
    this.edges = edges.filter((edge) => edge.from !== edge.target);
    this.levels = levels;
    this.taken = new Map(); // cell -> node
    this.filled = new Map(); // row -> how many stand in it
    this.near = new Map(this.stand.map((one) => [one, this.edges.filter((edge) => edge.from === one || edge.target === one)]));
  }

  at(column, row) {
    return this.taken.get(column * 1e6 + row);
  }

  put(one, row) {
    one.row = row;
    this.taken.set(one.column * 1e6 + row, one);
    this.filled.set(row, (this.filled.get(row) ?? 0) + 1);
  }

  take(one) {
    this.taken.delete(one.column * 1e6 + one.row);
    if (this.filled.get(one.row) > 1) this.filled.set(one.row, this.filled.get(one.row) - 1);
    else this.filled.delete(one.row);
  }

  // Behind the first one that leads here, or in the nearest free row below or above.
  guess() {
    for (const one of this.stand) {
      const middle = one.level * APART + APART / 2;
      const before = this.near.get(one).find((edge) => edge.target === one && !edge.back && edge.from.row !== undefined && edge.from.level === one.level);
      const wanted = before ? before.from.row + (before.down ? 1 : 0) : middle;
      const free = (row) => !this.at(one.column, row);
      let step = 0;
      while (!free(wanted + step)) step = step > 0 ? -step : 1 - step;
      this.put(one, wanted + step);
    }
  }

  improve() {
    this.measure();
    let better = false;
    for (const one of this.stand) {
      const [low, high] = this.range(one.level);
      const line = this.line(one);
      for (const group of line.length > 1 ? [[one], line] : [[one]]) {
        for (let row = low - 1; row <= high + 1; row++) if (row !== one.row && this.try(group, row)) better = true;
      }
    }
    this.squeeze();
    return better;
  }

  // A node and what follows it in its row.
  line(one) {
    const group = [one];
    for (let next = one; next; ) {
      const follower = this.near.get(next).find((edge) => edge.from === next && !edge.back && edge.target.row === one.row && edge.target.level === one.level && !group.includes(edge.target))?.target;
      if (follower) group.push(follower);
      next = follower;
    }
    return group;
  }

  try(group, row) {
    const was = group[0].row;
    const others = group.map((one) => this.at(one.column, row)).filter(Boolean);
    if (others.length > 1 || others.some((one) => group.includes(one))) return false;
    const moved = new Set([...group, ...others].flatMap((one) => this.near.get(one)));
    const before = this.cost(moved, group, others);
    const swap = (to, back) => {
      for (const one of [...group, ...others]) this.take(one);
      for (const one of group) this.put(one, to);
      for (const one of others) this.put(one, back);
    };
    swap(row, was);
    if (this.cost(moved, group, others) < before - 0.01) return true;
    swap(was, row);
    this.trace(moved);
    return false;
  }

  range(level) {
    const rows = this.stand.filter((one) => one.level === level).map((one) => one.row);
    return [Math.min(...rows), Math.max(...rows)];
  }

  measure() {
    this.lows = Array.from({ length: this.levels }, (_, level) => this.range(level));
    this.base = [];
    let sum = 0;
    for (const [low, high] of this.lows) {
      this.base.push(sum - (Number.isFinite(low) ? low : 0));
      sum += Number.isFinite(low) ? high - low + 1 : 1;
    }
    this.trace(this.edges);
  }

  // What the lines of moved nodes cost, with what other lines pay for passing over these nodes.
  cost(moved, group, others) {
    this.trace(moved);
    let sum = COST.row * this.filled.size;
    for (const edge of moved) sum += this.price(edge);
    for (const edge of moved) {
      for (const other of this.edges) {
        if (other.right < edge.left || other.left > edge.right) continue;
        if (!moved.has(other)) sum += COST.crossing * crossings(edge, other);
        else if (other.id < edge.id) sum += COST.crossing * crossings(edge, other);
      }
    }
    for (const one of [...group, ...others]) for (const edge of this.edges) if (!moved.has(edge) && passes(edge, one.column, this.y(one))) sum += COST.over;
    return sum;
  }

  trace(moved) {
    for (const edge of moved) {
      edge.way = this.way(edge);
      [edge.left, edge.right] = [Math.min(edge.from.column, edge.target.column), Math.max(edge.from.column, edge.target.column) + 0.2];
    }
  }

  y(one) {
    return one.row + this.base[one.level];
  }

  // The way a line will probably take, as points of column and height: the better one of turning early and turning late.
  way(edge) {
    const [a, b] = [{ x: edge.from.column, y: this.y(edge.from) }, { x: edge.target.column, y: this.y(edge.target) }];
    if (edge.back) {
      const low = Math.max(a.y, b.y) + 0.45;
      return [a, { x: a.x, y: low }, { x: b.x, y: low }, b];
    }
    if (edge.source.host && !edge.down) return [{ x: a.x + 0.2, y: a.y + 0.1 }, { x: a.x + 0.2, y: b.y === a.y ? a.y + 0.4 : b.y }, ...(b.y === a.y ? [{ x: b.x - 0.4, y: a.y + 0.4 }, { x: b.x - 0.4, y: b.y }] : []), b];
    if (a.y === b.y || a.x === b.x) return [a, b];
    const ways = (edge.from.gateway ? [a.x, b.x - 0.5] : [a.x + 0.5, b.x - 0.5]).map((x) => [a, { x, y: a.y }, { x, y: b.y }, b]);
    const [early, late] = ways.map((way) => this.over(way, edge));
    return early < late ? ways[0] : ways[1];
  }

  // How many nodes a way passes over.
  over(way, { from, target }) {
    let count = 0;
    for (let at = 1; at < way.length; at++) {
      const [a, b] = [way[at - 1], way[at]];
      if (a.y === b.y) {
        for (let x = Math.ceil(Math.min(a.x, b.x)); x <= Math.max(a.x, b.x); x++) count += this.hit(x, a.y, from, target);
      } else if (Number.isInteger(a.x)) {
        for (let y = Math.min(a.y, b.y); y <= Math.max(a.y, b.y); y++) count += this.hit(a.x, y, from, target);
      }
    }
    return count;
  }

  hit(column, y, from, target) {
    for (let level = 0; level < this.levels; level++) {
      const one = this.at(column, y - this.base[level]);
      if (one && one.level === level) return one === from || one === target ? 0 : 1;
    }
    return 0;
  }

  price(edge) {
    const [a, b] = [this.y(edge.from), this.y(edge.target)];
    const bends = edge.way.length - 2;
    const upward = edge.down && b <= a ? COST.upward : 0;
    return COST.length * Math.abs(a - b) + COST.bend * bends + COST.over * this.over(edge.way, edge) + upward;
  }

  // Empty rows are taken out.
  squeeze() {
    for (let level = 0; level < this.levels; level++) {
      const here = this.stand.filter((one) => one.level === level);
      const used = [...new Set(here.map((one) => one.row))].sort((a, b) => a - b);
      const start = level * APART + APART / 2;
      for (const one of here) this.take(one);
      for (const one of here) this.put(one, start + used.indexOf(one.row));
    }
  }

  close() {
    this.squeeze();
    this.measure();
    for (const one of this.stand) one.row -= one.level * APART + APART / 2;
  }
}

function passes({ way, left, right }, x, y) {
  if (x < left || x > right) return false;
  for (let at = 1; at < way.length; at++) {
    const [a, b] = [way[at - 1], way[at]];
    if (a.y === b.y ? a.y === y && x >= Math.min(a.x, b.x) && x <= Math.max(a.x, b.x) : a.x === x && between(y, a.y, b.y)) return true;
  }
  return false;
}

function crossings(one, other) {
  if (one.from === other.from || one.target === other.target) return 0;
  let count = 0;
  for (let i = 1; i < one.way.length; i++) for (let j = 1; j < other.way.length; j++) if (crosses(one.way[i - 1], one.way[i], other.way[j - 1], other.way[j])) count++;
  return count;
}

function crosses(a, b, c, d) {
  const level = a.y === b.y;
  if (level === (c.y === d.y)) return false;
  const [h, k, v, w] = level ? [a, b, c, d] : [c, d, a, b];
  return between(v.x, h.x, k.x) && between(h.y, v.y, w.y);
}

const between = (value, one, other) => value > Math.min(one, other) && value < Math.max(one, other);
