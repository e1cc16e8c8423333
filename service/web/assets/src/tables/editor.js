// The editor of a DMN file: how its decisions hang together, their tables and expressions. What the service does not evaluate is not offered.
import DecisionTableEditor from "dmn-js-decision-table/lib/Editor";
import DecisionTableViewer from "dmn-js-decision-table/lib/Viewer";
import DrdModeler from "dmn-js-drd/lib/Modeler";
import DrdViewer from "dmn-js-drd/lib/NavigatedViewer";
import LiteralExpressionEditor from "dmn-js-literal-expression/lib/Editor";
import LiteralExpressionViewer from "dmn-js-literal-expression/lib/Viewer";
import EditingManager from "dmn-js-shared/lib/base/EditingManager";
import Manager from "dmn-js-shared/lib/base/Manager";
import { is } from "dmn-js-shared/lib/util/ModelUtil";
import { translate } from "./words.js";

const NOT_EVALUATED = /business-knowledge-model|knowledge-source/;

class Offers {
  static $inject = ["palette", "contextPad"];
  constructor(palette, contextPad) {
    palette.registerProvider(100, { getPaletteEntries: () => without });
    contextPad.registerProvider(100, { getContextPadEntries: () => without });
  }
}

function without(entries) {
  return Object.fromEntries(Object.entries(entries).filter(([name]) => !NOT_EVALUATED.test(name)));
}

const views = (drd, table, expression) => [
  { id: "decisionTable", constructor: table, opens: (one) => is(one, "dmn:Decision") && is(one.decisionLogic, "dmn:DecisionTable") },
  { id: "literalExpression", constructor: expression, opens: (one) => is(one, "dmn:Decision") && is(one.decisionLogic, "dmn:LiteralExpression") },
  { id: "drd", constructor: drd, opens: "dmn:Definitions" },
];

class Editor extends EditingManager {
  _getViewProviders = () => views(DrdModeler, DecisionTableEditor, LiteralExpressionEditor);
  _getInitialView = first;
}

class Viewer extends Manager {
  _getViewProviders = () => views(DrdViewer, DecisionTableViewer, LiteralExpressionViewer);
  _getInitialView = first;
}

// A file with one decision opens as its table, others as the picture of how they hang together.
function first(all) {
  const decisions = all.filter(({ type }) => type !== "drd");
  return decisions.length === 1 ? decisions[0] : all.find(({ type }) => type === "drd") ?? all[0];
}

export function openEditor(container, { locked }) {
  const own = { __depends__: [], translate: ["value", translate] };
  const additionalModules = [own];
  const Kind = locked ? Viewer : Editor;
  return new Kind({
    container,
    drd: { additionalModules: locked ? additionalModules : [own, { __init__: ["offers"], offers: ["type", Offers] }] },
    decisionTable: { additionalModules },
    literalExpression: { additionalModules },
  });
}
