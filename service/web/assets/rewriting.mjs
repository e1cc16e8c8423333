// Texts of libraries that nothing else can reach are rewritten while building; the build fails when one of them is gone.
import { readFile } from "node:fs/promises";
import { join } from "node:path";

export function rewriting(here, edits) {
  return {
    name: "rewriting",
    setup(build) {
      for (const [path, { head = "", changes }] of Object.entries(edits)) {
        const filter = new RegExp(`node_modules/${path.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`);
        build.onLoad({ filter }, async ({ path: file }) => {
          let contents = await readFile(file, "utf8");
          for (const [was, now] of changes) {
            if (!contents.includes(was)) throw new Error(`${path} does not say ${was} any more`);
            contents = contents.replaceAll(was, now);
          }
          const importing = head && `import { translate as lianbanSays } from ${JSON.stringify(join(here, head))};\n`;
          return { contents: importing + contents, loader: "js" };
        });
      }
    },
  };
}
