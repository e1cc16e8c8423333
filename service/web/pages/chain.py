"""联办全貌: all branches of a chain, looked at again while somebody looks at the page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template

from service.casework.measures.showing import offers
from service.casework.papers.reading import case_papers
from service.casework.workbench import ChainPage, chain_page
from service.web.pages.answers import answered_blocks
from service.web.pages.line_words import name_of
from service.web.pages.sign_in import acting
from service.web.pages.timeline import opinion_in

SPEAKING = ("OPINION", "COORDINATE", "APPROVE")  # stages of the chain's own desks that are opinions
CIRCULATED = "W13"  # 审批流转单: every opinion on one paper


def register(pages: Blueprint, office: Any) -> None:
    """Adds the page and the part of it that is fetched again."""

    @pages.get("/cases/<uuid:case_id>/chain", endpoint="chain")
    def show(case_id: UUID) -> str:
        return render_template("chain.html", **_said(case_id))

    @pages.get("/cases/<uuid:case_id>/chain/part", endpoint="chain_part")
    def part(case_id: UUID) -> str:
        return render_template("chain_part.html", **_said(case_id))

    def _said(case_id: UUID) -> dict[str, Any]:
        actor = acting()
        chain = chain_page(office, actor, case_id)
        papers = [one for one in case_papers(office, actor, case_id).lines if one.row.code == CIRCULATED]
        returnable = frozenset(node for node, _ in offers(office, actor, case_id).items)
        return {
            "chain": chain,
            "page": chain.page,
            "opinions": _opinions(chain),
            "papers": papers,
            "returnable": returnable,
        }


def _opinions(chain: ChainPage) -> dict[UUID | None, list[dict[str, Any]]]:
    """Scope → what was said there, the latest first: who, when, conclusion, opinion. None: desks of the chain itself, where its
    departments speak: 牵头会商, 会审意见, 联合验收意见."""
    found: dict[UUID | None, list[dict[str, Any]]] = {}
    calls = chain.page.calls
    for one in reversed(chain.page.answered):
        scope = calls.get(one.task.scope_id) if one.task.scope_id else None
        conclusion, said = opinion_in(answered_blocks(one))
        if (scope is not None or one.task.stage in SPEAKING) and (conclusion or said):
            who = name_of(chain.page, one.task.ended_by)
            told = {"task": one.task, "who": who, "conclusion": conclusion, "said": said}
            found.setdefault(scope, []).append(told)
    return found
