"""办事指南 on paper (YY-01, SM-53): the headings of the page, printed on A4 with version, date and a code that leads to the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from service.casework.register.reading import GuideView
from service.documents import Paper, print_paper, qr_code

Sections = Sequence[tuple[str, Sequence[str]]]


def guide_paper(
    found: GuideView, sections: Sections, *, centre: str, address: str, version: str, translate: Callable[[str], str]
) -> bytes:
    """The PDF. `sections`: headings with their lines; `version`: which version it is, in words."""
    made_at = found.read_at
    paper = Paper(
        template="service_guide",
        title=found.card.name,
        issuer=centre,
        number=found.card.code,
        made_at=made_at,
        facts={"sections": sections, "qr": qr_code(address), "address": address, "version": version},
    )
    return print_paper(paper, translate)
