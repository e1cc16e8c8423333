"""A hall to test in: the demo city with two items on different boards, their cards, and an application of the cast."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from service.casework import attend_due, find_actor
from service.casework.actors import SYSTEM, Actor
from service.casework.carrying import carry_due
from service.casework.deploying import deploy
from service.casework.office import Office
from service.casework.register import deploy_items
from service.casework.window.receiving import Application, Checked, Presence, receive
from service.engine.facts import Resource
from tests.casework.papers.city import APPLICATION
from tests.processes.library import ROOT, resources

BUILDING, SENIOR = "item_104_XK_001", "item_115_GG_004"
LINES = (
    "申请表(表)", "用地批准手续(共)", "建设工程规划许可证(共)", "施工图审查合格书(共)", "中标通知书/施工合同(自)", "质量安全措施(自)",
    "资金落实承诺书(自)",
)  # fmt: skip
CONTRACT, SAFETY = LINES[4], LINES[5]


def open_hall(office: Office, *keys: str) -> Office:
    """The items with their cards in the register."""
    wanted = keys or (BUILDING, SENIOR)
    deploy(office, SYSTEM, "事项库", resources(*wanted))
    codes = [key.removeprefix("item_").replace("_", "-") for key in wanted]
    files = [ROOT / "processes" / "items" / f"{code}.json" for code in codes]
    deploy_items(office, SYSTEM, [Resource(name=one.name, content=one.read_bytes()) for one in files])
    return office


def who(office: Office, username: str) -> Actor:
    """Somebody of the cast."""
    found = find_actor(office, username)
    assert found is not None
    return found


def checked(*lacking: str) -> tuple[Checked, ...]:
    """The checklist of 施工许可 with some lines missing."""
    return tuple(
        Checked(line=line, presence=Presence.LACKING)
        if line in lacking
        else Checked(line=line, presence=Presence.HERE, paper="ORIGINAL" if line.endswith("(自)") else "", copies=1)
        for line in LINES
    )


def application(decision: str | None = "accept", *lacking: str, **more: Any) -> Application:
    """An application of 李昭's company over the counter."""
    values: dict[str, Any] = {
        "key": BUILDING,
        "answers": APPLICATION,
        "checked": checked(*lacking),
        "conclusion": None if decision is None else {"decision": decision},
    }
    return Application(**(values | more))


def taken(office: Office, decision: str | None = "accept", *lacking: str, **more: Any) -> UUID:
    """It is taken in by 王芳, and what follows at once is done."""
    case = receive(office, who(office, "wangfang"), application(decision, *lacking, **more))
    settle(office)
    return case


def settle(office: Office) -> None:
    """Everything that is due, and everything to be printed."""
    for _ in range(20):
        if not attend_due(office) and not carry_due(office):
            return
