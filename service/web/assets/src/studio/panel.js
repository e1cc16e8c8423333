// The properties panel: what the chosen element says, field by field; changed when a field is left, undone like any other act.
import { businessOf, writer } from "./writing.js";

export function showPanel(modeler, box, { groups, attributes, lists }, words, check, offer) {
  const write = writer(modeler);
  let shown = null;
  const known = Object.keys(lists).map((name) => {
    const list = document.createElement("datalist");
    list.id = `list-${name}`;
    for (const [value, label] of lists[name]) list.append(new Option(label, value));
    return list;
  });
  document.body.append(...known);

  function show(element) {
    shown = element;
    const business = businessOf(element);
    box.replaceChildren();
    const head = make("header", "panel-head");
    head.append(make("h2", "", business.get("name") || words.unnamed), make("p", "muted small", `${words.kinds[tag(business)] ?? tag(business)} · ${business.id}`));
    box.append(head);
    group(words.general, general(element, business));
    for (const { label, fields } of groupsOf(business)) group(label, fields.map((one) => field(element, one)));
    if (business.$instanceOf("bpmn:FlowNode") || business.$instanceOf("bpmn:Process")) more(element, business);
  }

  function group(label, rows) {
    const found = rows.filter(Boolean);
    if (!found.length) return;
    const part = make("section", "panel-group");
    part.append(make("h3", "", label), ...found);
    box.append(part);
  }

  function groupsOf(business) {
    const own = groups[business.$type];
    if (own) return own;
    return business.$instanceOf("bpmn:Event") ? groups["bpmn:Event"] : [];
  }

  function general(element, business) {
    const rows = [];
    if (business.get("name") !== undefined || !business.$instanceOf("bpmn:DataObject")) {
      rows.push(text(words.name, business.get("name") ?? "", (value) => rename(element, business, value || undefined)));
    }
    if (business.$instanceOf("bpmn:SequenceFlow") && /Gateway|Activity|Task|SubProcess/.test(business.sourceRef?.$type ?? "")) {
      rows.push(text(words.condition, write.condition.read(element), (value) => write.condition.write(element, value), { feel: true, long: true }));
    }
    const timer = write.timer.read(element);
    if (timer) {
      rows.push(
        select(words.timer, timer.kind, words.timers, (kind) => write.timer.write(element, { ...write.timer.read(element), kind })),
        text(words.when, timer.text, (value) => write.timer.write(element, { ...write.timer.read(element), text: value }), { long: true, named: true }),
      );
    }
    const reference = write.reference.read(element);
    if (reference) {
      const options = [["", "—"], ...reference.known.map((one) => [one.id, one.get("name") || one.id])];
      rows.push(
        select(words.refers, reference.chosen?.id ?? "", options, (id) => write.reference.choose(element, id)),
        text(words.another, "", (value) => value && write.reference.add(element, value)),
      );
    }
    if (business.$type === "bpmn:CallActivity") {
      rows.push(text(words.called, write.plain.read(element, "calledElement"), (value) => write.plain.write(element, "calledElement", value), { list: "processes" }));
    }
    if (business.$type === "bpmn:ScriptTask") {
      rows.push(text(words.script, write.plain.read(element, "script"), (value) => write.plain.write(element, "script", value), { long: true, lines: 6, named: true }));
    }
    if (write.loop.read(element)) {
      for (const [name, label] of words.loop) {
        rows.push(text(label, write.loop.read(element)[name], (value) => write.loop.write(element, name, value), { feel: name === "completionCondition" }));
      }
    }
    rows.push(text(words.documentation, write.documentation.read(element), (value) => write.documentation.write(element, value), { long: true }));
    return rows;
  }

  // A pool and the process in it have one name.
  function rename(element, business, name) {
    modeler.get("modeling").updateProperties(element, { name });
    if (business !== element.businessObject) modeler.get("modeling").updateModdleProperties(element, business, { name });
  }

  function field(element, one) {
    const value = write.attribute.read(element, one);
    const store = (given) => write.attribute.write(element, one, given);
    const options = lists[one.list] ?? [];
    if (one.closed) {
      const known = options.some(([code]) => code === value) || !value;
      return select(one.label, value, [["", "—"], ...options.map(([code, label]) => [code, label ? `${label}（${code}）` : code]), ...(known ? [] : [[value, value]])], store, one.hint);
    }
    return text(one.label, value, store, { list: options.length ? one.list : "", hint: one.hint, literal: one.checked });
  }

  // Parameters, mappings, and whatever attribute of ours is not in a group of its own.
  function more(element, business) {
    if (business.$instanceOf("bpmn:Activity") || business.$instanceOf("bpmn:Event")) {
      table(words.inputs, write.parameters.read(element, "input"), (rows) => write.parameters.write(element, "input", rows));
      table(words.outputs, write.parameters.read(element, "output"), (rows) => write.parameters.write(element, "output", rows));
    }
    if (business.$type === "bpmn:CallActivity") {
      table(words.handedIn, write.mappings.read(element, "camunda:In"), (rows) => write.mappings.write(element, "camunda:In", rows));
      table(words.handedOut, write.mappings.read(element, "camunda:Out"), (rows) => write.mappings.write(element, "camunda:Out", rows));
    }
    const grouped = new Set(groupsOf(business).flatMap(({ fields }) => fields.filter((one) => one.ns === "zw").map((one) => one.name)));
    const others = attributes.filter((one) => !grouped.has(one.name));
    const said = others.filter((one) => write.attribute.read(element, one));
    const rows = said.map((one) => field(element, one));
    const add = select(words.add, "", [["", "—"], ...others.filter((one) => !said.includes(one)).map((one) => [one.name, `${one.label}（zw:${one.name}）`])], (name) => {
      if (!name) return;
      add.before(field(element, attributes.find((one) => one.name === name)));
    });
    group(words.others, [...rows, add]);
  }

  function table(label, rows, store) {
    const part = make("details", "panel-group");
    part.open = rows.length > 0;
    part.append(make("summary", "", `${label}（${rows.length}）`));
    const list = make("div", "panel-rows");
    const save = () => {
      const given = [...list.children].map((row) => ({ name: row.children[0].value.trim(), value: row.children[1].value.trim() }));
      store(given.filter(({ name }) => name));
    };
    const line = ({ name, value, plain = true }) => {
      const row = make("div", "panel-row");
      const [left, right] = [input(name), input(value)];
      left.setAttribute("aria-label", words.variable);
      right.setAttribute("aria-label", words.value);
      right.disabled = !plain;
      const drop = make("button", "button tight", "×");
      drop.type = "button";
      drop.setAttribute("aria-label", words.remove);
      drop.addEventListener("click", () => (row.remove(), save()));
      left.addEventListener("change", save);
      right.addEventListener("change", save);
      row.append(left, right, drop);
      if (plain) offer(right, row, shown);
      return row;
    };
    list.append(...rows.map(line));
    const add = make("button", "button tight", words.addRow);
    add.type = "button";
    add.addEventListener("click", () => {
      list.append(line({ name: "", value: "" }));
      list.lastChild.firstChild.focus();
    });
    part.append(list, add);
    if (box.dataset.locked === "yes") for (const one of part.querySelectorAll("input, button")) one.disabled = true;
    box.append(part);
  }

  function text(label, value, store, { list = "", hint = "", long = false, lines = 2, feel = false, literal = false, named = false } = {}) {
    const control = long ? document.createElement("textarea") : document.createElement("input");
    control.value = value;
    if (long) control.rows = lines;
    if (list) control.setAttribute("list", `list-${list}`);
    const written = feel || literal || named;
    control.spellcheck = false;
    const said = make("p", "error");
    said.hidden = true;
    const chosen = make("small", "chosen");
    const name = () => {
      const parts = control.value.split(/[\s,，]+/).filter(Boolean);
      chosen.textContent = parts.map((code) => (lists[list] ?? []).find(([one]) => one === code)?.[1]).filter(Boolean).join(words.comma);
    };
    name();
    control.addEventListener("input", name);
    control.addEventListener("change", async () => {
      store(control.value.trim());
      if (!feel && !literal) return;
      const problem = control.value.trim() ? await check(control.value.trim(), literal) : "";
      said.textContent = problem;
      said.hidden = !problem;
      control.setAttribute("aria-invalid", String(Boolean(problem)));
    });
    const holder = labelled(label, control, hint, chosen, said);
    if (written && !list) offer(control, holder, shown);
    return holder;
  }

  function select(label, value, options, store, hint = "") {
    const control = document.createElement("select");
    for (const [code, words] of options) control.append(new Option(words, code, false, code === value));
    control.addEventListener("change", () => store(control.value));
    return labelled(label, control, hint);
  }

  function labelled(words, control, hint, ...rest) {
    const holder = make("label", "panel-field");
    holder.append(make("span", "", words), control, ...rest);
    if (hint) holder.title = hint;
    if (hint && control.tagName === "INPUT") control.placeholder = hint;
    control.disabled = box.dataset.locked === "yes";
    return holder;
  }

  const tag = (business) => business.$type.replace("bpmn:", "").replace(/^./, (letter) => letter.toLowerCase());
  // With nothing chosen, the process: of a drawing with pools the one that has a process in it.
  const rest = () => {
    const root = modeler.get("canvas").getRootElement();
    return root.children?.find((one) => one.type === "bpmn:Participant" && one.businessObject.processRef) ?? root;
  };

  modeler.on("selection.changed", ({ newSelection }) => show(newSelection.length === 1 ? (newSelection[0].labelTarget ?? newSelection[0]) : rest()));
  modeler.on("commandStack.changed", () => {
    if (box.contains(document.activeElement)) return; // who is typing goes on typing
    const alive = shown && (shown === rest() || modeler.get("elementRegistry").get(shown.id));
    show(alive ? shown : rest());
  });
  return { show, rest };
}

export function make(tag, name, words = "") {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (words) node.textContent = words;
  return node;
}

function input(value) {
  const node = document.createElement("input");
  node.value = value;
  node.spellcheck = false;
  return node;
}
