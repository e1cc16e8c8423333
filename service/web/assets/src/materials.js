// Materials: files dropped on a line or chosen are sent piece by piece with progress; afterwards only the checklist is
// drawn anew, so that what was half typed beside it stays. And the viewer: pages, zoom, rotation.
const tokenOf = (form) => form.querySelector("[name=csrf_token]").value;

async function answerOf(response) {
  const said = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(said.message || response.statusText);
  return said;
}

function sendPiece(form, piece, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.dataset.pieces);
    request.setRequestHeader("X-CSRFToken", tokenOf(form));
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.onprogress = (event) => onProgress(event.loaded);
    request.onload = () => {
      let said = {};
      try { said = JSON.parse(request.responseText); } catch { /* not for us */ }
      if (request.status < 300 && said.slip) resolve(said.slip);
      else reject(Object.assign(new Error(said.message || form.dataset.broken), { final: request.status >= 400 && request.status < 500 }));
    };
    request.onerror = () => reject(new Error(form.dataset.broken));
    request.send(piece);
  });
}

async function insist(act) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await act();
    } catch (trouble) {
      if (trouble.final || attempt >= 4) throw trouble;
      await new Promise((go) => setTimeout(go, attempt * 800));
    }
  }
}

async function sendFile(form, file, origin, show) {
  if (file.size > Number(form.dataset.largest)) throw new Error(form.dataset.tooLarge);
  const body = new FormData(form);
  body.delete("file");
  body.set("origin", origin);
  body.set("name", file.name);
  const length = Number(form.dataset.piece);
  for (let start = 0; start < Math.max(file.size, 1); start += length) {
    const piece = file.slice(start, start + length);
    body.append("slip", await insist(() => sendPiece(form, piece, (sent) => show(((start + sent) / Math.max(file.size, 1)) * 100))));
  }
  await answerOf(await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } }));
}

async function send(form, files, origin) {
  const part = form.closest("[data-part]");
  const line = form.closest("[data-drop]");
  const bar = form.querySelector("progress");
  const state = form.querySelector(".state");
  form.querySelectorAll("input[type=file], button").forEach((one) => (one.disabled = true));
  bar.hidden = false;
  try {
    for (const file of files) {
      state.className = "state small";
      state.textContent = file.name;
      bar.value = 0;
      await sendFile(form, file, origin, (percent) => (bar.value = percent));
    }
    await redraw(part, line && line.id);
  } catch (trouble) {
    await redraw(part, line && line.id).catch(() => {});
    const again = line && document.getElementById(line.id)?.querySelector(".state");
    const place = again || state;
    place.className = "state problem";
    place.textContent = trouble.message;
  } finally {
    if (form.isConnected) {
      bar.hidden = true;
      form.querySelectorAll("input[type=file], button").forEach((one) => (one.disabled = false));
    }
  }
}

export async function redraw(part, focus) {
  const response = await fetch(part.dataset.part, { headers: { Accept: "text/html" } });
  if (!response.ok) throw new Error(response.statusText);
  part.innerHTML = await response.text();
  listen(part);
  part.querySelectorAll("[data-viewer]").forEach(view);
  if (focus) document.getElementById(focus)?.querySelector("a, input, button")?.focus({ preventScroll: true });
}

function listen(root) {
  for (const form of root.querySelectorAll("form[data-bring]")) {
    for (const input of form.querySelectorAll("input[data-origin]")) {
      input.addEventListener("change", () => input.files.length && send(form, [...input.files], input.dataset.origin));
    }
  }
  for (const line of root.querySelectorAll("[data-drop]")) {
    const form = line.querySelector("form[data-bring]");
    if (!form) continue;
    line.addEventListener("dragover", (event) => {
      event.preventDefault();
      line.classList.add("over");
    });
    line.addEventListener("dragleave", () => line.classList.remove("over"));
    line.addEventListener("drop", (event) => {
      event.preventDefault();
      line.classList.remove("over");
      const files = [...event.dataTransfer.files];
      if (files.length) send(form, files, (form.querySelector("input[data-origin=UPLOAD]") || form.querySelector("input[data-origin]")).dataset.origin);
    });
  }
  for (const form of root.querySelectorAll("form[data-act]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const part = form.closest("[data-part]");
      const line = form.closest(".material");
      const body = new FormData(form);
      try {
        await answerOf(await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } }));
        await redraw(part, line.id);
      } catch (trouble) {
        let place = form.querySelector(".problem");
        if (!place) {
          place = document.createElement("p");
          place.className = "problem";
          place.setAttribute("role", "alert");
          form.append(place);
        }
        place.textContent = trouble.message;
        form.querySelectorAll("button").forEach((button) => (button.disabled = false));
      }
    });
  }
}

function view(viewer) {
  const picture = viewer.querySelector("img");
  const at = viewer.querySelector("[data-at]");
  const pages = Number(picture.dataset.pages);
  let page = 1;
  let zoom = 0;
  let turn = 0;
  const show = () => {
    const wide = zoom > 1 ? 2400 : 1400;
    picture.src = `${picture.dataset.address.replace(/0$/, page)}?width=${wide}&turn=${turn}`;
    picture.style.width = `${100 * 1.4 ** zoom}%`;
    at.textContent = `${page} / ${pages}`;
    viewer.querySelector("[data-step='-1']").disabled = page === 1;
    viewer.querySelector("[data-step='1']").disabled = page === pages;
  };
  viewer.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.step) page = Math.min(pages, Math.max(1, page + Number(button.dataset.step)));
    if (button.dataset.zoom) zoom = Math.min(4, Math.max(-2, zoom + Number(button.dataset.zoom)));
    if ("turn" in button.dataset) turn = (turn + 90) % 360;
    show();
  });
  viewer.addEventListener("keydown", (event) => {
    if (event.target !== viewer) return;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const closer = { "+": 1, "=": 1, "-": -1 }[event.key];
    if (!step && !closer) return;
    event.preventDefault();
    if (step) page = Math.min(pages, Math.max(1, page + step));
    if (closer) zoom = Math.min(4, Math.max(-2, zoom + closer));
    show();
  });
  viewer.querySelector("[data-step='-1']").disabled = true;
  viewer.querySelector("[data-step='1']").disabled = pages === 1;
}

export function followMaterials(root) {
  root.querySelectorAll("[data-part]").forEach(listen);
  root.querySelectorAll("[data-viewer]").forEach(view);
}
