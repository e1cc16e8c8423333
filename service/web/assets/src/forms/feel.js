// Conditions as rows (field, operator, value) and as FEEL: written from rows, read back into them, null when they say more than rows can.
const NAME = "[\\p{L}_][\\p{L}\\p{N}_.]*";
const VALUE = '"(?:[^"\\\\]|\\\\.)*"|-?\\d+(?:\\.\\d+)?|true|false|null';
const PLAIN = new RegExp(`^(${NAME})\\s*(!=|>=|<=|=|>|<)\\s*(${VALUE})$`, "u");
const CONTAINS = new RegExp(`^(?:(${NAME})\\s*!=\\s*null\\s+and\\s+)?list contains\\(\\s*(${NAME})\\s*,\\s*(${VALUE})\\s*\\)$`, "u");

// {mode: "always" | "show" | "hide", join: "and" | "or", rows: [{field, operator, value}]}
export function read(text) {
  const feel = (text ?? "").trim().replace(/^=/, "").trim();
  if (!feel) return { mode: "always", join: "and", rows: [] };
  const inner = inside(feel, "not(");
  const body = bare(inner ?? feel);
  const mode = inner === null ? "hide" : "show";
  const whole = row(body);
  if (whole) return { mode, join: "and", rows: [whole] };
  for (const join of ["and", "or"]) {
    const parts = split(body, ` ${join} `);
    if (parts.length < 2) continue;
    const rows = (join === "and" ? guarded(parts) : parts).map((one) => row(bare(one)));
    if (rows.every(Boolean)) return { mode, join, rows };
  }
  return null;
}

export function write({ mode, join, rows }) {
  if (mode === "always" || !rows.length) return "";
  const parts = rows.map(said);
  const body = parts.length === 1 ? parts[0] : parts.map((one) => (one.includes(" and ") ? `(${one})` : one)).join(` ${join} `);
  return mode === "show" ? `=not(${body})` : `=${body}`;
}

function said({ field, operator, value }) {
  if (operator === "contains") return `${field} != null and list contains(${field}, ${literal(value)})`;
  return `${field} ${operator} ${literal(value)}`;
}

function literal(value) {
  return typeof value === "string" ? `"${value.replace(/[\\"]/g, "\\$&")}"` : String(value);
}

function row(text) {
  const contains = CONTAINS.exec(text);
  if (contains && (!contains[1] || contains[1] === contains[2])) return { field: contains[2], operator: "contains", value: valued(contains[3]) };
  const plain = PLAIN.exec(text);
  return plain ? { field: plain[1], operator: plain[2], value: valued(plain[3]) } : null;
}

function valued(text) {
  return text.startsWith('"') ? text.slice(1, -1).replace(/\\(.)/g, "$1") : JSON.parse(text);
}

// `a != null and list contains(a, …)` is one row, also between others.
function guarded(parts) {
  const found = [];
  for (const part of parts) {
    const last = found.at(-1);
    const field = /^(\S+) != null$/.exec(last ?? "")?.[1];
    if (field && part.trim().startsWith(`list contains(${field},`)) found[found.length - 1] = `${last} and ${part.trim()}`;
    else found.push(part.trim());
  }
  return found;
}

function inside(text, opening) {
  if (!text.startsWith(opening) || !text.endsWith(")")) return null;
  const body = text.slice(opening.length, -1);
  return balanced(body) ? body.trim() : null;
}

function bare(text) {
  const inner = inside(text.trim(), "(");
  return inner === null ? text.trim() : bare(inner);
}

function balanced(text) {
  let depth = 0;
  for (const [sign] of outside(text)) {
    if (sign === "(") depth++;
    if (sign === ")" && --depth < 0) return false;
  }
  return depth === 0;
}

// Every sign that is not inside a text, with its place.
function* outside(text) {
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    if (quoted && text[at] === "\\") at++;
    else if (text[at] === '"') quoted = !quoted;
    else if (!quoted) yield [text[at], at];
  }
}

function split(text, by) {
  const parts = [];
  let depth = 0;
  let from = 0;
  for (const [sign, at] of outside(text)) {
    if (sign === "(") depth++;
    if (sign === ")") depth--;
    if (depth === 0 && at >= from && text.startsWith(by, at)) {
      parts.push(text.slice(from, at));
      from = at + by.length;
    }
  }
  return [...parts, text.slice(from)];
}
