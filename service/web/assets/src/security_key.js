// Security keys: what the server asks goes to the key, and its answer into the form, which is sent as any other.
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
const named = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

export function useSecurityKeys() {
  for (const form of document.querySelectorAll("form[data-key]")) {
    const button = form.querySelector("button");
    const told = form.querySelector("[role=alert]");
    if (!window.PublicKeyCredential) {
      told.textContent = form.dataset.none;
      button.disabled = true;
      continue;
    }
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      told.textContent = "";
      button.disabled = true;
      try {
        form.elements.credential.value = JSON.stringify(await answer(form));
        form.submit();
      } catch (trouble) {
        told.textContent = trouble.words ?? form.dataset.failed;
        button.disabled = false;
        button.focus();
      }
    });
  }
}

async function answer(form) {
  const headers = { Accept: "application/json", "X-CSRFToken": form.elements.csrf_token.value };
  const asked = await fetch(form.dataset.asks, { method: "POST", headers });
  const wanted = await asked.json();
  if (!asked.ok) throw Object.assign(new Error(wanted.code), { words: wanted.message });
  wanted.challenge = bytes(wanted.challenge);
  if (form.dataset.key === "new") {
    wanted.user.id = bytes(wanted.user.id);
    wanted.excludeCredentials = named(wanted.excludeCredentials);
    return written(await navigator.credentials.create({ publicKey: wanted }));
  }
  wanted.allowCredentials = named(wanted.allowCredentials);
  return written(await navigator.credentials.get({ publicKey: wanted }));
}

function written(made) {
  const response = { clientDataJSON: text(made.response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature"]) {
    if (made.response[name]) response[name] = text(made.response[name]);
  }
  return { id: made.id, rawId: text(made.rawId), type: made.type, response };
}
