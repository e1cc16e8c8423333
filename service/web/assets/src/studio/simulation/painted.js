// Colours of tokens: no style may stand in markup (the page's policy), it is set on the element afterwards.
import { domify as made } from "min-dom";

export function domify(markup) {
  const node = made(markup.replaceAll(' style="', ' data-colours="'));
  for (const one of [node, ...node.querySelectorAll("[data-colours]")]) if (one.dataset.colours) paint(one);
  return node;
}

// What is written on a colour is black or white, whichever stands out more (WCAG 2.1, relative luminance).
function paint(one) {
  one.style.cssText = one.dataset.colours;
  const parts = one.style.backgroundColor.match(/\d+/g);
  if (!parts || !one.style.color) return;
  const [red, green, blue] = parts.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
  one.style.color = 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#000" : "#fff";
}
