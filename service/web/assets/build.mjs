// Builds ../static/dist: scripts and styles with content-hash names, and manifest.json that maps plain names to them;
// and copies the whole fonts papers are printed with to ../../documents/fonts.
import { build } from "esbuild";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rewriting } from "./rewriting.mjs";
import { formEdits, onePreact } from "./src/forms/edits.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "..", "static", "dist");

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });

const result = await build({
  absWorkingDir: here,
  entryPoints: ["src/page.js", "src/diagram.js", "src/compare.js", "src/studio.js", "src/forms.js", "src/window.js", "src/page.css", "src/diagram.css", "src/studio.css", "src/forms.css", "src/fonts.css", "src/icons.svg"],
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
  plugins: [rewriting(here, { ...formEdits }), onePreact],
  logLevel: "warning",
});

await refuseEnglish(result.metafile);

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

// Everything the editor can say has to be in the Chinese catalogue, and nothing that it does not say any more.
async function refuseEnglish({ outputs }) {
  const known = JSON.parse(await readFile(join(here, "src/studio/chinese.json"), "utf8"));
  const [studio] = Object.values(outputs).filter(({ entryPoint }) => entryPoint === "src/studio.js");
  const said = new Set();
  for (const input of Object.keys(studio.inputs).filter((one) => /node_modules\/(bpmn-js|diagram-js)/.test(one))) {
    const source = (await readFile(join(here, input), "utf8")).replace(/\/\*[\s\S]*?\*\//g, "");
    for (const [, words] of source.matchAll(/translate\(\s*'([A-Z][^']+)'\s*[,)]/g)) said.add(words);
    for (const [, words] of source.matchAll(/_MSG = '([^']+)'/g)) said.add(words);
    if (/(ReplaceOptions|CreateOptions|TypeUtil)\.js$/.test(input)) for (const [, words] of source.matchAll(/label: '([^']+)'/g)) said.add(words);
  }
  const missing = [...said].filter((words) => !(words in known));
  if (missing.length) throw new Error(`no Chinese in src/studio/chinese.json for: ${missing.join(" | ")}`);
}
