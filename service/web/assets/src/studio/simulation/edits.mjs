// Where the simulation of tokens writes its words itself: each of them asks `translate` instead; and markup with colours in it goes
// by `painted.js`. The build fails when one is not there any more.
import { fileURLToPath } from "node:url";
import chinese from "./chinese.json" with { type: "json" };

const HEAD = "src/studio/simulation/words.js";
const FEATURES = "bpmn-js-token-simulation/lib/features";
const PAINTED = JSON.stringify(fileURLToPath(new URL("./painted.js", import.meta.url)));
const said = (words, given = "") => {
  if (!(words in chinese)) throw new Error(`no Chinese in src/studio/simulation/chinese.json for: ${words}`);
  return `lianbanSays(${JSON.stringify(words)}${given})`;
};
const text = (before, words) => [`${before}'${words}'`, before + said(words)];
const title = (words) => [`title="${words}"`, `title="\${ ${said(words)} }"`];
const within = (words, before = "", after = "") => [before + words + after, `${before}\${ ${said(words)} }${after}`];
const painted = [
  ["  domify", "  domify as lianbanMade"],
  ["from 'min-dom';", `from 'min-dom';\nimport { domify } from ${PAINTED};`],
];

const changes = {
  "context-pads/handler/ExclusiveGatewayHandler.js": [title("Set Sequence Flow")],
  "context-pads/handler/InclusiveGatewayHandler.js": [title("Set Sequence Flow")],
  "context-pads/handler/PauseHandler.js": [["${ wait ? 'Remove' : 'Add' } pause point", `\${ wait ? ${said("Remove pause point")} : ${said("Add pause point")} }`]],
  "context-pads/handler/TriggerHandler.js": [title("Trigger Event")],
  "element-notifications/ElementNotifications.js": painted,
  "element-support/ElementSupport.js": [text("text: ", "Found unsupported elements"), text("text: ", "Not supported")],
  "log/Log.js": [
    ...painted,
    ["|| 'SubProcess') : 'Process'", `|| ${said("SubProcess")}) : ${said("Process")}`],
    ["completed ? 'finished' : 'canceled'", `completed ? ${said("finished")} : ${said("canceled")}`],
    within("started", "} ", "`"),
    ...["Service Task", "User Task", "Call Activity", "Script Task", "Business Rule Task", "Manual Task", "Receive Task", "Send Task", "Task", "Exclusive Gateway", "Parallel Gateway", "Inclusive Gateway", "Start Event", "Intermediate Event", "Boundary Event", "End Event"].map((one) => text("elementName || ", one)),
    within("Simulation Log", "        "),
    [`'<p class="bts-entry placeholder">No Entries</p>'`, `\`<p class="bts-entry placeholder">\${ ${said("No Entries")} }</p>\``],
    within("No Entries", '<p class="bts-entry placeholder">', "</p>"),
    title("Toggle Simulation Log"),
    ['aria-label="Close"', `aria-label="\${ ${said("Close")} }"`],
  ],
  "notifications/Notifications.js": painted,
  "pause-simulation/PauseSimulation.js": [title("Play/Pause Simulation"), text("text: ", "Pause Simulation"), text("text: ", "Play Simulation")],
  "reset-simulation/ResetSimulation.js": [title("Reset Simulation"), text("text: ", "Reset Simulation")],
  "set-animation-speed/SetAnimationSpeed.js": [
    ...["Slow", "Normal", "Fast"].map((one) => text("[ ", one)),
    ["Set animation speed = ${ label }", `\${ ${said("Set animation speed = {label}", ", { label }")} }`],
  ],
  "show-scopes/ShowScopes.js": [...painted, ["Focus process instance ${scope.id}", `\${ ${said("Focus process instance {id}", ", { id: scope.id }")} }`]],
  "simulation-state/SimulationState.js": [text("text: ", "Finished")],
  "toggle-mode/modeler/ToggleMode.js": [within("Token Simulation", "", " <span")],
  "toggle-mode/viewer/ToggleMode.js": [within("Token Simulation", "", " <span")],
  "token-count/TokenCount.js": painted,
};

export const simulationEdits = Object.fromEntries(Object.entries(changes).map(([file, list]) => [`${FEATURES}/${file}`, { head: HEAD, changes: list }]));
