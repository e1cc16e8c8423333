// Shows a deployed diagram with what a case has done on it: colours with shapes, badges with words, links into called diagrams.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

const READABLE = 0.72; // scale below which the names on a diagram are hard to read
const SMALL = { min: 0.72, max: 1 }; // notes stay readable when the diagram is small
const URGENCY = ["active", "yellow", "late", "escalated", "failed", "heat-1", "heat-2", "heat-3", "heat-4"];

for (const box of document.querySelectorAll("[data-diagram]")) {
  // What is folded away or stands on another tab has no size to draw in: it is drawn when it comes into sight.
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting || entry.intersectionRect.height)) return;
    seen.disconnect();
    open(box);
  });
  if (box.clientWidth) open(box);
  else seen.observe(box);
}

async function open(box) {
  const fontFamily = getComputedStyle(document.body).fontFamily;
  const viewer = new NavigatedViewer({
    container: box,
    textRenderer: { defaultStyle: { fontFamily } },
    additionalModules: [{ translate: ["value", inWords(box)] }],
  });
  const said = box.parentElement.querySelector("[data-diagram-said]");
  try {
    const [xml, marks] = await Promise.all([
      fetch(box.dataset.diagram).then(text),
      box.dataset.marks ? fetch(box.dataset.marks).then((answer) => answer.json()) : { elements: {} },
    ]);
    await viewer.importXML(xml);
    paint(viewer, marks);
    listen(viewer, marks);
    if (marks.running) follow(viewer, box, marks);
  } catch {
    box.hidden = true;
    if (said) said.hidden = false;
    return;
  }
  const canvas = viewer.get("canvas");
  const fit = () => {
    canvas.zoom("fit-viewport", "auto");
    const { scale } = canvas.viewbox();
    canvas.zoom(Math.min(scale * 0.94, 1.15), "auto");
  };
  fitHeight(box, canvas);
  fit();
  const work = () => lookAtWork(viewer, box.clientWidth, box.clientHeight);
  const small = canvas.viewbox().scale < (isOpen(box) ? READABLE : READABLE / 2);
  if (small) work();
  const tools = box.parentElement.querySelector(".tools-float");
  if (tools) {
    tools.hidden = false;
    const toWork = tools.querySelector("[data-zoom=work]");
    if (toWork) toWork.hidden = !small || !isOpen(box);
    tools.addEventListener("click", ({ target }) => {
      const act = target.closest("[data-zoom]")?.dataset.zoom;
      if (act === "fit") fit();
      if (act === "work") work();
      if (act === "in" || act === "out") viewer.get("zoomScroll").stepZoom(act === "in" ? 1 : -1);
    });
  }
  box.dataset.ready = "yes";
}

// What the viewer says by itself, in the words of the page; what nobody translated is left out rather than said in English.
function inWords(box) {
  const said = { "Open {element}": box.dataset.openWords };
  return (template, given = {}) => (said[template] ?? "").replace(/{(\w+)}/g, (_, name) => given[name] ?? "");
}

function isOpen(box) {
  return Boolean(box.querySelector(URGENCY.map((state) => `.mark-${state}`).join()));
}

// A flat diagram needs no tall frame.
function fitHeight(box, canvas) {
  const { inner } = canvas.viewbox();
  const scale = Math.min(1.15, (box.clientWidth * 0.94) / inner.width);
  const wanted = scale * inner.height + 110;
  if (scale >= READABLE && wanted < box.clientHeight) {
    box.style.minHeight = "0";
    box.style.height = `${Math.max(220, Math.ceil(wanted))}px`;
    canvas.resized();
  }
}

// A large diagram begins where work is going on, most urgent first, else at its start; the button shows all of it.
function lookAtWork(viewer, width, height) {
  const canvas = viewer.get("canvas");
  const urgency = (shape) => URGENCY.findIndex((state) => canvas.hasMarker(shape, `mark-${state}`));
  const shown = viewer.get("elementRegistry").filter((shape) => shape.width && !shape.labelTarget && canvas.findRoot(shape) === canvas.getRootElement());
  const open = shown.filter((shape) => urgency(shape) >= 0).sort((one, other) => urgency(other) - urgency(one) || one.x - other.x);
  const first = open[0] ?? shown.find((shape) => shape.type === "bpmn:StartEvent");
  if (!first) return;
  let seen = around([first]);
  for (const shape of open) {
    const wider = around([shape], seen);
    if (width / wider.width >= READABLE && height / wider.height >= READABLE) seen = wider;
  }
  const scale = Math.max(READABLE, Math.min(0.95, width / seen.width, height / seen.height));
  const [wide, high] = [width / scale, height / scale];
  const { inner } = canvas.viewbox();
  const within = (at, size, least, most) => (size >= most - least ? least - (size - most + least) / 2 : Math.max(least, Math.min(at, most - size)));
  canvas.viewbox({
    x: within(seen.x + seen.width / 2 - wide / 2, wide, inner.x - 20, inner.x + inner.width + 20),
    y: within(seen.y + seen.height / 2 - high / 2, high, inner.y - 60, inner.y + inner.height + 20),
    width: wide,
    height: high,
  });
}

// The frame around shapes with room for what is written beside them, joined with another frame.
function around(shapes, frame) {
  const boxes = shapes.map((shape) => [shape.x - 60, shape.y - 70, shape.x + shape.width + 120, shape.y + shape.height + 70]);
  if (frame) boxes.push([frame.x, frame.y, frame.x + frame.width, frame.y + frame.height]);
  const [x, y] = [0, 1].map((side) => Math.min(...boxes.map((box) => box[side])));
  const [right, bottom] = [2, 3].map((side) => Math.max(...boxes.map((box) => box[side])));
  return { x, y, width: right - x, height: bottom - y };
}

async function text(answer) {
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.text();
}

const ASKED_EVERY = 20_000; // milliseconds between two looks at a case that goes on

// A case that goes on is looked at again while somebody looks at the page; place and scale stay as they are.
function follow(viewer, box, seen) {
  let last = JSON.stringify(seen);
  const timer = setInterval(async () => {
    if (document.hidden || !box.isConnected) return;
    const answer = await fetch(box.dataset.marks).catch(() => null);
    if (!answer?.ok) return;
    const marks = await answer.json();
    if (JSON.stringify(marks) !== last) {
      last = JSON.stringify(marks);
      wipe(viewer);
      paint(viewer, marks);
      box.acts = marks.elements;
    }
    if (!marks.running) clearInterval(timer);
  }, ASKED_EVERY);
}

function wipe(viewer) {
  const canvas = viewer.get("canvas");
  viewer.get("overlays").clear();
  viewer.get("elementRegistry").forEach((shape, gfx) => {
    for (const name of [...gfx.classList]) if (/^(mark|ahead)-/.test(name)) canvas.removeMarker(shape, name);
  });
}

// A click on a step leads to what was done there.
function listen(viewer, marks) {
  const box = viewer.get("canvas").getContainer().closest("[data-diagram]");
  box.acts = marks.elements;
  viewer.get("eventBus").on("element.click", ({ element }) => {
    const mark = box.acts[element.labelTarget?.id ?? element.id];
    if (mark?.acts) location.assign(mark.acts);
  });
}

function paint(viewer, { elements, planned = [], possible = [] }) {
  const canvas = viewer.get("canvas");
  const overlays = viewer.get("overlays");
  const registry = viewer.get("elementRegistry");
  for (const [ids, marker] of [[planned, "ahead-planned"], [possible, "ahead-possible"]]) {
    for (const id of ids) if (registry.get(id) && !elements[id]) canvas.addMarker(id, marker);
  }
  for (const [id, mark] of Object.entries(elements)) {
    const shape = registry.get(id);
    if (!shape || shape.waypoints) continue;
    canvas.addMarker(id, `mark-${mark.state}`);
    if (mark.acts) canvas.addMarker(id, "mark-link");
    if (mark.badge) note(viewer, shape, mark);
    if (mark.count) overlays.add(id, { position: { bottom: 10, right: 58 }, html: label("note-count", mark.state, mark.count), scale: SMALL });
    if (mark.href) {
      overlays.remove({ element: id, type: "drilldown" });
      const link = label("note-open", mark.state, mark.link, "a");
      link.href = mark.href;
      overlays.add(id, { position: { bottom: 26, left: 6 }, html: link });
    }
  }
}

// What is said about an element: a mark on its corner; for open work a card where it covers nothing else.
function note(viewer, shape, mark) {
  const overlays = viewer.get("overlays");
  const badge = label("note-badge", mark.state, mark.badge);
  if (!mark.owner) {
    overlays.add(shape, { position: { top: -11, right: 16 }, html: badge, scale: SMALL });
    return;
  }
  const card = document.createElement("div");
  card.append(badge, label("note-owner", mark.state, mark.owner));
  const side = freeSide(viewer, shape, [mark.badge, mark.owner]);
  card.className = `note-card ${side}`;
  const position = { above: { top: -4, left: 0 }, below: { bottom: -4, left: 0 }, beside: { top: -6, right: -6 } }[side];
  overlays.add(shape, { position, html: card, scale: SMALL });
}

// Above, below or beside: where the card covers least of other elements, boundary events and labels.
function freeSide(viewer, shape, lines) {
  const canvas = viewer.get("canvas");
  const wide = Math.max(...lines.map((line) => [...line].reduce((sum, char) => sum + (char > "\u2e80" ? 12 : 7), 16)));
  const high = 20 * lines.length;
  const { x, y, width, height } = shape;
  const places = { above: [x, y - high - 4], below: [x, y + height + 4], beside: [x + width + 6, y - 6] };
  const others = viewer.get("elementRegistry").filter(
    (other) => other !== shape && other.width && !/Lane|Participant/.test(other.type) && !holds(other, shape) && canvas.findRoot(other) === canvas.findRoot(shape),
  );
  const shared = (from, length, start, size) => Math.max(0, Math.min(from + length, start + size) - Math.max(from, start));
  const covered = ([left, top]) => others.reduce((sum, o) => sum + shared(left, wide, o.x, o.width) * shared(top, high, o.y, o.height), 0);
  return Object.keys(places).reduce((best, side) => (covered(places[side]) < covered(places[best]) ? side : best));
}

function holds(outer, shape) {
  return outer.x <= shape.x && outer.y <= shape.y && outer.x + outer.width >= shape.x + shape.width && outer.y + outer.height >= shape.y + shape.height;
}

function label(kind, state, words, tag = "span") {
  const node = document.createElement(tag);
  node.className = `${kind} ${state}`;
  node.textContent = words;
  return node;
}
