// Names an expression may use, offered while one types: those made before the chosen element first, then the others, then functions.
import { make } from "./panel.js";

const MOST = 8;
const WORD = /[\p{L}_][\p{L}\p{N}_.]*$/u;

export function suggester(modeler, address, words) {
  let known = { names: [], functions: [] };
  const refresh = async () => {
    const answer = await fetch(address).catch(() => null);
    if (answer?.ok) known = await answer.json();
  };
  refresh();

  function found(typed, before) {
    const like = typed.toLowerCase();
    const fits = ([name, said]) => name !== typed && (name.toLowerCase().includes(like) || said.includes(typed));
    const rank = ([name, , made]) => (made && !before.has(made) ? 2 : 0) + (name.toLowerCase().startsWith(like) ? 0 : 1);
    const names = known.names.filter(fits).sort((one, other) => rank(one) - rank(other));
    const functions = known.functions.filter((name) => name.startsWith(like)).map((name) => [name, words.function]);
    return [...names, ...functions].slice(0, MOST);
  }

  // `control`: a field for an expression; `element`: whose it is.
  function offer(control, holder, element) {
    const list = make("ul", "suggestions");
    list.id = `names-${(offer.count = (offer.count ?? 0) + 1)}`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", words.names);
    list.hidden = true;
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id], ["aria-expanded", "false"], ["autocomplete", "off"]]) control.setAttribute(name, value);
    let chosen = -1;

    const close = () => {
      list.hidden = true;
      chosen = -1;
      control.setAttribute("aria-expanded", "false");
      control.removeAttribute("aria-activedescendant");
    };
    const mark = (at) => {
      chosen = (at + list.children.length) % list.children.length;
      [...list.children].forEach((one, place) => one.setAttribute("aria-selected", String(place === chosen)));
      control.setAttribute("aria-activedescendant", list.children[chosen].id);
      list.children[chosen].scrollIntoView({ block: "nearest" });
    };
    const take = (name) => {
      const [head, tail] = [control.value.slice(0, control.selectionStart), control.value.slice(control.selectionStart)];
      const start = head.replace(WORD, "");
      const at = start.length + name.length - (name.endsWith("()") ? 1 : 0); // between the brackets
      control.value = start + name + tail;
      control.setSelectionRange(at, at);
      close();
    };
    control.addEventListener("input", () => {
      const typed = WORD.exec(control.value.slice(0, control.selectionStart))?.[0] ?? "";
      const offers = typed ? found(typed, upstream(element)) : [];
      list.replaceChildren(
        ...offers.map(([name, said], at) => {
          const line = make("li", "");
          line.id = `${list.id}-${at}`;
          line.setAttribute("role", "option");
          line.append(make("code", "", name), make("small", "muted", said));
          line.addEventListener("mousedown", (event) => (event.preventDefault(), take(name)));
          return line;
        }),
      );
      list.hidden = !offers.length;
      control.setAttribute("aria-expanded", String(offers.length > 0));
      chosen = -1;
    });
    control.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      if (event.key === "ArrowDown") mark(chosen + 1);
      else if (event.key === "ArrowUp") mark(chosen - 1);
      else if (event.key === "Escape") close();
      else if ((event.key === "Enter" || event.key === "Tab") && chosen >= 0) take(list.children[chosen].firstChild.textContent);
      else return;
      if (event.key !== "Tab" || chosen >= 0) event.preventDefault();
      event.stopPropagation();
    });
    control.addEventListener("blur", close);
    holder.append(list);
  }

  return { offer, refresh };
}

// Ids of everything that can come before an element, through flows, boundary events and the sub-processes around it.
function upstream(element) {
  const found = new Set();
  const open = [element?.businessObject?.sourceRef ?? element?.businessObject];
  while (open.length) {
    const one = open.pop();
    if (!one || found.has(one.id)) continue;
    found.add(one.id);
    open.push(...(one.incoming ?? []).map((flow) => flow.sourceRef), one.attachedToRef, one.$parent?.$instanceOf?.("bpmn:SubProcess") ? one.$parent : null);
  }
  return found;
}
