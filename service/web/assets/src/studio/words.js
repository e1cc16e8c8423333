// What the editor says by itself: the original English, or our Chinese. The build refuses to go on when one is missing.
import chinese from "./chinese.json";

export const inChinese = document.documentElement.lang.startsWith("zh");

export function translate(template, given = {}) {
  const words = inChinese ? (chinese[template] ?? template) : template;
  return words.replace(/{(\w+)}/g, (whole, name) => given[name] ?? whole);
}
