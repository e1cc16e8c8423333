// Values on their way in and out: JSON, in which moments, days and durations travel as {"@": ISO text}.
import { builtins, FunctionWrapper, getType, Range, toString } from 'feelin#internals';

function temporalKind(iso) {
  if (/^-?P/.test(iso)) return 'duration';
  if (iso[2] === ':') return 'time';
  return iso.includes('T') ? 'date and time' : 'date';
}

export function revive(value) {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(revive);
  if (typeof value['@'] === 'string') return builtins[temporalKind(value['@'])](value['@']);
  return Object.fromEntries(Object.entries(value).map(([ key, inner ]) => [ key, revive(inner) ]));
}

// Writes values down; `special` tells whether the reader meets any "@" key.
export class Writer {
  special = false;

  write(value) {
    if (value === null || value === undefined) return null;
    if (typeof value === 'number') return Number.isFinite(value) ? value : null;
    if (typeof value === 'string' || typeof value === 'boolean') return value;
    if (Array.isArray(value)) return value.map(item => this.write(item));
    const type = typeof value === 'function' || value instanceof FunctionWrapper ? 'function' : getType(value);
    if (type === 'context') return this.writeContext(value);
    this.special = true;
    if (type === 'function') return { '@type': type };
    if (value instanceof Range) return this.writeRange(value);
    return { '@type': type, '@': toString(value) };
  }

  writeContext(context) {
    const written = {};
    for (const key of Object.keys(context)) {
      if (key[0] === '@') this.special = true;
      written[key[0] === '@' ? `@${key}` : key] = this.write(context[key]);
    }
    return written;
  }

  writeRange(range) {
    return {
      '@type': 'range',
      start: this.write(range.start),
      end: this.write(range.end),
      startIncluded: range['start included'],
      endIncluded: range['end included']
    };
  }
}
