"""Roles by two persons (S-09, BR-05): one administrator asks, another one confirms; nobody decides about oneself.

业务科 or a security administrator asks (P26). A security administrator or the audit administrator confirms. The roles of a
security administrator are asked for by another one and confirmed by the audit administrator. S-08, S-10 and S-11 are
checked when asked and again when confirmed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID, uuid4

from service.casework.actors import Actor
from service.casework.kept_apart import kept_apart
from service.casework.listing.pages import RowPage, row_page
from service.casework.office import Office
from service.casework.people import found_person, give_roles, roles_may_meet
from service.casework.staff.rights import ASKERS, AUDIT, DECIDERS, SECURITY, require_asker, require_staff_reader
from service.rules.refusals import Conflict, Forbidden, Missing, refuse
from service.rules.roles import ROLES
from service.rules.sentences import Sentence
from service.rules.vocabulary import LedgerAction, RequestState
from service.store.database import Duplicate
from service.store.listing.staff import ROLE_REQUESTS, RequestListRow
from service.store.organisation import RoleRequestRow
from service.store.records import Records

VIEWS: Mapping[str, Mapping[str, Any]] = {"open": {"state": "ASKED"}, "decided": {"decided": True}}
LONGEST = 500  # characters of a reason
GRANTABLE = tuple(role for role in ROLES if role not in ("service", "applicant"))


def request_list(
    office: Office, actor: Actor, *, view: str = "open", search: str = "", sort: str = "", page: int = 1
) -> RowPage[RequestListRow]:
    """One page of the requests. Refused: Forbidden STAFF_NOT_YOURS."""
    require_staff_reader(actor)
    return row_page(office, actor, ROLE_REQUESTS, {"q": search}, sort=sort, page=page, views=VIEWS, view=view)


def may_decide(actor: Actor, row: RoleRequestRow | RequestListRow) -> bool:
    """Whether somebody may confirm or refuse a request: neither who asked nor whom it is about, and a decider."""
    return actor.username not in (row.asked_by, row.username) and not actor.roles.isdisjoint(deciders_of(row))


def deciders_of(row: RoleRequestRow | RequestListRow) -> tuple[str, ...]:
    """The roles that may confirm a request: of a security administrator the audit administrator only."""
    return (AUDIT,) if SECURITY in row.before or SECURITY in row.after else DECIDERS


def ask_roles(office: Office, actor: Actor, username: str, roles: Collection[str], reason: str) -> UUID:
    """Ask that somebody holds exactly these roles.

    Refused: Forbidden ROLES_NOT_YOURS, OWN_ROLES, SECURITY_BY_SECURITY; Invalid REASON_MISSING, ROLE_UNKNOWN; Missing
    PERSON_UNKNOWN; Conflict ROLES_CONFLICT, ROLES_UNCHANGED, ROLES_ASKED_ALREADY.
    """
    require_asker(actor)
    if not reason.strip():
        raise refuse("reason", "REASON_MISSING", "请写明理由。")
    if len(reason) > LONGEST:
        raise refuse("reason", "REASON_TOO_LONG", "说明不能超过 {most} 个字", most=LONGEST)
    wanted = sorted(set(roles))
    roles_may_meet(wanted)
    with office.transaction() as records:
        person = found_person(records, username)
        if person.username == actor.username:
            raise kept_apart(
                records,
                "S-09",
                "OWN_ROLES",
                Sentence("不能给自己授予或取消角色。"),
                Sentence("不能给自己授予或取消角色，可由{instead}申请。"),
                groups=ASKERS if SECURITY not in {*person.roles, *wanted} else (SECURITY,),
                without={actor.username},
            )
        before = sorted(person.roles)
        if "service" in {*before, *wanted}:
            raise Forbidden("SERVICE_ROLES", "程序账号的角色只能在服务器命令行设置。")
        if SECURITY in {*before, *wanted} and SECURITY not in actor.roles:
            raise Forbidden("SECURITY_BY_SECURITY", "安全管理员的角色须由另一名安全管理员申请、审计管理员确认。")
        if before == wanted:
            raise Conflict("ROLES_UNCHANGED", "{name}的角色本来就是这些。", name=person.name)
        row = RoleRequestRow(
            id=uuid4(),
            username=person.username,
            before=before,
            after=wanted,
            reason=reason.strip(),
            asked_by=actor.username,
            asked_at=records.now,
            state=RequestState.ASKED,
        )
        open_already = records.organisation.open_request(person.username)
        if open_already is not None:
            raise _asked_already(records, open_already)
        try:
            records.organisation.add_request(row)
        except Duplicate as duplicate:
            raise Conflict("ROLES_ASKED_ALREADY", "{name}已有一项角色申请等待确认。", name=person.name) from duplicate
        detail = {"before": before, "after": wanted, "reason": row.reason}
        records.ledger.write(LedgerAction.ROLES_ASKED, actor.username, person.username, detail)
        return row.id


def decide_roles(office: Office, actor: Actor, request_id: UUID, *, confirmed: bool, remark: str = "") -> None:
    """Confirm a request, which gives the roles and ends the person's sessions, or refuse it with a reason.

    Refused: Forbidden ROLES_BY_ANOTHER; Missing REQUEST_NOT_FOUND; Conflict REQUEST_DECIDED, ROLES_CHANGED, ROLES_CONFLICT;
    Invalid REASON_MISSING.
    """
    if not confirmed and not remark.strip():
        raise refuse("remark", "REASON_MISSING", "请写明理由。")
    with office.transaction() as records:
        row = _open(records, request_id)
        if not may_decide(actor, row):
            raise kept_apart(
                records,
                "S-09",
                "ROLES_BY_ANOTHER",
                Sentence(
                    "角色申请应由申请人和当事人以外的安全管理员或审计管理员确认；涉及安全管理员的由审计管理员确认。"
                ),
                Sentence(
                    "角色申请应由申请人和当事人以外的安全管理员或审计管理员确认；涉及安全管理员的由审计管理员确认。可由{instead}确认。"
                ),
                groups=deciders_of(row),
                without={row.asked_by, row.username},
            )
        person = found_person(records, row.username)
        if confirmed:
            if sorted(person.roles) != sorted(row.before):
                raise Conflict("ROLES_CHANGED", "申请之后{name}的角色已有变化，请重新申请。", name=person.name)
            roles_may_meet(row.after)
            give_roles(records, actor, person, row.after)
        _decide(records, actor, row, RequestState.CONFIRMED if confirmed else RequestState.REFUSED, remark)
        detail = {
            "after": row.after,
            "confirmed": confirmed,
            "asked_by": row.asked_by,
            "remark": remark.strip()[:LONGEST],
        }
        records.ledger.write(LedgerAction.ROLES_DECIDED, actor.username, row.username, detail)


def withdraw_roles(office: Office, actor: Actor, request_id: UUID) -> None:
    """Take back what one has asked for. Refused: Forbidden NOT_YOUR_REQUEST, Missing, Conflict REQUEST_DECIDED."""
    with office.transaction() as records:
        row = _open(records, request_id)
        if row.asked_by != actor.username or actor.roles.isdisjoint(ASKERS):
            raise Forbidden("NOT_YOUR_REQUEST", "只有申请人可以撤回申请。")
        _decide(records, actor, row, RequestState.WITHDRAWN, "")
        records.ledger.write(LedgerAction.ROLES_WITHDRAWN, actor.username, row.username, {"after": row.after})


def _decide(records: Records, actor: Actor, row: RoleRequestRow, state: RequestState, remark: str) -> None:
    values = {
        "state": state.value,
        "decided_by": actor.username,
        "decided_at": records.now,
        "remark": remark.strip()[:LONGEST],
    }
    records.organisation.change_request(row.id, values)


def _open(records: Records, request_id: UUID) -> RoleRequestRow:
    row = records.organisation.request(request_id)
    if row is None:
        raise Missing("REQUEST_NOT_FOUND", "没有这项角色申请。")
    if row.state != RequestState.ASKED:
        by = row.decided_by or ""
        name = records.people.names([by]).get(by, by)
        raise Conflict("REQUEST_DECIDED", "这项申请已由{name}处理。", name=name, username=by)
    return row


def _asked_already(records: Records, row: RoleRequestRow) -> Conflict:
    name = records.people.names([row.asked_by]).get(row.asked_by, row.asked_by)
    return Conflict("ROLES_ASKED_BY", "{name}已提出一项角色申请，等待确认。", name=name, username=row.asked_by)
