// What the server finds, beside the diagram and on it: a click leads to the element.
import { make } from "./panel.js";

const WORST = ["error", "warning", "note"];
const MARKS = { error: "!", warning: "!", note: "i" };

export function showFindings(modeler, box, count, words) {
  const canvas = modeler.get("canvas");
  const overlays = modeler.get("overlays");
  const registry = modeler.get("elementRegistry");

  function show(findings) {
    overlays.remove({ type: "finding" });
    registry.forEach((element) => WORST.forEach((one) => canvas.removeMarker(element, `found-${one}`)));
    const by = new Map();
    for (const one of findings) if (one.element) by.set(one.element, [...(by.get(one.element) ?? []), one]);
    for (const [id, found] of by) {
      const element = registry.get(id);
      if (!element || element === canvas.getRootElement()) continue;
      const worst = WORST.find((one) => found.some((each) => each.severity === one));
      canvas.addMarker(element, `found-${worst}`);
      if (element.waypoints || /Lane|Participant/.test(element.type)) continue;
      const badge = make("span", `finding-mark ${worst}`, MARKS[worst]);
      badge.title = found.map((one) => one.text).join("\n");
      overlays.add(element, "finding", { position: { top: -9, left: -9 }, html: badge });
    }
    const sorted = [...findings].sort((one, other) => WORST.indexOf(one.severity) - WORST.indexOf(other.severity));
    box.replaceChildren(...sorted.map(line));
    if (!sorted.length) box.append(make("p", "muted", words.none));
    const wrong = findings.filter((one) => one.severity === "error").length;
    count.textContent = String(wrong || findings.length || "");
    count.className = `count number ${wrong ? "bad" : ""}`;
  }

  function line(one) {
    const row = make("button", `finding-line ${one.severity}`);
    row.type = "button";
    row.append(make("b", "", words.severities[one.severity]), make("span", "", one.text));
    const where = [one.code, one.element].filter(Boolean).join(" · ");
    row.append(make("small", "muted", where));
    if (one.remedy) row.append(make("small", "remedy", one.remedy));
    row.addEventListener("click", () => go(one.element));
    return row;
  }

  function go(id) {
    const element = registry.get(id);
    if (!element) return;
    const root = canvas.findRoot(element);
    if (root && root !== canvas.getRootElement()) canvas.setRootElement(root);
    canvas.scrollToElement(element, 120);
    setTimeout(() => modeler.get("selection").select(element)); // only after the scroll has been drawn
  }

  return { show, go };
}
