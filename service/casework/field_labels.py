"""The security labels of the fields a case asks for, from the forms its versions were deployed with."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from service.rules.field_labels import PROPERTY, Labels, labels_in, together

if TYPE_CHECKING:
    from service.store.cases import CaseRow
    from service.store.records import Records

MOST = 1000  # bindings; what one has said never changes
_known: OrderedDict[UUID, Labels] = OrderedDict()
_lock = threading.Lock()


def labels_of(records: Records, case: CaseRow) -> Labels:
    """The labels of a case by name of the value. No statement for versions this process has run before."""
    with _lock:
        if case.binding_id in _known:
            _known.move_to_end(case.binding_id)
            return _known[case.binding_id]
    members = records.deployments.members(case.binding_id) or {}
    rows = records.deployments.definitions(set(members.values()))
    wanted = {UUID(text) for row in rows for text in row.forms.values()}
    return remember(case.binding_id, records.deployments.contents(wanted).values())


def remember(binding_id: UUID, forms: Iterable[bytes]) -> Labels:
    """Keep what the files of a binding say; files that are no forms say nothing."""
    mark = PROPERTY.encode()
    labels = together(labels_in(json.loads(one)) for one in forms if mark in one and one.lstrip()[:1] == b"{")
    with _lock:
        _known[binding_id] = labels
        while len(_known) > MOST:
            _known.popitem(last=False)
    return labels
