// What the simulation of tokens says: the original English, or our Chinese.
import { inChinese } from "../words.js";
import chinese from "./chinese.json";

export function translate(template, given = {}) {
  const words = inChinese ? (chinese[template] ?? template) : template;
  return words.replace(/{(\w+)}/g, (whole, name) => given[name] ?? whole);
}
