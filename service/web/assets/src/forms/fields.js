// The fields of a form as the panel and the conditions see them, in reading order.
export const ASKING = ["textfield", "textarea", "number", "datetime", "select", "radio", "checkbox", "checklist", "taglist"];
export const CHOOSING = ["select", "radio", "checklist", "taglist"];
export const SERVED = [...ASKING, "expression", "text", "separator", "spacer", "group"]; // what the pages can show
const KEY = /^[\p{L}_][\p{L}\p{N}_]*(\.[\p{L}_][\p{L}\p{N}_]*)*$/u;

export function labelOf(field) {
  return field.label || field.dateLabel || field.timeLabel || field.key || field.id;
}

export function* every(schema, above = "") {
  for (const one of schema.components ?? []) {
    yield { field: one, name: one.key ? above + one.key : "" };
    if (one.components) yield* every(one, one.path ? `${above}${one.path}.` : above);
  }
}

// "": a key is fine; "shape", "taken": what is wrong with it.
export function wrongKey(schema, field, key) {
  if (!KEY.test(key)) return "shape";
  const all = [...every(schema)];
  const mine = all.find((one) => one.field.id === field.id)?.name ?? "";
  const name = mine.slice(0, mine.length - (field.key ?? "").length) + key;
  return all.some((one) => one.field.id !== field.id && one.name === name) ? "taken" : "";
}
