// Small improvements of pages that work without them: keyboard, focus, conditional fields, one submit per form.
import { followBeside } from "./beside.js";
import { followConditions } from "./conditions.js";
import { land } from "./landing.js";
import { keepLive } from "./parts.js";
import { watchList } from "./live.js";
import { offerHelp } from "./help.js";
import { keepDraft } from "./drafts.js";
import { followMaterials } from "./materials.js";
import { goOn, pickRows } from "./picking.js";
import { showPictures } from "./pictures.js";
import { walkRows } from "./rows.js";
import { useSecurityKeys } from "./security_key.js";
import { followTabs } from "./tabs.js";
import { followSignature } from "./signature.js";
import { followWording } from "./templating.js";
import { followWrong } from "./wrong.js";

document.documentElement.classList.add("js");
useSecurityKeys();

for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", () => {
    setTimeout(() => form.querySelectorAll("button").forEach((button) => (button.disabled = true)));
  });
}
addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-once] button").forEach((button) => (button.disabled = false));
});

for (const control of document.querySelectorAll("[data-submit-on-change]")) {
  control.addEventListener("change", () => control.form.requestSubmit());
}

for (const button of document.querySelectorAll("[data-fill-username]")) {
  button.addEventListener("click", () => {
    document.querySelector("#username").value = button.dataset.fillUsername;
    document.querySelector("#password").focus();
  });
}

// Paper shows what the screen folds away.
const unfolded = new Set();
addEventListener("beforeprint", () => {
  for (const fold of document.querySelectorAll("main details:not([open], .no-print)")) {
    fold.open = true;
    unfolded.add(fold);
  }
});
addEventListener("afterprint", () => {
  unfolded.forEach((fold) => (fold.open = false));
  unfolded.clear();
});
for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());

document.querySelectorAll("form[data-conditions]").forEach(followConditions);
document.querySelectorAll("form[data-draft]").forEach(keepDraft);
showPictures(document.querySelectorAll("[data-picture]"));
followWrong(document);
walkRows(document);
pickRows(document);
watchList(document);
goOn(document);
document.querySelectorAll("form[data-signature]").forEach(followSignature);
followMaterials(document);
followWording(document);
followBeside(document.querySelector("[data-beside]"));
keepLive(document.querySelectorAll("[data-live]"));
followTabs(document.querySelector("[data-tabs]"));
land(document);

for (const input of document.querySelectorAll("input[type=file][data-names]")) {
  input.addEventListener("change", () => {
    document.getElementById(input.dataset.names).textContent = [...input.files].map((file) => file.name).join("、");
  });
}
offerHelp(document);

// The list of places scrolls by itself, downwards or, on a narrow screen, sideways: where one is comes into view.
const places = document.querySelector(".side > ul");
const here = places?.querySelector("[aria-current]");
if (here) {
  const [inner, outer] = [here.getBoundingClientRect(), places.getBoundingClientRect()];
  places.scrollLeft += inner.left - outer.left - 60;
  if (inner.bottom > outer.bottom) places.scrollTop += inner.bottom - outer.bottom + 60;
}

if (matchMedia("(max-width: 820px)").matches && !location.hash) {
  document.querySelectorAll("details[data-fold-narrow]").forEach((fold) => (fold.open = false));
}
