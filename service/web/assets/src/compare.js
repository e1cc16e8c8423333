// Two diagrams beside each other, moved and zoomed together, coloured by how they differ.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

const SIGNS = { ADDED: "＋", CHANGED: "～", REMOVED: "－" };
const boxes = [...document.querySelectorAll("[data-compared]")];
const open = await Promise.all(boxes.map(show));
const viewers = open.filter(Boolean);
let moving = false;
for (const one of viewers) {
  one.viewer.on("canvas.viewbox.changed", ({ viewbox }) => {
    if (moving) return;
    moving = true;
    const { x, y, width, height } = viewbox;
    for (const other of viewers) if (other !== one) other.viewer.get("canvas").viewbox({ x, y, width, height });
    moving = false;
  });
}
for (const button of document.querySelectorAll("[data-show-element]")) {
  button.addEventListener("click", () => go(button.dataset.showElement));
}

async function show(box) {
  const viewer = new NavigatedViewer({
    container: box,
    textRenderer: { defaultStyle: { fontFamily: getComputedStyle(document.body).fontFamily } },
    additionalModules: [{ translate: ["value", () => ""] }],
  });
  try {
    await viewer.importXML(await fetch(box.dataset.compared).then((answer) => answer.text()));
  } catch {
    box.hidden = true;
    box.parentElement.querySelector("[data-diagram-said]").hidden = false;
    return null;
  }
  const [canvas, overlays, registry] = ["canvas", "overlays", "elementRegistry"].map((one) => viewer.get(one));
  for (const [id, how] of Object.entries(JSON.parse(box.dataset.differences))) {
    const element = registry.get(id);
    if (!element) continue;
    canvas.addMarker(element, `differs-${how.toLowerCase()}`);
    if (element.waypoints || /Lane|Participant/.test(element.type)) continue;
    const sign = document.createElement("span");
    sign.className = `difference-mark ${how.toLowerCase()}`;
    sign.textContent = SIGNS[how];
    overlays.add(element, { position: { top: -10, left: -10 }, html: sign });
  }
  canvas.zoom("fit-viewport", "auto");
  canvas.zoom(Math.min(canvas.viewbox().scale * 0.94, 1.1), "auto");
  box.dataset.ready = "yes";
  return { viewer, box };
}

function go(id) {
  const home = viewers.find(({ viewer }) => viewer.get("elementRegistry").get(id));
  if (!home) return;
  const [canvas, registry] = ["canvas", "elementRegistry"].map((one) => home.viewer.get(one));
  const element = registry.get(id);
  const { width, height } = canvas.viewbox().outer;
  const at = element.waypoints ? element.waypoints[0] : { x: element.x + element.width / 2, y: element.y + element.height / 2 };
  canvas.viewbox({ x: at.x - width / 2, y: at.y - height / 2, width, height });
  document.querySelectorAll(".difference-here").forEach((one) => one.classList.remove("difference-here"));
  for (const { viewer } of viewers) viewer.get("elementRegistry").getGraphics(id)?.classList.add("difference-here");
  home.box.scrollIntoView({ block: "center", behavior: "smooth" });
}
