"""Chinese is the language of the sources; the English catalogue is complete and fills the same places."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from babel.messages.pofile import read_po

from service.web.pages.language import CATALOGUES, compile_catalogues
from tests.web.pages.conftest import Visitor, text

ROOT = Path(__file__).resolve().parents[3]
PLACES = re.compile(r"%\(\w+\)s|\{\w+\}")


def test_every_sentence_is_translated_and_no_template_speaks_past_gettext() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/translations.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_translations_fill_the_same_places_and_hold_no_chinese() -> None:
    with (CATALOGUES / "en/LC_MESSAGES/messages.po").open("rb") as file:
        catalogue = read_po(file)
    wrong = [
        message.id
        for message in catalogue
        if isinstance(message.id, str)
        and message.id
        and (
            sorted(PLACES.findall(message.id)) != sorted(PLACES.findall(str(message.string)))
            or re.search(r"[\u4e00-\u9fff]", str(message.string))
        )
    ]
    assert wrong == []


def test_a_catalogue_is_compiled_when_it_is_newer(tmp_path: Path) -> None:
    target = tmp_path / "en" / "LC_MESSAGES"
    target.mkdir(parents=True)
    (target / "messages.po").write_bytes((CATALOGUES / "en/LC_MESSAGES/messages.po").read_bytes())
    compile_catalogues(tmp_path)
    assert (target / "messages.mo").stat().st_size > 1000


def test_an_english_reader_sees_english_pages(clerk: Visitor) -> None:
    clerk.post("/language", {"language": "en", "next": "/inbox"})
    for path, words in (("/inbox", "Nothing to do"), ("/cases", "No case matches"), ("/processes", "Current version")):
        page = text(clerk.get(path))
        assert words in page and "待办" not in page
    assert "Choose at least one file" not in text(clerk.get("/cases/new"))
    clerk.get("/cases/new/two_departments")
    assert "Fill in &#34;项目名称&#34;" in clerk.post("/cases/new/two_departments", {}).get_data(as_text=True)
