// Builds ../static/dist: scripts and styles with content-hash names, and manifest.json that maps plain names to them;
// and copies the whole fonts papers are printed with to ../../documents/fonts.
import { build } from "esbuild";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rewriting } from "./rewriting.mjs";
import { formEdits, onePreact } from "./src/forms/edits.mjs";
import { simulationEdits } from "./src/studio/simulation/edits.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "..", "static", "dist");

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });

const TABLES = "src/tables/words.js";
const edits = {
  "dmn-js-shared/lib/components/List.js": { head: TABLES, changes: [['"title": "Remove item"', '"title": lianbanSays("Remove item")']] },
  "dmn-js-decision-table/lib/features/context-menu/ContextMenu.js": {
    head: TABLES,
    changes: [['"aria-label": "Decision table context menu"', '"aria-label": lianbanSays("Decision table context menu")']],
  },
  "dmn-js-decision-table/lib/features/drag-and-drop/DragAndDrop.js": {
    head: TABLES,
    changes: [
      ["`Move ${isInput(col) ? 'Input' : 'Output'}`", "lianbanSays(`Move ${isInput(col) ? 'Input' : 'Output'}`)"],
      ["`<span style=\"\n          visibility: hidden;\n          position: fixed;\n          top: -10000px\n      \"></span>`", '`<span class="drag-image"></span>`'],
    ],
  },
  "dmn-js-decision-table/lib/features/decision-table-head/components/DecisionTableHead.js": {
    changes: [['createVNode(1, "th", "index-column")', 'createVNode(1, "th", "index-column", null, 1, { "role": "cell" })']], // a heading that says nothing
  },
  "diagram-js/lib/features/popup-menu/PopupMenuComponent.js": { head: "src/studio/words.js", changes: [["title || 'Results'", 'title || lianbanSays("Results")']] },
  // Under our policy no page may write styles into a <style>; a sheet that is adopted may be written.
  "style-mod/src/style-mod.js": { changes: [["if (!root.head && root.adoptedStyleSheets && win.CSSStyleSheet)", "if (root.adoptedStyleSheets && win.CSSStyleSheet)"]] },
};

const result = await build({
  absWorkingDir: here,
  entryPoints: ["src/page.js", "src/diagram.js", "src/compare.js", "src/studio.js", "src/tables.js", "src/forms.js", "src/window.js", "src/page.css", "src/diagram.css", "src/studio.css", "src/tables.css", "src/forms.css", "src/fonts.css", "src/icons.svg"],
  outdir: dist,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["chrome100", "firefox100", "safari15"],
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".svg": "copy", ".woff": "file", ".woff2": "file", ".ttf": "file", ".eot": "file" },
  legalComments: "linked",
  metafile: true,
  plugins: [rewriting(here, { ...edits, ...formEdits, ...simulationEdits }), onePreact],
  logLevel: "warning",
});

await refuseEnglish(result.metafile, "src/studio.js", /node_modules\/(bpmn-js|diagram-js)/, ["src/studio/chinese.json"]);
await refuseEnglish(result.metafile, "src/tables.js", /node_modules\/(dmn-js|table-js|diagram-js)/, ["src/studio/chinese.json", "src/tables/chinese.json"]);

const manifest = {};
for (const [output, { entryPoint }] of Object.entries(result.metafile.outputs)) {
  if (entryPoint) manifest[basename(entryPoint)] = basename(output);
}
await writeFile(join(dist, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
console.log(Object.values(manifest).join("\n"));

const fonts = join(here, "..", "..", "documents", "fonts");
await mkdir(fonts, { recursive: true });
const whole = (name) => join(here, "node_modules", "@expo-google-fonts", name);
await copyFile(join(whole("noto-sans-sc"), "400Regular", "NotoSansSC_400Regular.ttf"), join(fonts, "NotoSansSC-Regular.ttf"));
await copyFile(join(whole("noto-sans-sc"), "700Bold", "NotoSansSC_700Bold.ttf"), join(fonts, "NotoSansSC-Bold.ttf"));
await copyFile(join(whole("noto-sans-jp"), "400Regular", "NotoSansJP_400Regular.ttf"), join(fonts, "NotoSansJP-Regular.ttf"));
await copyFile(join(whole("noto-sans-hk"), "400Regular", "NotoSansHK_400Regular.ttf"), join(fonts, "NotoSansHK-Regular.ttf"));
await copyFile(join(whole("noto-sans-sc"), "LICENSE_FONT"), join(fonts, "LICENSE.txt"));

// Everything an editor can say has to be in its Chinese catalogues.
async function refuseEnglish({ outputs }, entry, libraries, catalogues) {
  const known = Object.assign({}, ...(await Promise.all(catalogues.map(async (one) => JSON.parse(await readFile(join(here, one), "utf8"))))));
  const [editor] = Object.values(outputs).filter(({ entryPoint }) => entryPoint === entry);
  const said = new Set();
  for (const input of Object.keys(editor.inputs).filter((one) => libraries.test(one))) {
    const source = (await readFile(join(here, input), "utf8")).replace(/\/\*[\s\S]*?\*\//g, "");
    for (const [, words] of source.matchAll(/translate\(\s*'([A-Z"e][^']+)'\s*[,)]/g)) said.add(words);
    for (const [, words] of source.matchAll(/lianbanSays\("([^"]+)"\)/g)) said.add(words);
    for (const [, words] of source.matchAll(/_(?:MSG|LABEL) = '([^']+)'/g)) said.add(words);
    if (/(ReplaceOptions|CreateOptions|TypeUtil|HitPolicies)\.js$/.test(input)) for (const [, words] of source.matchAll(/(?:label|explanation): '([^']+)'/g)) said.add(words);
  }
  const missing = [...said].filter((words) => !(words in known));
  if (missing.length) throw new Error(`no Chinese in ${catalogues.at(-1)} for: ${missing.join(" | ")}`);
}
