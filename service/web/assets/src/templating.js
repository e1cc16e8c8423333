// The wording of documents and messages: what may be said is put in with a click, and what becomes of it is shown while one writes.
const PAUSE = 600;

export function followWording(page) {
  for (const button of page.querySelectorAll("[data-insert]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const text = page.getElementById(button.dataset.into);
      const [from, to] = text.dataset.used ? [text.selectionStart, text.selectionEnd] : atTheEnd(text);
      text.setRangeText(button.dataset.insert, from, to, "end");
      text.focus();
      text.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
  for (const text of page.querySelectorAll("[data-preview-of]")) text.addEventListener("focus", () => (text.dataset.used = "yes"));
  page.querySelectorAll("form[data-preview]").forEach(showWhileWriting);
}

// Where somebody would go on writing who has not chosen a place yet: a document ends with the end of its last block.
function atTheEnd(text) {
  const found = text.value.lastIndexOf("{% endblock %}");
  const at = found < 0 ? text.value.length : found;
  return [at, at];
}

function showWhileWriting(form) {
  const [told, shown] = ["preview-told", "preview-shown"].map((id) => document.getElementById(id));
  let timer = 0;
  let asked = 0;

  // A text that is refused leaves the last picture standing, so that one sees what one is changing.
  async function show() {
    const turn = ++asked;
    const body = new FormData(form);
    body.delete("file");
    shown.setAttribute("aria-busy", "true");
    const answer = await fetch(form.dataset.preview, { method: "POST", body, headers: { Accept: "text/html" } }).catch(() => null);
    const text = answer && !answer.redirected && (answer.ok || answer.status === 422) ? await answer.text() : null;
    if (turn !== asked) return;
    shown.removeAttribute("aria-busy");
    if (text === null) return;
    told.innerHTML = answer.ok ? "" : text;
    if (answer.ok) shown.innerHTML = text;
  }

  form.querySelector("[data-preview-of]").addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE);
  });
}
