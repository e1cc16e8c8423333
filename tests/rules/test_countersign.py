"""会签: the truth table of every mode, for every number of signers, every vote and every order."""

from __future__ import annotations

from itertools import product

import pytest

from service.rules.countersign import Mode, Policy, Result, Vote, conclude, is_policy, read_policy
from service.rules.refusals import Invalid

A, B = Vote.AGREE, Vote.OBJECT
POLICIES = ("all", "any", "sequential", "veto", "ratio:1", "ratio:50", "ratio:51", "ratio:60", "ratio:100")


@pytest.mark.parametrize(
    "text",
    ["", "most", "ALL", "ratio", "ratio:0", "ratio:101", "ratio:-1", "ratio:50%", "ratio:5.5", "ratio:050", "all "],
)
def test_an_unknown_mode_or_a_ratio_outside_1_to_100_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_policy(text)
    assert refusal.value.code == "COUNTERSIGN_MODE" and refusal.value.fields[0].field == "mode"
    assert not is_policy(text)


@pytest.mark.parametrize("text", POLICIES)
def test_a_policy_is_written_as_it_is_read(text: str) -> None:
    assert str(read_policy(text)) == text and is_policy(text)


def expected(policy: Policy, asked: int, votes: tuple[Vote, ...]) -> Result:
    """The same, said in the words of the handbook: whether any way to go on leads to passing, and to failing."""
    ends = {final(policy, votes + rest) for rest in product((A, B), repeat=asked - len(votes))}
    if policy.mode is Mode.ALL and len(votes) < asked:
        return Result.OPEN  # everybody is heard, whatever it comes to
    return ends.pop() if len(ends) == 1 else Result.OPEN


def final(policy: Policy, votes: tuple[Vote, ...]) -> Result:
    """What it comes to when everybody has spoken."""
    agreed = votes.count(A)
    enough = {
        Mode.ALL: agreed == len(votes),
        Mode.SEQUENTIAL: agreed == len(votes),
        Mode.VETO: agreed == len(votes),
        Mode.ANY: agreed >= 1,
        Mode.RATIO: agreed * 100 >= policy.ratio * len(votes),
    }[policy.mode]
    return Result.PASSED if enough else Result.FAILED


@pytest.mark.parametrize("text", POLICIES)
@pytest.mark.parametrize("asked", [1, 2, 3, 4])
def test_every_mode_follows_its_truth_table_in_every_order(text: str, asked: int) -> None:
    policy = read_policy(text)
    for heard in range(asked + 1):
        for votes in product((A, B), repeat=heard):
            assert conclude(policy, asked, votes) is expected(policy, asked, votes), (text, asked, votes)


@pytest.mark.parametrize(
    ("text", "asked", "votes", "result"),
    [
        ("all", 3, (B,), Result.OPEN),  # the others are still heard
        ("all", 3, (B, A, A), Result.FAILED),
        ("any", 3, (A,), Result.PASSED),
        ("any", 3, (B, B), Result.OPEN),
        ("any", 3, (B, B, B), Result.FAILED),
        ("ratio:60", 4, (A, A), Result.OPEN),
        ("ratio:60", 4, (A, A, A), Result.PASSED),
        ("ratio:60", 4, (B, B), Result.FAILED),
        ("ratio:50", 4, (A, A), Result.PASSED),
        ("veto", 4, (A, A, B), Result.FAILED),
        ("sequential", 4, (A, B), Result.FAILED),
        ("sequential", 2, (A, A), Result.PASSED),
    ],
)
def test_the_examples_of_the_handbook_hold(text: str, asked: int, votes: tuple[Vote, ...], result: Result) -> None:
    assert conclude(read_policy(text), asked, votes) is result


@pytest.mark.parametrize("text", POLICIES)
def test_with_nobody_to_ask_there_is_nothing_to_wait_for(text: str) -> None:
    assert conclude(read_policy(text), 0, ()) is Result.PASSED
