// Where names stand that are written beside symbols and lines: at the nearest place where nothing else is.
const AIR = 4; // pixels around a name

export class Names {
  constructor(boxes, lines) {
    [this.boxes, this.lines, this.words] = [boxes, lines, []];
    this.crowded = 0; // names for which no free place was found
  }

  // Where the name of a symbol is likely to stand, told before lines are drawn.
  static likely(one) {
    return places(one)[0];
  }

  put(tries, { width, height }) {
    const free = tries.find((at) => this.free({ ...at, width, height }));
    if (!free) this.crowded++;
    const box = { ...(free ?? tries[0]), width, height };
    this.words.push(box);
    return box;
  }

  node(one) {
    one.label = this.put(places(one), one.words);
  }

  line(edge) {
    edge.label = this.put(along(edge), edge.words);
  }

  free(box) {
    const wide = { x: box.x - AIR, y: box.y - AIR, width: box.width + 2 * AIR, height: box.height + 2 * AIR };
    if (this.words.some((other) => shares(wide, other)) || this.boxes.some((other) => covers(box, other))) return false;
    const near = { x: box.x - 1, y: box.y - 1, width: box.width + 2, height: box.height + 2 };
    return this.lines.every((points) => points.every((point, at) => !at || !shares(near, { x: Math.min(point.x, points[at - 1].x), y: Math.min(point.y, points[at - 1].y), width: Math.abs(point.x - points[at - 1].x), height: Math.abs(point.y - points[at - 1].y) })));
  }
}

const shares = (one, other) => one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height && other.y < one.y + one.height;

function covers(box, node) {
  if (!node.gateway) return shares(box, node);
  const [x, y] = [node.x + node.width / 2, node.y + node.height / 2];
  const [near, level] = [Math.min(Math.max(x, box.x), box.x + box.width), Math.min(Math.max(y, box.y), box.y + box.height)];
  return Math.abs(near - x) / (node.width / 2 + 2) + Math.abs(level - y) / (node.height / 2 + 2) < 1;
}

// Under an event, at the right of an edge event's way down, over the right shoulder of a gateway; then around it, further and further away.
function places(one) {
  const { width, height } = one.words;
  const [across, down] = [one.width / 2, one.height / 2];
  const round = (far) => {
    const [left, right, over, under] = [one.x - width, one.x, one.y - down - 6 - height - far, one.y + down + 6 + far];
    const shoulder = one.gateway ? one.y - down - height + 12 - far : over;
    const foot = one.gateway ? one.y + down - 12 + far : under;
    const beside = [{ x: right + 12, y: shoulder }, { x: left - 12, y: shoulder }, { x: right + 12, y: foot }, { x: left - 12, y: foot }];
    const middle = [{ x: one.x - width / 2, y: under }, { x: one.x - width / 2, y: over }];
    const sides = [{ x: one.x + across + 4 + far, y: one.y + 6 }, { x: one.x - across - 4 - width - far, y: one.y + 6 }, { x: one.x + across + 4 + far, y: one.y - 6 - height }, { x: one.x - across - 4 - width - far, y: one.y - 6 - height }];
    if (one.host) return [...(one.shift < 0 && one === one.host.edge[0] ? [sides[1], sides[0]] : sides.slice(0, 2)), { x: right + 6, y: under }, { x: left - 6, y: under }];
    return one.gateway ? [...beside, ...middle, ...sides] : [...middle, ...sides, ...beside];
  };
  return [0, 8, 16, 26].flatMap(round).map(({ x, y }) => ({ x: Math.round(x), y: Math.round(y) }));
}

// Beside the parts of a line, those near its beginning first.
function along({ points, words: { width, height } }) {
  const tries = [];
  for (let at = 1; at < points.length; at++) {
    const [a, b] = [points[at - 1], points[at]];
    const far = Math.abs(a.x - b.x) + Math.abs(a.y - b.y);
    const level = a.y === b.y;
    const way = level ? Math.sign(b.x - a.x) : Math.sign(b.y - a.y);
    const size = level ? width : height;
    for (let step = 6; step === 6 || step + size <= far - 4; step += 10) {
      const start = way > 0 ? step : -step - size;
      if (level) tries.push({ x: a.x + start, y: a.y - height - 4 }, { x: a.x + start, y: a.y + 4 });
      else tries.push({ x: a.x + 6, y: a.y + start }, { x: a.x - 6 - width, y: a.y + start });
      if (step > 400) break;
    }
  }
  return tries.map(({ x, y }) => ({ x: Math.round(x), y: Math.round(y) }));
}
