"""Both doors keep to their descriptions, whoever asks and whatever is asked."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.sampling import sample
from tests.web.access import table
from tests.web.access.stage import Town
from tests.web.access.table import ROLES
from tests.web.access.walking import nothing_kept
from tests.web.contract.roaming import Roaming

SEED = 20260316
EXAMPLES = 6


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("door", ["/api/v1", "/engine-rest"])
def test_random_requests_are_answered_as_described_whoever_asks(site: Flask, town: Town, door: str) -> None:
    roaming = Roaming(site, town, table.read(), SEED)
    with nothing_kept():
        report = roaming.roam(door, sample(EXAMPLES, 100))
    print(f"{door}: {report.answers.total()} requests to {report.operations} operations as {len(report.roles)} roles")
    print(dict(sorted(report.answers.items())), f"{report.beyond:.0%}")
    for what, first in report.faults.items():
        print(f"## {what}\n{first}")
    assert report.faults == {}
    assert set(report.roles) == set(ROLES)
    assert report.beyond > 0.5
