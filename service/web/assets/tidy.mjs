// Lays out files from the command line, as 自动排版 does in the designer: node tidy.mjs [--bare] FOLDER FILE …
// Writes every file under its name into the folder and one line about it: name, milliseconds of processor time. `--bare`: as if there were no drawing.
import { readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { BpmnModdle } from "bpmn-moddle";
import { drawInto } from "./src/studio/tidy/drawing.mjs";
import { tidy } from "./src/studio/tidy/tidy.mjs";

const [folder, ...files] = process.argv.slice(2).filter((word) => word !== "--bare");
for (const file of files) {
  const { rootElement } = await new BpmnModdle().fromXML(await readFile(file, "utf8"));
  if (process.argv.includes("--bare")) rootElement.set("diagrams", []);
  const begun = process.cpuUsage();
  const plan = tidy(rootElement);
  const { user, system } = process.cpuUsage(begun);
  drawInto(rootElement, plan);
  await writeFile(join(folder, basename(file)), (await rootElement.$model.toXML(rootElement, { format: true })).xml);
  console.log(`${basename(file)} ${Math.round((user + system) / 1000)}`);
}
