"""A filter is the text of an address: nonsense in it never leads to an error, and what is read back is what was meant."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.rules.work_filters import COLUMNS, LIGHTS, SORTS, STAGES, TABS, WorkFilter, filter_of, read_filter


@pytest.mark.parametrize(
    "values",
    [
        {
            "tab": "nowhere",
            "view": "blue",
            "sort": "sideways",
            "stage": "X",
            "due_from": "2026-13-01",
            "columns": "all",
        },
        {"due_to": "tomorrow", "arrived_from": "16.3.2026", "corrected": "maybe", "q": "\0"},
    ],
)
def test_what_is_unknown_is_left_out(values: dict[str, str]) -> None:
    found = read_filter(values)
    assert found == WorkFilter(columns=() if "columns" in values else WorkFilter().columns)


def test_the_usual_filter_is_an_empty_address() -> None:
    assert WorkFilter().query == "" and filter_of("") == WorkFilter()


def test_the_old_address_of_the_queue_leads_to_the_post() -> None:
    assert read_filter({"view": "queue"}).tab == "post"


def test_a_text_that_is_too_long_is_cut() -> None:
    assert len(read_filter({"q": "长" * 500}).q) == 100


texts = st.text(alphabet="云溪 &=?%#ab", max_size=20).map(str.strip)
days = st.none() | st.dates(date(2020, 1, 1), date(2040, 1, 1))
filters = st.builds(
    WorkFilter,
    tab=st.sampled_from(TABS),
    view=st.sampled_from(LIGHTS),
    sort=st.sampled_from(SORTS),
    stage=st.sampled_from(("", *STAGES)),
    q=texts,
    item=texts,
    applicant=texts,
    project=texts,
    department=texts,
    due_from=days,
    due_to=days,
    arrived_from=days,
    arrived_to=days,
    corrected=st.booleans(),
    columns=st.sets(st.sampled_from(COLUMNS)).map(lambda some: tuple(one for one in COLUMNS if one in some)),
)


@given(filters)
def test_every_filter_survives_its_address(wanted: WorkFilter) -> None:
    assert filter_of(wanted.query) == wanted
