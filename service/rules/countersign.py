"""会签: when several people's opinions are one conclusion (zw:countersign, 加签). Pure; DOMAIN E.2.2, quorum.

| mode | passes | fails | waits for everybody |
|---|---|---|---|
| `all` | everybody agrees | somebody objected, once all are heard | yes |
| `any` | the first who agrees | everybody objected | no |
| `ratio:n` | n % of all agree | n % can no longer be reached | no |
| `sequential` | one after the other, everybody agrees | the first objection | no |
| `veto` | everybody agrees | the first objection (一票否决) | no |
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from service.rules.refusals import Refusal, refuse

WRITTEN = re.compile(r"(?:all|any|sequential|veto|ratio:(?:100|[1-9]\d?))", re.ASCII)
SHAPES = "all、any、sequential、veto 或 ratio:1 到 ratio:100"


class Mode(StrEnum):
    """How opinions become a conclusion."""

    ALL = "all"  # 全部同意
    ANY = "any"  # 一人同意即可
    RATIO = "ratio"  # 按比例
    SEQUENTIAL = "sequential"  # 依次会签
    VETO = "veto"  # 一票否决


class Vote(StrEnum):
    """One opinion. 有条件同意 is an agreement with a text."""

    AGREE = "agree"
    OBJECT = "object"


class Result(StrEnum):
    """What a round has come to."""

    OPEN = "OPEN"
    PASSED = "PASSED"
    FAILED = "FAILED"


@dataclass(frozen=True, kw_only=True)
class Policy:
    """A mode; `ratio` in percent (1 to 100) of those who are asked, for Mode.RATIO only."""

    mode: Mode
    ratio: int = 100

    def __str__(self) -> str:
        return f"{self.mode}:{self.ratio}" if self.mode is Mode.RATIO else str(self.mode)


def read_policy(text: str) -> Policy:
    """The policy a diagram or a form names: `all`, `ratio:60` … Refused: Invalid COUNTERSIGN_MODE (field `mode`)."""
    if not WRITTEN.fullmatch(text):
        raise refuse("mode", "COUNTERSIGN_MODE", "会签方式应为 {shapes}", shapes=SHAPES)
    mode, _, ratio = text.partition(":")
    return Policy(mode=Mode(mode), ratio=int(ratio or 100))


def is_policy(text: str) -> bool:
    """Whether a text names a policy."""
    try:
        read_policy(text)
    except Refusal:
        return False
    return True


def conclude(policy: Policy, asked: int, votes: Sequence[Vote]) -> Result:
    """What `votes` of `asked` people have come to; who was taken off before voting is not among the asked.

    Nobody left to be asked and nobody heard: passed, there is nothing to wait for.
    """
    agreed = sum(vote is Vote.AGREE for vote in votes)
    objected = len(votes) - agreed
    heard = len(votes) >= asked
    match policy.mode:
        case Mode.ANY:
            passed, failed = agreed > 0 or asked == 0, heard
        case Mode.RATIO:
            passed = agreed * 100 >= policy.ratio * asked
            failed = (asked - objected) * 100 < policy.ratio * asked
        case Mode.ALL:
            passed, failed = heard and not objected, heard
        case Mode.SEQUENTIAL | Mode.VETO:
            passed, failed = heard and not objected, objected > 0
    return Result.PASSED if passed else Result.FAILED if failed else Result.OPEN
