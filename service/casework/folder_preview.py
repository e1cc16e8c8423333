"""What deploying a folder would make, told without making it."""

from __future__ import annotations

from collections.abc import Sequence

from service.casework.actors import SYSTEM
from service.casework.filed import changed_since_filed
from service.casework.office import Office
from service.casework.register.deploying import is_item_file, new_cards, refuse_bad_items
from service.casework.workbench import Preview, preview_upload
from service.engine.facts import Resource


def preview_folder(office: Office, resources: Sequence[Resource]) -> tuple[Preview, tuple[str, ...]]:
    """Findings and versions of what has changed since the folder was deployed, and the codes of items that would get a version.

    Refused: Invalid ITEMS_REFUSED with the findings as details.
    """
    cards = [one for one in resources if is_item_file(one.name)]
    others = [one for one in resources if not is_item_file(one.name)]
    refuse_bad_items(cards)
    with office.reading() as records:
        changed = changed_since_filed(records, others)
    return preview_upload(office, SYSTEM, changed), tuple(card.code for card in new_cards(office, cards))
