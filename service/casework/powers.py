"""What a 首席代表 or 分管领导 does for the department stands in a letter of authority: 受理, 审核, 批准, 用章, 发证, 延期 (DF-12).

The head of the department needs no letter, programs are not asked, and nobody needs one for what is their own post:
a window accepts, A岗 reviews, the issuing window issues without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from service.casework.posts import CHIEF, HEAD, LEADER
from service.rules.letters import Power
from service.rules.refusals import Forbidden
from service.rules.sentences import Sentence

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.store.records import Records

OF_STAGES = {"ACCEPT": Power.ACCEPT, "REVIEW": Power.REVIEW, "APPROVE": Power.APPROVE, "ISSUE": Power.ISSUE}
BY_LETTER = (CHIEF, LEADER)
POWER_NAMES = {
    Power.ACCEPT: Sentence("受理"),
    Power.REVIEW: Sentence("审核"),
    Power.APPROVE: Sentence("批准"),
    Power.SEAL: Sentence("用章"),
    Power.ISSUE: Sentence("发证"),
    Power.EXTEND: Sentence("延期"),
}
MOST_NAMES = 5


def needs_letter(records: Records, person: str, department: str | None, stage: str | None, role: str | None) -> bool:
    """Whether somebody does a task of this stage by a letter: every decision, and whatever else the 首席代表 or 分管领导
    does that is not their own post's. No statement while the staff is known."""
    if department is None or stage not in OF_STAGES or not records.staff.enforced:
        return False
    known = records.staff.people.get(person)
    if known is not None and HEAD in known.roles and known.department == department:
        return False
    if stage == "APPROVE":
        return True
    if known is None or known.department != department or known.roles.isdisjoint(BY_LETTER):
        return False
    return role in BY_LETTER or role not in known.roles


def has_letter(records: Records, person: str, department: str, power: Power, item: str | None) -> bool:
    """Whether a letter gives somebody a power of a department today. `item` None: for at least one."""
    return records.staff.empowered(person, department, power, item, records.now) is not None


def require_power(records: Records, actor: Actor, department: str | None, power: Power, item: str | None) -> None:
    """What a 首席代表 or 分管领导 does beside tasks: papers with a seal, asking for an extension.

    Refused: Forbidden OUTSIDE_LETTER, `details`: who may act instead.
    """
    if actor.service or department is None or actor.department != department or not records.staff.enforced:
        return
    if not actor.has(*BY_LETTER) or actor.has(HEAD) or has_letter(records, actor.username, department, power, item):
        return
    raise outside(records, department, power, item, without=actor.username)


def outside(records: Records, department: str, power: Power, item: str | None, *, without: str) -> Forbidden:
    """The refusal, with who of the department has the power: its head, and whom a letter names."""
    people = records.staff.people
    names = [
        (username, known.name)
        for username, known in people.items()
        if known.department == department and username != without
        if HEAD in known.roles or has_letter(records, username, department, power, item)
    ][:MOST_NAMES]
    details = {"rule": "DF-12", "instead": [{"username": username, "name": name} for username, name in names]}
    said: dict[str, Any] = {"power": POWER_NAMES[power].text, "item": item or "—"}
    if not names:
        return Forbidden("OUTSIDE_LETTER", "您的授权委托书没有授予“{item}”的{power}权限", details=details, **said)
    said["instead"] = "、".join(pair[1] for pair in names)
    return Forbidden(
        "OUTSIDE_LETTER", "您的授权委托书没有授予“{item}”的{power}权限，可由{instead}办理", details=details, **said
    )
