// Draws a signature with finger, pen or mouse, or takes a picture of one; what is sent is a PNG.
export function followSignature(form) {
  const pad = form.querySelector("canvas");
  const sent = form.elements.signature;
  const pen = pad.getContext("2d");
  let drawn = false;
  let last = null;

  const at = (event) => {
    const box = pad.getBoundingClientRect();
    return [((event.clientX - box.left) * pad.width) / box.width, ((event.clientY - box.top) * pad.height) / box.height];
  };
  const clear = () => {
    pen.clearRect(0, 0, pad.width, pad.height);
    drawn = false;
    sent.value = "";
  };
  pad.addEventListener("pointerdown", (event) => {
    pad.setPointerCapture(event.pointerId);
    last = at(event);
    event.preventDefault();
  });
  pad.addEventListener("pointermove", (event) => {
    if (!last) return;
    const next = at(event);
    pen.lineWidth = 7;
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = "#101820";
    pen.beginPath();
    pen.moveTo(...last);
    pen.lineTo(...next);
    pen.stroke();
    last = next;
    drawn = true;
  });
  for (const name of ["pointerup", "pointercancel"]) pad.addEventListener(name, () => (last = null));
  form.querySelector("[data-clear]").addEventListener("click", clear);

  form.querySelector("[data-picture-of-signature]").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    const picture = await createImageBitmap(file).catch(() => null);
    if (!picture) return;
    clear();
    const scale = Math.min(pad.width / picture.width, pad.height / picture.height);
    pen.drawImage(picture, 0, 0, picture.width * scale, picture.height * scale);
    drawn = true;
  });
  form.addEventListener("submit", () => {
    sent.value = drawn ? pad.toDataURL("image/png") : "";
  });
}
