// Which column every node stands in: flows lead to the right, except those that close a round; an edge event's way may begin under its host.

export function columns({ nodes, edges }) {
  const stand = nodes.filter((one) => !one.host);
  const out = new Map(stand.map((one) => [one, []]));
  const into = new Map(stand.map((one) => [one, 0]));
  for (const edge of edges) {
    edge.from = edge.source.host ?? edge.source;
    out.get(edge.from)?.push(edge);
    into.set(edge.target, into.get(edge.target) + 1);
  }
  closeRounds(stand, out, into);
  for (const one of stand) under(one, out.get(one), into);
  rank(stand, out);
  pull(stand, out, into);
  const alone = stand.filter((one) => !into.get(one) && !out.get(one).length);
  alone.forEach((one, at) => (one.column = stand.length > alone.length ? at + 1 : at));
  return stand;
}

// Depth first from the starts, in the order of the file: a flow to where one came from closes a round.
function closeRounds(stand, out, into) {
  const state = new Map();
  const begin = [...stand.filter((one) => !into.get(one)), ...stand.filter((one) => one.element.$type === "bpmn:StartEvent"), ...stand];
  for (const first of begin) {
    if (state.has(first)) continue;
    const trail = [[first, 0]];
    state.set(first, "open");
    while (trail.length) {
      const top = trail.at(-1);
      const edge = out.get(top[0])[top[1]++];
      if (!edge) {
        state.set(top[0], "done");
        trail.pop();
      } else if (state.get(edge.target) === "open") {
        edge.back = true;
      } else if (!state.has(edge.target)) {
        state.set(edge.target, "open");
        trail.push([edge.target, 0]);
      }
    }
  }
}

// What only the edge event of a step leads to stands right under the step; one way a step has this.
function under(one, leaving, into) {
  const down = leaving.find((edge) => edge.source.host && !edge.back && into.get(edge.target) === 1);
  if (down) down.down = true;
  if (down) one.edge.sort((a, b) => (b === down.source) - (a === down.source));
}

function rank(stand, out) {
  const waiting = new Map(stand.map((one) => [one, 0]));
  for (const one of stand) for (const edge of out.get(one)) if (!edge.back) waiting.set(edge.target, waiting.get(edge.target) + 1);
  const ready = stand.filter((one) => !waiting.get(one));
  for (const one of stand) one.column = 0;
  for (const one of ready) {
    for (const edge of out.get(one)) {
      if (edge.back) continue;
      edge.target.column = Math.max(edge.target.column, one.column + (edge.down ? 0 : 1));
      waiting.set(edge.target, waiting.get(edge.target) - 1);
      if (!waiting.get(edge.target)) ready.push(edge.target);
    }
  }
}

// A start stands right before what it leads to.
function pull(stand, out, into) {
  for (const one of stand) {
    const ahead = out.get(one).filter((edge) => !edge.back);
    if (!into.get(one) && ahead.length) one.column = Math.max(0, Math.min(...ahead.map((edge) => edge.target.column - 1)));
  }
}
