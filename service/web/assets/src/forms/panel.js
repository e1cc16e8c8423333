// The panel of the form designer: what the chosen component asks, what it accepts and when it stands on the page.
import { make } from "../studio/panel.js";
import { conditionGroup } from "./condition.js";
import { button, check, select, text } from "./controls.js";
import { ASKING, CHOOSING, labelOf, wrongKey } from "./fields.js";

export function showPanel(editor, box, words, compile) {
  const [modeling, selection, registry] = ["modeling", "selection", "formFieldRegistry"].map((name) => editor.get(name));
  const events = editor.get("eventBus");
  let shown = null;
  let writing = false;

  const schema = () => editor.getSchema();
  const set = (name, value) => {
    const [head, ...rest] = name.split(".");
    const given = value === "" || value === false || value === null ? undefined : value;
    writing = true;
    if (!rest.length) modeling.editFormField(shown, head, given);
    else {
      const inside = { ...shown[head], [rest[0]]: given };
      for (const one of Object.keys(inside)) if (inside[one] === undefined) delete inside[one];
      modeling.editFormField(shown, head, Object.keys(inside).length ? inside : undefined);
    }
    writing = false;
    shown = registry.get(shown.id) ?? shown;
  };
  const number = (name) => (given) => set(name, given === "" ? "" : Number(given));
  const plain = (name) => (given) => set(name, given);

  function show(chosen) {
    const field = chosen && (registry.get(chosen.id) ?? chosen);
    shown = field;
    box.replaceChildren();
    if (!field || field.type === "default") return box.append(make("p", "muted panel-group", words.nothing));
    const head = make("header", "panel-head");
    head.append(make("h2", "", labelOf(field)), make("p", "muted small", words.types[field.type]));
    box.append(head);
    group(words.asked, [...naming(field), ...looks(field)]);
    if (CHOOSING.includes(field.type)) options(field);
    if (ASKING.includes(field.type)) group(words.accepted, accepted(field));
    box.append(conditionGroup(schema(), field, words.condition, (feel) => set("conditional.hide", feel), compile));
    group(words.place, [places(field)]);
    if (box.dataset.locked === "yes") for (const one of box.querySelectorAll("input, select, textarea, button")) one.disabled = true;
  }

  function group(label, rows) {
    const part = make("section", "panel-group");
    part.append(make("h3", "", label), ...rows.filter(Boolean));
    box.append(part);
  }

  function naming(field) {
    const { type } = field;
    if (type === "separator" || type === "spacer") return [];
    if (type === "text") return [text(words.text, field.text, plain("text"), { lines: 6, hint: words.textHint })];
    const rows = [];
    if (type === "datetime") {
      if (field.subtype !== "time") rows.push(text(words.label, field.dateLabel, plain("dateLabel")));
      if (field.subtype !== "date") rows.push(text(field.subtype === "time" ? words.label : words.timeLabel, field.timeLabel, plain("timeLabel")));
    } else if (type !== "expression") rows.push(text(words.label, field.label, plain("label")));
    if (type === "group") return [...rows, check(words.outline, field.showOutline, plain("showOutline"))];
    rows.push(
      text(words.key, field.key, (key) => {
        const wrong = wrongKey(schema(), shown, key);
        if (!wrong) set("key", key);
        return wrong ? words.keys[wrong] : "";
      }, { hint: words.keyHint }),
    );
    if (type === "expression")
      rows.push(
        text(words.expression, field.expression, async (given) => {
          const problem = given ? await compile(given.replace(/^=/, "")) : "";
          if (!problem) set("expression", given && !given.startsWith("=") ? `=${given}` : given);
          return problem;
        }, { lines: 3 }),
      );
    else rows.push(text(words.description, field.description, plain("description"), { lines: 2 }));
    return rows;
  }

  function looks(field) {
    const rows = [];
    if (field.type === "datetime")
      rows.push(select(words.subtype, field.subtype ?? "date", words.subtypes, (subtype) => {
        writing = true;
        modeling.editFormField(shown, { subtype, ...(subtype === "date" ? {} : { timeLabel: shown.timeLabel ?? words.time }) });
        writing = false;
        show(registry.get(shown.id));
      }));
    if (field.type === "number") rows.push(text(words.digits, field.decimalDigits, number("decimalDigits"), { type: "number" }));
    if (field.type === "number" || field.type === "textfield")
      rows.push(text(words.prefix, field.appearance?.prefixAdorner, plain("appearance.prefixAdorner")), text(words.suffix, field.appearance?.suffixAdorner, plain("appearance.suffixAdorner")));
    if (["textfield", "textarea"].includes(field.type)) rows.push(text(words.default, field.defaultValue, plain("defaultValue")));
    if (field.type === "number") rows.push(text(words.default, field.defaultValue, number("defaultValue"), { type: "number" }));
    if (field.type === "checkbox") rows.push(check(words.checked, field.defaultValue, plain("defaultValue")));
    if ((field.type === "radio" || field.type === "select") && field.values)
      rows.push(select(words.default, field.defaultValue ?? "", [["", "—"], ...field.values.map((one) => [one.value, one.label])], plain("defaultValue")));
    if (ASKING.includes(field.type)) rows.push(check(words.readonly, field.readonly, plain("readonly")));
    return rows;
  }

  function options(field) {
    if (field.valuesKey !== undefined || field.valuesExpression !== undefined)
      return group(words.options, [
        text(words.optionsFrom, field.valuesKey ?? field.valuesExpression, plain(field.valuesKey !== undefined ? "valuesKey" : "valuesExpression")),
        button(words.optionsHere, () => {
          modeling.editFormField(shown, { valuesKey: undefined, valuesExpression: undefined, values: [{ label: words.option, value: "option_1" }] });
          show(registry.get(shown.id));
        }),
      ]);
    const rows = field.values ?? [];
    const keep = (values) => {
      set("values", values);
      show(shown);
    };
    const lines = rows.map((one, at) => {
      const line = make("div", "panel-row");
      const input = (name, said) => {
        const control = document.createElement("input");
        control.value = one[name] ?? "";
        control.setAttribute("aria-label", `${said} ${at + 1}`);
        control.addEventListener("change", () => keep(rows.map((row, n) => (n === at ? { ...row, [name]: control.value.trim() } : row))));
        return control;
      };
      line.append(input("label", words.optionLabel), input("value", words.optionValue), button("×", () => keep(rows.filter((_, n) => n !== at)), `${words.remove} ${at + 1}`));
      return line;
    });
    const next = () => {
      const taken = new Set(rows.map((one) => one.value));
      let n = rows.length + 1;
      while (taken.has(`option_${n}`)) n++;
      keep([...rows, { label: `${words.option} ${n}`, value: `option_${n}` }]);
    };
    group(words.options, [...lines, button(words.addOption, next), select(words.optionsSource, "here", words.optionsSources, (source) => {
      if (source === "here") return;
      modeling.editFormField(shown, { values: undefined, [source]: source === "valuesExpression" ? "=" : "options" });
      show(registry.get(shown.id));
    })]);
  }

  function accepted(field) {
    const rules = field.validate ?? {};
    const rows = [check(words.required, rules.required, plain("validate.required"))];
    if (field.type === "textfield" || field.type === "textarea")
      rows.push(text(words.minLength, rules.minLength, number("validate.minLength"), { type: "number" }), text(words.maxLength, rules.maxLength, number("validate.maxLength"), { type: "number" }));
    if (field.type === "textfield")
      rows.push(
        select(words.kind, rules.validationType ?? "", words.kinds, plain("validate.validationType")),
        text(words.pattern, rules.pattern, (given) => {
          try {
            new RegExp(given);
          } catch {
            return words.patternWrong;
          }
          set("validate.pattern", given);
          return "";
        }, { hint: words.patternHint }),
      );
    if (field.type === "number") rows.push(text(words.min, rules.min, number("validate.min"), { type: "number" }), text(words.max, rules.max, number("validate.max"), { type: "number" }));
    return rows;
  }

  function places(field) {
    const acts = make("p", "panel-acts");
    const parent = registry.get(field._parent);
    const at = parent?.components.findIndex(({ id }) => id === field.id) ?? -1;
    const move = (by) => () => {
      modeling.moveFormField(shown, parent, parent, at, at + by, ...rows(parent, shown));
      again();
    };
    const up = button(words.up, move(-1));
    const down = button(words.down, move(2)); // counted before it is taken out
    up.disabled = at <= 0;
    down.disabled = !parent || at >= parent.components.length - 1;
    const remove = button(words.removeField, () => modeling.removeFormField(shown, parent, at), "", "button tight danger");
    acts.append(up, down, remove);
    return acts;
  }

  // A component keeps the row it stands in to itself when it is moved by the keyboard.
  function rows(parent, field) {
    return [{ id: field.layout?.row }, { id: field.layout?.row }];
  }

  function again() {
    show(registry.get(shown.id) ?? null);
  }

  events.on("selection.changed", ({ selection: chosen }) => show(Array.isArray(chosen) ? chosen[0] : (chosen ?? selection.get?.() ?? null)));
  events.on("commandStack.changed", () => {
    if (writing || !shown || box.contains(document.activeElement)) return;
    again();
  });
  show(null);
}
