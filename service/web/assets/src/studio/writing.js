// How the panel reads and writes the model: attributes of ours and of Camunda, conditions, timers, loops, parameters, references.
export function writer(modeler) {
  const modeling = modeler.get("modeling", false); // a viewer has none, and writes nothing
  const factory = modeler.get("bpmnFactory", false);
  const moddle = modeler.get("moddle");

  const attribute = {
    read: (element, { ns, name }) => of(element).get(`${ns}:${name}`) ?? "",
    write(element, { ns, name }, value) {
      modeling.updateModdleProperties(element, of(element), { [`${ns}:${name}`]: value || undefined });
    },
  };

  function of(element) {
    return businessOf(element);
  }

  function extension(element, type, { make = false } = {}) {
    const owner = of(element);
    let holder = owner.get("extensionElements");
    let found = holder?.get("values").find((one) => one.$type === type);
    if (found || !make) return found;
    if (!holder) {
      holder = factory.create("bpmn:ExtensionElements", { values: [] });
      holder.$parent = owner;
      modeling.updateModdleProperties(element, owner, { extensionElements: holder });
    }
    found = moddle.create(type, {});
    found.$parent = holder;
    modeling.updateModdleProperties(element, holder, { values: [...holder.get("values"), found] });
    return found;
  }

  // Parameters: [{name, value, plain}]; what is more than a text (a list, a script) is shown and left as it is.
  const parameters = {
    read: (element, kind) =>
      (extension(element, "camunda:InputOutput")?.get(`${kind}Parameters`) ?? []).map((one) => ({
        name: one.get("name") ?? "",
        value: one.get("value") ?? "",
        plain: !one.get("definition"),
      })),
    write(element, kind, rows) {
      const holder = extension(element, "camunda:InputOutput", { make: true });
      const kept = holder.get(`${kind}Parameters`) ?? [];
      const made = rows.map(({ name, value }, at) => {
        const old = kept[at]?.get("definition") ? kept[at] : null;
        const one = old ?? moddle.create(`camunda:${kind === "input" ? "Input" : "Output"}Parameter`, { value });
        one.set("name", name);
        one.$parent = holder;
        return one;
      });
      modeling.updateModdleProperties(element, holder, { [`${kind}Parameters`]: made });
    },
  };

  // What a call hands in and gets back: [{source, target}]; other kinds of mapping stay as they are.
  const mappings = {
    plain: (one) => !one.get("variables") && one.get("businessKey") === undefined,
    all: (element, type) => (of(element).get("extensionElements")?.get("values") ?? []).filter((one) => one.$type === type),
    read(element, type) {
      return this.all(element, type)
        .filter(this.plain)
        .map((one) => ({ name: one.get("target") ?? "", value: one.get("sourceExpression") ?? one.get("source") ?? "" }));
    },
    write(element, type, rows) {
      const owner = of(element);
      let holder = owner.get("extensionElements");
      if (!holder) {
        holder = factory.create("bpmn:ExtensionElements", { values: [] });
        holder.$parent = owner;
        modeling.updateModdleProperties(element, owner, { extensionElements: holder });
      }
      const others = holder.get("values").filter((one) => one.$type !== type || !this.plain(one));
      const made = rows.map(({ name, value }) => {
        const words = /^\s*(=|\$\{)/.test(value) ? { sourceExpression: value } : { source: value };
        const one = moddle.create(type, { ...words, target: name });
        one.$parent = holder;
        return one;
      });
      modeling.updateModdleProperties(element, holder, { values: [...others, ...made] });
    },
  };

  const TIMERS = ["timeDate", "timeDuration", "timeCycle"];
  const expression = (parent, body) => {
    const made = factory.create("bpmn:FormalExpression", { body });
    made.$parent = parent;
    return made;
  };
  const definition = (element, type) => (of(element).get("eventDefinitions") ?? []).find((one) => one.$type === type);

  const timer = {
    read(element) {
      const found = definition(element, "bpmn:TimerEventDefinition");
      if (!found) return null;
      const kind = TIMERS.find((one) => found.get(one)) ?? "timeDate";
      return { kind, text: found.get(kind)?.get("body") ?? "" };
    },
    write(element, { kind, text }) {
      const found = definition(element, "bpmn:TimerEventDefinition");
      const values = Object.fromEntries(TIMERS.map((one) => [one, one === kind && text ? expression(found, text) : undefined]));
      modeling.updateModdleProperties(element, found, values);
    },
  };

  const condition = {
    read: (element) => of(element).get("conditionExpression")?.get("body") ?? "",
    write(element, text) {
      modeling.updateProperties(element, { conditionExpression: text ? expression(of(element), text) : undefined });
    },
  };

  const plain = {
    read: (element, name) => of(element).get(name) ?? "",
    write: (element, name, value) => modeling.updateModdleProperties(element, of(element), { [name]: value || undefined }),
  };

  const documentation = {
    read: (element) => of(element).get("documentation")?.[0]?.get("text") ?? "",
    write(element, text) {
      const owner = of(element);
      const made = text ? [factory.create("bpmn:Documentation", { text })] : [];
      for (const one of made) one.$parent = owner;
      modeling.updateModdleProperties(element, owner, { documentation: made });
    },
  };

  const loop = {
    read(element) {
      const found = of(element).get("loopCharacteristics");
      if (found?.$type !== "bpmn:MultiInstanceLoopCharacteristics") return null;
      return {
        collection: found.get("camunda:collection") ?? "",
        elementVariable: found.get("camunda:elementVariable") ?? "",
        completionCondition: found.get("completionCondition")?.get("body") ?? "",
      };
    },
    write(element, name, text) {
      const found = of(element).get("loopCharacteristics");
      const value = name === "completionCondition" ? (text ? expression(found, text) : undefined) : text || undefined;
      modeling.updateModdleProperties(element, found, { [name === "completionCondition" ? name : `camunda:${name}`]: value });
    },
  };

  // Messages, signals, errors and escalations stand beside the process; an event names one of them.
  const KINDS = {
    "bpmn:MessageEventDefinition": ["messageRef", "bpmn:Message", ""],
    "bpmn:SignalEventDefinition": ["signalRef", "bpmn:Signal", ""],
    "bpmn:ErrorEventDefinition": ["errorRef", "bpmn:Error", "errorCode"],
    "bpmn:EscalationEventDefinition": ["escalationRef", "bpmn:Escalation", "escalationCode"],
  };
  const reference = {
    read(element) {
      const owner = of(element);
      const found = (owner.get("eventDefinitions") ?? []).find((one) => KINDS[one.$type]);
      if (!found) return null;
      const [role, type, code] = KINDS[found.$type];
      const known = modeler.getDefinitions().get("rootElements").filter((one) => one.$type === type);
      return { found, role, type, code, known, chosen: found.get(role) };
    },
    choose(element, id) {
      const { found, role, known } = this.read(element);
      modeling.updateModdleProperties(element, found, { [role]: known.find((one) => one.id === id) });
    },
    add(element, name) {
      const { found, role, type, code } = this.read(element);
      const definitions = modeler.getDefinitions();
      const made = factory.create(type, { name, ...(code ? { [code]: name } : {}) });
      made.$parent = definitions;
      modeling.updateModdleProperties(element, definitions, { rootElements: [...definitions.get("rootElements"), made] });
      modeling.updateModdleProperties(element, found, { [role]: made });
    },
  };

  return { attribute, parameters, mappings, timer, condition, plain, documentation, loop, reference };
}

// The part of the model a shape stands for; of the canvas the process, of a pool the process it draws.
export function businessOf(element) {
  const business = element.businessObject;
  return business.$type === "bpmn:Participant" && business.get("processRef") ? business.get("processRef") : business;
}
