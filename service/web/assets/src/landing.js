// After an act the keyboard stands at what is wrong, else at the part one was sent back to, else at what was said; it goes on from there.
export function land(page) {
  const said = page.querySelector("[data-told]:not(.studio-told), [data-answer] [role=alert]");
  const part = said && location.hash.length > 1 ? page.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  const place = page.querySelector("[data-focus]") ?? (page.querySelector("[autofocus]") ? null : (part ?? said));
  if (!place) return;
  if (!place.hasAttribute("tabindex") && place.tabIndex < 0) place.tabIndex = -1;
  place.focus({ preventScroll: place === said });
}
