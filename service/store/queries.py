"""进度查询: the item behind a number an applicant was given, and how often its code was typed wrongly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select, update

from service.store.message_schema import access_code
from service.store.messages import CodeRow
from service.store.papers_schema import acceptance, document

if TYPE_CHECKING:
    from service.store.records import Records

PURPOSE = "QUERY"


@dataclass(frozen=True, kw_only=True, slots=True)
class QueryRow:
    """The code of an item and its wrong tries."""

    code: CodeRow
    tries: int
    locked_until: datetime | None


class Queries:
    """Rows of `access_code` by what an applicant knows."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def find(self, number: str) -> QueryRow | None:
        """By 受理号, or by the number of a paper of the case (收件凭证, 补正告知书). Locked: tries are counted one by one."""
        scope = func.coalesce(document.c.scope_id, document.c.case_id)
        accepted = select(acceptance.c.case_id, acceptance.c.scope_id).where(acceptance.c.number == number)
        papers = select(document.c.case_id, scope.label("scope_id")).where(
            document.c.number == number, document.c.state != "DRAFT", document.c.case_id.is_not(None)
        )
        known = accepted.union(papers).subquery()
        asked = (
            select(*(access_code.c[name] for name in (*CodeRow.__dataclass_fields__, "tries", "locked_until")))
            .join(known, and_(known.c.case_id == access_code.c.case_id, known.c.scope_id == access_code.c.scope_id))
            .where(access_code.c.purpose == PURPOSE)
            .with_for_update(of=access_code)
        )
        row = self._records.execute(asked).first()
        if row is None:
            return None
        code = CodeRow(**{name: row._mapping[name] for name in CodeRow.__dataclass_fields__})
        return QueryRow(code=code, tries=row.tries, locked_until=row.locked_until)

    def change(self, row: QueryRow, values: Mapping[str, Any]) -> None:
        """Write its tries."""
        self._records.execute(
            update(access_code)
            .where(
                access_code.c.case_id == row.code.case_id,
                access_code.c.scope_id == row.code.scope_id,
                access_code.c.purpose == PURPOSE,
            )
            .values(**values)
        )
