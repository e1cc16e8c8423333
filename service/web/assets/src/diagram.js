// Shows a deployed diagram with what a case has done on it: colours with shapes, badges with words, links into called diagrams.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

for (const box of document.querySelectorAll("[data-diagram]")) {
  const fold = box.closest("details");
  if (!fold || fold.open) open(box);
  else fold.addEventListener("toggle", () => open(box), { once: true });
}

async function open(box) {
  const viewer = new NavigatedViewer({ container: box });
  const said = box.parentElement.querySelector("[data-diagram-said]");
  try {
    const [xml, marks] = await Promise.all([
      fetch(box.dataset.diagram).then(text),
      box.dataset.marks ? fetch(box.dataset.marks).then((answer) => answer.json()) : { elements: {} },
    ]);
    await viewer.importXML(xml);
    paint(viewer, marks.elements);
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
  if (canvas.viewbox().scale < 0.55) lookAtWork(viewer);
  const tools = box.parentElement.querySelector(".tools-float");
  if (tools) {
    tools.hidden = false;
    tools.addEventListener("click", ({ target }) => {
      const act = target.closest("[data-zoom]")?.dataset.zoom;
      if (act === "fit") fit();
      if (act === "in" || act === "out") viewer.get("zoomScroll").stepZoom(act === "in" ? 1 : -1);
    });
  }
  box.dataset.ready = "yes";
}

// A flat diagram needs no tall frame.
function fitHeight(box, canvas) {
  const { inner } = canvas.viewbox();
  const wanted = Math.min(1.15, (box.clientWidth * 0.94) / inner.width) * inner.height + 110;
  if (wanted < box.clientHeight) {
    box.style.minHeight = "0";
    box.style.height = `${Math.max(220, Math.ceil(wanted))}px`;
    canvas.resized();
  }
}

// A large diagram begins where work is going on; the button shows all of it.
function lookAtWork(viewer) {
  const canvas = viewer.get("canvas");
  const open = viewer.get("elementRegistry").filter((shape) => /mark-(active|yellow|late|escalated|failed)/.test([...shape.markers ?? []].join(" ")) && shape.width && !shape.children?.length);
  if (!open.length) return;
  const left = Math.min(...open.map((shape) => shape.x)) - 160;
  const top = Math.min(...open.map((shape) => shape.y)) - 70;
  const right = Math.max(...open.map((shape) => shape.x + shape.width)) + 260;
  const bottom = Math.max(...open.map((shape) => shape.y + shape.height)) + 90;
  const { outer } = canvas.viewbox();
  const scale = Math.max(0.45, Math.min(0.9, outer.width / (right - left), outer.height / (bottom - top)));
  canvas.viewbox({ x: left, y: top, width: outer.width / scale, height: outer.height / scale });
}

async function text(answer) {
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.text();
}

function paint(viewer, elements) {
  const canvas = viewer.get("canvas");
  const overlays = viewer.get("overlays");
  const registry = viewer.get("elementRegistry");
  for (const [id, mark] of Object.entries(elements)) {
    const shape = registry.get(id);
    if (!shape || shape.waypoints) continue;
    canvas.addMarker(id, `mark-${mark.state}`);
    if (mark.badge) overlays.add(id, { position: { top: -13, left: -6 }, html: label("note-badge", mark.state, mark.badge) });
    if (mark.owner) overlays.add(id, { position: { bottom: -3, left: 0 }, html: label("note-owner", mark.state, mark.owner) });
    if (mark.href) {
      const link = label("note-open", mark.state, mark.link, "a");
      link.href = mark.href;
      overlays.add(id, { position: { bottom: 26, left: 6 }, html: link });
    }
  }
}

function label(kind, state, words, tag = "span") {
  const node = document.createElement(tag);
  node.className = `${kind} ${state}`;
  node.textContent = words;
  return node;
}
