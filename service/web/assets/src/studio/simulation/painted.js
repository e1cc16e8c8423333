// Colours of tokens: no style may stand in markup (the page's policy), it is set on the element afterwards.
import { domify as made } from "min-dom";

export function domify(markup) {
  const node = made(markup.replaceAll(' style="', ' data-colours="'));
  for (const one of [node, ...node.querySelectorAll("[data-colours]")]) if (one.dataset.colours) one.style.cssText = one.dataset.colours;
  return node;
}
