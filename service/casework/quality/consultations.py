"""咨询与首问 (SP-15): whoever is asked first registers, answers at once or hands on, and stays responsible for the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.quality.rights import require_register
from service.casework.starting import begin, wanted_definition
from service.casework.views import CaseView
from service.rules.numbers import CONSULTATION as SERIES

KEY = "support_SP_15"


def register_consultation(office: Office, actor: Actor, answers: Mapping[str, Any]) -> CaseView:
    """首问登记, with what its form `consultation` was answered; numbered ZX-YYYY-NNNN in the same transaction.

    Refused: Forbidden QUALITY_FORBIDDEN; Missing DEFINITION_NOT_FOUND; Conflict DEFINITION_SUSPENDED.
    """
    require_register(actor, "consultations")

    def act() -> CaseView:
        with office.transaction() as records:
            day = records.now.astimezone(office.settings.time_zone).date()
            number = SERIES.number(day, records.series.next(SERIES.series(day)))
            definition = wanted_definition(records, key=KEY)
            title = f"咨询 {number} {str(answers.get('question') or '')[:30]}"
            variables = {**answers, "consultation_no": number}
            return begin(office, records, actor, definition, business_key=number, variables=variables, title=title)

    return office.attempt(act)
