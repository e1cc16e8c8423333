// What the editor of decision tables says by itself: the original English, or our Chinese. The build refuses to go on when one is missing.
import diagrams from "../studio/chinese.json";
import { inChinese } from "../studio/words.js";
import chinese from "./chinese.json";

export function translate(template, given = {}) {
  const words = inChinese ? (chinese[template] ?? diagrams[template] ?? template) : template;
  return words.replace(/{\s*(\w+)\s*}/g, (whole, name) => given[name] ?? whole);
}
