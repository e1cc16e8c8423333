// What Python calls inside QuickJS. An expression is parsed once; its execution tree is kept and run again.
import { builtins, interpreter, InterpreterContext } from 'feelin#internals';
import './additions.js';
import { revive, Writer } from './border.js';
import { setNow } from './moments.js';
import { describe } from './syntax.js';

const programs = [];
const hosted = new Set();

// QuickJS cannot call Python while a time limit holds. So a run that needs an answer of the host stops and names the
// question; Python answers and runs it again.
let answers = null;

class Question extends Error {
  constructor(key, name, args) {
    super(name);
    Object.assign(this, { key, name, args });
  }
}

globalThis.feelHost = (name, parametersJson) => {
  const ask = function(...args) {
    const writer = new Writer();
    const sent = args.map(arg => writer.write(arg));
    const key = name + JSON.stringify(sent);
    if (answers !== null && Object.hasOwn(answers, key)) return revive(answers[key]);
    throw new Question(key, name, sent);
  };
  ask.$args = JSON.parse(parametersJson);
  builtins[name] = ask;
  hosted.add(name);
};

globalThis.feelCompile = (unary, source, shapeJson) => {
  const context = new InterpreterContext();
  const { root, parseTree } = interpreter[unary ? 'unaryTest' : 'evaluate'](
    source, JSON.parse(shapeJson), undefined, context
  );
  programs.push({ root, context, unary });
  return JSON.stringify({ id: programs.length - 1, ...describe(parseTree, source, hosted) });
};

function run(id, data) {
  const { root, context, unary } = programs[id];
  context.warnings = []; // the tree keeps its context: warnings would pile up for ever
  const result = root(data);
  return unary ? result(data['?'] ?? null) : result;
}

// true | false | JSON of [ 'j', value ] | [ 's', value with "@" keys ] | [ 'h', [ key, name, args ] ].
// Strings leave through JSON.stringify only: quickjs-ng for Python cannot take a rope.
globalThis.feelRun = (id, json, temporal, answersJson, now) => {
  setNow(now);
  const data = JSON.parse(json);
  answers = answersJson === '' ? null : JSON.parse(answersJson);
  try {
    const result = run(id, temporal ? revive(data) : data);
    if (result === true || result === false) return result;
    const writer = new Writer();
    const written = writer.write(result);
    return JSON.stringify([ writer.special ? 's' : 'j', written ]);
  } catch (error) {
    if (error instanceof Question) return JSON.stringify([ 'h', [ error.key, error.name, error.args ] ]);
    throw error;
  }
};

// Many expressions over one context in one crossing (the cells of a decision table).
globalThis.feelRunMany = (idsJson, json, temporal, now) => {
  setNow(now);
  const data = JSON.parse(json);
  const context = temporal ? revive(data) : data;
  const writer = new Writer();
  answers = null;
  const results = JSON.parse(idsJson).map(id => writer.write(run(id, context)));
  return JSON.stringify([ writer.special ? 's' : 'j', results ]);
};
