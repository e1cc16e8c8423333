// What the form editor says by itself: the original English, or our Chinese.
import chinese from "./chinese.json";

const inChinese = document.documentElement.lang.startsWith("zh");

export function translate(template, given = {}) {
  const words = inChinese ? (chinese[template] ?? template) : template;
  return words.replace(/{(\w+)}/g, (whole, name) => given[name] ?? whole);
}
