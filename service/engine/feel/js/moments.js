// Days and moments as people in Shanghai mean them.
import { builtins, date, typeCast } from 'feelin#internals';

const MEMO_SIZE = 500;

// A literal is parsed once (luxon's values never change).
function remembering(parse) {
  const seen = new Map();
  return text => {
    if (!seen.has(text)) {
      if (seen.size >= MEMO_SIZE) seen.clear();
      seen.set(text, parse(text));
    }
    return seen.get(text);
  };
}

// Ordinary functions, not arrows: `instance of` asks for a prototype.
for (const name of [ 'date', 'time', 'date and time', 'duration', '@' ]) {
  const original = builtins[name];
  const literal = remembering(original);
  builtins[name] = function(...args) {
    if (args.length !== 1) return original(...args);
    const [ value ] = args;
    if (typeof value === 'string') return literal(value);

    // feelin takes the day of a moment in UTC: in Shanghai that is yesterday until 8 o'clock
    return original(name === 'date' ? typeCast(value, 'date') || value : value);
  };
  builtins[name].$args = original.$args;
}

// now() is the instant of the transaction, which the demo clock may have moved
let instant = '';

export function setNow(iso) { instant = iso; }

builtins.now = function() { return instant === '' ? date() : builtins['date and time'](instant); };
builtins.now.$args = [];

// feelin's today() is a moment at midnight, which neither equals nor precedes any date
builtins.today = function() { return builtins.date(builtins.now()); };
builtins.today.$args = [];
