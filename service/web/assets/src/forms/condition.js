// When a component stands on the page: rows for everybody, FEEL for what rows cannot say.
import { make } from "../studio/panel.js";
import { button, choice, select, text } from "./controls.js";
import { read, write } from "./feel.js";
import { ASKING, CHOOSING, every, labelOf } from "./fields.js";

export function conditionGroup(schema, shown, words, store, check) {
  const box = make("section", "panel-group condition");
  const others = [...every(schema)].filter(({ field, name }) => name && field.id !== shown.id && ASKING.includes(field.type));
  const said = shown.conditional?.hide ?? "";
  draw(read(said));
  return box;

  function draw(now) {
    box.replaceChildren(make("h3", "", words.title));
    if (now === null) return asText(said);
    box.append(
      select(words.when, now.mode, words.modes, (mode) => {
        const rows = mode === "always" ? [] : now.rows.length ? now.rows : others.length ? [fresh(others[0])] : [];
        keep({ ...now, mode, rows });
      }),
    );
    if (now.mode !== "always") {
      if (now.rows.length > 1) box.append(select(words.joined, now.join, words.joins, (join) => keep({ ...now, join })));
      now.rows.forEach((one, at) => box.append(line(now, one, at)));
      const acts = make("p", "panel-acts");
      if (others.length) acts.append(button(words.add, () => keep({ ...now, rows: [...now.rows, fresh(others[0])] })));
      else acts.append(make("span", "muted small", words.noFields));
      acts.append(button(words.asText, () => asText(write(now))));
      box.append(acts);
    }
  }

  function keep(now) {
    store(write(now));
    draw(now);
  }

  function asText(feel) {
    box.replaceChildren(make("h3", "", words.title));
    box.append(
      text(
        words.feel,
        feel,
        async (given) => {
          const problem = given ? await check(given.replace(/^=/, "")) : "";
          if (!problem) store(given && !given.startsWith("=") ? `=${given}` : given);
          return problem;
        },
        { lines: 3, hint: words.feelHint },
      ),
    );
    if (read(feel) !== null) box.append(button(words.asRows, () => draw(read(shown.conditional?.hide ?? feel))));
  }

  function fresh({ field, name }) {
    const operator = field.type === "checklist" || field.type === "taglist" ? "contains" : "=";
    return { field: name, operator, value: field.type === "datetime" ? null : (options(field)[0]?.[0] ?? (field.type === "number" ? 0 : "")) };
  }

  function line(now, one, at) {
    const known = others.find(({ name }) => name === one.field);
    const set = (changes) => keep({ ...now, rows: now.rows.map((row, n) => (n === at ? { ...row, ...changes } : row)) });
    const row = make("div", "condition-row");
    const list = others.map(({ field, name }) => [name, `${labelOf(field)}（${name}）`]);
    const fields = choice(known ? list : [[one.field, one.field], ...list], one.field, words.field);
    fields.addEventListener("change", () => set(fresh(others.find(({ name }) => name === fields.value))));
    const empty = one.value === null;
    const operators = choice(offered(known?.field, one), empty ? (one.operator === "!=" ? "given" : "empty") : one.operator, words.operator);
    operators.addEventListener("change", () => {
      const wanted = operators.value;
      if (wanted === "empty") set({ operator: "=", value: null });
      else if (wanted === "given") set({ operator: "!=", value: null });
      else set({ operator: wanted, value: empty && known ? fresh({ ...known, field: { ...known.field, type: known.field.type } }).value : one.value });
    });
    row.append(fields, operators);
    if (!empty) row.append(valueOf(known?.field, one, (value) => set({ value })));
    row.append(button("×", () => keep({ ...now, rows: now.rows.filter((_, n) => n !== at) }), words.remove));
    return row;
  }

  function offered(field, one) {
    const named = Object.fromEntries(words.operators);
    const wanted = !field
      ? ["=", "!=", one.operator, "empty", "given"]
      : { number: ["=", "!=", ">", ">=", "<", "<=", "empty", "given"], checklist: ["contains", "empty", "given"], taglist: ["contains", "empty", "given"], datetime: ["empty", "given"], checkbox: ["=", "!="] }[field.type] ?? ["=", "!=", "empty", "given"];
    const all = [...new Set(one.value === null || wanted.includes(one.operator) ? wanted : [...wanted, one.operator])];
    return all.map((code) => [code, named[code] ?? code]);
  }

  function options(field) {
    if (field.type === "checkbox") return [[true, words.yes], [false, words.no]];
    if (!CHOOSING.includes(field.type)) return [];
    return (field.values ?? []).map((one) => [one.value, one.label ?? one.value]);
  }

  function valueOf(field, one, store) {
    const known = field ? options(field) : [];
    const control = known.length
      ? choice(known.some(([value]) => value === one.value) ? known : [...known, [one.value, String(one.value)]], one.value, words.value)
      : document.createElement("input");
    if (!known.length) {
      control.value = String(one.value);
      control.setAttribute("aria-label", words.value);
      if (typeof one.value === "number") control.type = "number";
    }
    control.addEventListener("change", () => {
      const chosen = known.find(([value]) => String(value) === control.value);
      store(chosen ? chosen[0] : typeof one.value === "number" ? Number(control.value) : control.value);
    });
    return control;
  }
}
