// Bundles feelin, with some of its internals exported, into ../feel.js.
// Stops when feelin is not the very file that was reviewed.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);

const REVIEWED = { version: '6.1.1', sha256: '03f7a4e2398c0fe749f9bbcd1c3a71bd6431cebac62c01ca1ebeefc3948cd2b1' };
const EXPORTED = [
  'interpreter', 'InterpreterContext', 'Range', 'FunctionWrapper', 'getType', 'typeCast', 'toString', 'builtins'
];

// `list[contains(xs, item)]`, `list[a.b]`: feelin takes a filter that is a call, a name or a path for an index, or for one truth
// about the whole list. DMN 1.3, 10.3.2.5: only a number is an index, everything else is asked of every item.
const MENDED = [ [
  "if (['number', 'boolean', 'any'].includes(type)) {",
  `if (type === 'any' && !isNumber(filterFn(context))) {
                return filterTarget.filter(el => filterFn({ ...context, item: el, ...el }) === true);
            }
            if (['number', 'boolean', 'any'].includes(type)) {`
] ];

async function openUp({ path }) {
  const source = await readFile(path, 'utf8');
  const sha256 = createHash('sha256').update(source).digest('hex');
  if (sha256 !== REVIEWED.sha256) {
    throw new Error(`feelin is not ${REVIEWED.version} as it was reviewed, but sha256 ${sha256}`);
  }
  for (const name of EXPORTED) {
    const declarations = source.match(new RegExp(`^(?:const|class|function) ${name}\\b`, 'gm')) ?? [];
    if (declarations.length !== 1) {
      throw new Error(`feelin declares ${name} ${declarations.length} times at its top level`);
    }
  }
  let mended = source;
  for (const [ was, is ] of MENDED) {
    if (mended.split(was).length !== 2) throw new Error(`feelin says ${was} not exactly once`);
    mended = mended.replace(was, () => is);
  }
  return { contents: `${mended}\nexport { ${EXPORTED.join(', ')} };\n`, loader: 'js' };
}

const feelinInternals = {
  name: 'feelin-internals',
  setup(bundler) {
    bundler.onResolve({ filter: /^feelin#internals$/ }, () => ({ path: require.resolve('@bpmn-io/feelin') }));
    bundler.onLoad({ filter: /[\\/]@bpmn-io[\\/]feelin[\\/]dist[\\/]index\.js$/ }, openUp);
  }
};

await build({
  absWorkingDir: here,
  entryPoints: [ 'host.js' ],
  inject: [ 'intl.js' ],
  outfile: join(here, '..', 'feel.js'),
  plugins: [ feelinInternals ],
  bundle: true,
  format: 'iife',
  target: 'es2022',
  minify: true,
  charset: 'utf8',
  legalComments: 'inline',
  logLevel: 'info'
});
