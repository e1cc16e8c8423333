"""Translations stay possible and complete.

Chinese is the language of the sources. `--check` refuses Chinese text in a template that does not go through gettext,
and, for every catalogue there is, sentences it does not translate. Without it, catalogues are brought up to date.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes

ROOT = Path(__file__).resolve().parent.parent
SERVICE = ROOT / "service"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LONE = re.compile(r"%(?!\(\w+\)[sd])")  # templates fill what they say by `%`
GETTEXT = {"_", "gettext", "ngettext", "pgettext"}
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**/templates/**.txt", "jinja2")]
REFUSALS = (
    "Invalid",
    "Unauthenticated",
    "Forbidden",
    "Missing",
    "Conflict",
    "TooLarge",
    "TooMany",
    "Unavailable",
    "Refusal",
)
KEYWORDS = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "refuse": (3,),
    "Sentence": None,
    **dict.fromkeys(REFUSALS, (2,)),
}


def bare_texts(path: Path) -> Iterator[tuple[int, str]]:
    """Line and text of Chinese in a template outside gettext."""
    environment = Environment(extensions=["jinja2.ext.i18n"])
    tree = environment.parse(path.read_text(encoding="utf-8"))
    translated = {
        id(inner)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in GETTEXT
        for inner in call.find_all((nodes.Const, nodes.TemplateData))
    }
    for node in tree.find_all(nodes.TemplateData):
        if CHINESE.search(node.data):
            yield node.lineno, " ".join(node.data.split())
    for node in tree.find_all(nodes.Const):
        if isinstance(node.value, str) and CHINESE.search(node.value) and id(node) not in translated:
            yield node.lineno, node.value


def extracted() -> Catalog:
    """Every sentence of the sources."""
    catalog = Catalog(project="lianban", charset="utf-8")
    for name, line, message, comments, context in extract_from_dir(SERVICE, METHODS, keywords=KEYWORDS):
        catalog.add(message, locations=[(f"service/{name}", line)], auto_comments=comments, context=context)
    return catalog


def _forms(said: str | Sequence[str] | None) -> Sequence[str]:
    return ("",) if not said else (said,) if isinstance(said, str) else said


def _whole(said: str | Sequence[str] | None) -> bool:
    """Every form of it, of a plural too."""
    return all(_forms(said))


def main() -> int:
    """Exit code 1 when something is missing."""
    problems = [
        f"{path.relative_to(ROOT)}:{line}: 未经 gettext：{text}"
        for path in sorted(SERVICE.glob("*/templates/**/*.html"))
        for line, text in bare_texts(path)
    ]
    template = extracted()
    for path in sorted(SERVICE.glob("*/translations/*/LC_MESSAGES/*.po")):
        catalog = read_po(BytesIO(path.read_bytes()))
        if "--check" not in sys.argv:
            catalog.update(template, no_fuzzy_matching=True)
            with path.open("wb") as file:
                write_po(file, catalog, width=120, omit_header=False, ignore_obsolete=True)
        for message in template:
            known = catalog.get(message.id, message.context) if message.id else None
            if message.id and (known is None or not _whole(known.string) or known.fuzzy):
                place = "{}:{}".format(*message.locations[0]) if message.locations else "?"
                problems.append(f"{path.relative_to(ROOT)}: 未翻译：{message.id} ({place})")
            elif known is not None and LONE.search(" ".join(_forms(known.string)).replace("%%", "")):
                problems.append(f"{path.relative_to(ROOT)}: 有单独的百分号，页面会出错：{message.id}")
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
