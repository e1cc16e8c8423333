// What an expression reads, as far as its syntax tells: so that a misspelt name is found when a process is deployed.
import { builtins } from 'feelin#internals';

const LOCAL = new Set([ 'partial', 'item', '?' ]);

const textOf = (node, source) => source.slice(node.from, node.to).replace(/\s+/g, ' ');
const isFirst = node => node.prevSibling === null;

function isBinding({ name, parent }) {
  return name === 'Name' && [ 'InExpression', 'Key' ].includes(parent?.name) ||
    name === 'ParameterName' && parent?.name === 'FormalParameter';
}

// Inside a filter a name may belong to the filtered items: nobody can tell from the text.
function isInsideFilter(node) {
  for (let inner = node; inner.parent !== null; inner = inner.parent) {
    if (inner.parent.name === 'FilterExpression' && !isFirst(inner)) return true;
  }
  return false;
}

function isFreeVariable(node) {
  const parent = node.parent?.name;
  return parent !== 'QualifiedName' && !(parent === 'PathExpression' && !isFirst(node)) && !isInsideFilter(node);
}

// feelin takes `a == 2` for `a = (= 2)`, which is never true
function isDoubledOperator({ name, parent, prevSibling, firstChild }) {
  return name === 'SimplePositiveUnaryTest' && parent?.name === 'Comparison' &&
    prevSibling?.name === 'CompareOp' && firstChild?.name === 'CompareOp';
}

// names: everything read; free: what must come from the context; calls: functions nobody knows; asks: functions that
// the host answers; error: where it goes wrong
export function describe(tree, source, hosted) {
  const names = new Set();
  const variables = new Set();
  const functions = new Set();
  const bound = new Set(LOCAL);
  let error = -1;
  tree.iterate({
    enter({ type, from, node }) {
      const text = () => textOf(node, source);
      if ((type.isError || isDoubledOperator(node)) && error < 0) error = from;
      if (isBinding(node)) bound.add(text());
      if (type.name === '?') names.add('?');
      if (type.name !== 'VariableName') return;
      names.add(text());
      if (!isFreeVariable(node)) return;
      const called = node.parent?.name === 'FunctionInvocation' && isFirst(node);
      (called ? functions : variables).add(text());
    }
  });
  const free = name => !bound.has(name);
  return {
    names: [ ...names ],
    free: [ ...variables ].filter(free),
    calls: [ ...functions ].filter(name => free(name) && !Object.hasOwn(builtins, name)),
    asks: [ ...functions ].filter(name => free(name) && hosted.has(name)),
    error
  };
}
