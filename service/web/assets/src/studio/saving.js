// Saved a moment after the last change; whoever saved in between, or edits instead, is told and nothing is overwritten.
const PAUSE = 1200;
const RENEWED = 45_000; // milliseconds between two signs that the page is open

export function keepSaving(modeler, box, { token, told, words, found, saved }) {
  let version = Number(box.dataset.version);
  let timer = 0;
  let saving = null;
  let dirty = false;
  let stopped = false;

  async function save() {
    clearTimeout(timer);
    if (saving) await saving;
    if (!dirty || stopped) return;
    dirty = false;
    saving = send();
    await saving;
    saving = null;
  }

  async function send() {
    tell(words.saving);
    try {
      const { xml } = await modeler.saveXML({ format: true });
      const body = form({ seen: version });
      body.append("content", new Blob([xml], { type: "application/xml" }), "diagram.bpmn");
      const answer = await fetch(box.dataset.save, { method: "POST", body, headers: { Accept: "application/json" } });
      const said = await answer.json().catch(() => ({}));
      if (answer.ok) {
        version = said.version;
        found(said.findings);
        saved(version);
        if (!dirty) tell(words.saved.replace("{time}", new Date().toLocaleTimeString(document.documentElement.lang, { hour12: false })));
        return;
      }
      dirty = true;
      if (said.code) stopped = answer.status === 409 || answer.status === 403;
      tell(said.sentence ?? words.failed, true);
      if (!stopped) timer = setTimeout(save, PAUSE * 5);
    } catch {
      dirty = true;
      tell(words.failed, true);
      timer = setTimeout(save, PAUSE * 5);
    }
  }

  function form(fields) {
    const body = new FormData();
    body.append("csrf_token", token);
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    return body;
  }

  function tell(sentence, bad = false) {
    told.textContent = sentence;
    told.classList.toggle("bad", bad);
  }

  function touch(sentence) {
    dirty = true;
    clearTimeout(timer);
    if (!stopped) tell(sentence);
    timer = setTimeout(save, PAUSE);
  }

  modeler.on("commandStack.changed", () => touch(words.changed));
  setInterval(async () => {
    if (stopped || document.hidden) return;
    const answer = await fetch(box.dataset.hold, { method: "POST", body: form({}) }).catch(() => null);
    if (answer?.status === 409) {
      stopped = true;
      tell((await answer.json()).sentence, true);
    }
  }, RENEWED);
  addEventListener("beforeunload", (event) => {
    if (dirty && !stopped) event.preventDefault();
  });
  addEventListener("pagehide", () => {
    if (!dirty && !stopped) navigator.sendBeacon(box.dataset.hold, form({ leave: 1 }));
  });
  return { save, form, touch };
}
