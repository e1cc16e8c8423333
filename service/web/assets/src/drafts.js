// A form that is not submitted yet is kept on the server, for its author alone, two seconds after the last key.
const PAUSE = 2000;

export function keepDraft(form) {
  const told = form.querySelector("[data-draft-told]");
  let timer = 0;
  let over = false;
  let typed = "";

  async function save() {
    const body = new FormData(form);
    const now = new URLSearchParams(body).toString();
    if (over || now === typed) return;
    try {
      const answer = await fetch(form.dataset.draft, { method: "POST", body, headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      typed = now;
      told.textContent = told.dataset.saved;
    } catch {
      told.textContent = told.dataset.failed;
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  });
  form.addEventListener("submit", () => {
    over = true;
    clearTimeout(timer);
  });
}
