// Where the form editor writes its words itself: each of them asks `translate` instead. The build fails when one is not there any more.
import chinese from "./chinese.json" with { type: "json" };

const HEAD = "src/forms/words.js";
const says = (words, given = "") => {
  if (!(words in chinese)) throw new Error(`no Chinese in src/forms/chinese.json for: ${words}`);
  return `lianbanSays(${JSON.stringify(words)}${given})`;
};
const word = (before, words, quote = "'") => [`${before}${quote}${words}${quote}`, before + says(words)];
const group = (words, id) => [`label: '${words}',\n  id: '${id}'`, `label: ${says(words)},\n  id: '${id}'`];

const editor = [
  ["title: `Create ${getIndefiniteArticle(type)} ${label} element`", `title: ${says("Create {label}", ", { label }")}`],
  ['placeholder: "Search components"', `placeholder: ${says("Search components")}, "aria-label": ${says("Search components")}`],
  word("children: ", "Components", '"'),
  word("title: ", "Components", '"'),
  word("title: ", "Clear content", '"'),
  word("children: ", "No components found.", '"'),
  group("Input", "basic-input"),
  group("Selection", "selection"),
  group("Presentation", "presentation"),
  group("Containers", "container"),
  ...["Drag and drop components here.", "Drag and drop components here to start designing.", "Build your form", "Use the preview window to test your form."].map((one) =>
    word("children: ", one, '"'),
  ),
  ...["Text view is empty", "Text view is populated by an expression", "Text view is templated"].map((one) => word("}), ", one, '"')),
  word("placeholderContent = ", "Expression is empty"),
  ["placeholderContent = `Expression for '${key}'`", `placeholderContent = ${says("Expression for {key}", ", { key }")}`],
  word("return ", "Remove form field"),
  ["return `Remove ${entry.label}`", `return ${says("Remove {label}", ", { label: entry.label }")}`],
];

const named = ["Checkbox", "Checkbox group", "Date time", "Group", "Number", "Radio group", "Select", "Tag list", "Text view", "Expression", "Text field", "Text area", "Separator", "Spacer"];
const labelled = ["Checkbox", "Checkbox group", "Group", "Number", "Radio group", "Select", "Tag list", "Text field", "Text area", "Value"];
const viewer = [
  ...named.map((one) => word("name: ", one)),
  ...labelled.map((one) => word("label: ", one)),
  ["set(defaults, DATE_LABEL_PATH, 'Date')", `set(defaults, DATE_LABEL_PATH, ${says("Date")})`],
  ["TEXT_VIEW_DEFAULT_TEXT = '# Text'", `TEXT_VIEW_DEFAULT_TEXT = ${says("Text")}`],
  word("valueLabel || ", "Select"),
  ["placeholder: 'Search'", `placeholder: ${says("Search")}`],
  ["placeholder: disabled || readonly ? undefined : 'Search'", `placeholder: disabled || readonly ? undefined : ${says("Search")}`],
  word('"aria-label": ', "Increment", '"'),
  word('"aria-label": ', "Decrement", '"'),
  ["placeholder: getLocaleReadableDateFormat()", `placeholder: ${says("Date")}`],
];

export const formEdits = {
  "@bpmn-io/form-js-editor/dist/index.es.js": { head: HEAD, changes: editor },
  "@bpmn-io/form-js-viewer/dist/index.es.js": { head: HEAD, changes: viewer },
};

// The editor brings a Preact of its own; what it draws with the viewer's parts has to be drawn by the same one.
export const onePreact = {
  name: "one-preact",
  setup(build) {
    build.onResolve({ filter: /^preact(\/|$)/ }, ({ path, importer, kind }) => {
      const at = importer.indexOf("/form-js-viewer/");
      if (at < 0) return undefined;
      return build.resolve(path, { kind, resolveDir: `${importer.slice(0, at)}/form-js-editor/dist` });
    });
  },
};
