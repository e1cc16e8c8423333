"""@: colleagues named in a note. Each must be somebody who may read the case, otherwise the note is refused, not the notice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from service.casework.notes.rights import is_insider
from service.casework.rights import may_read
from service.casework.signing_in import actor_of
from service.rules.refusals import refuse

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.store.cases import CaseRow
    from service.store.people import Person
    from service.store.records import Records

NAMED = re.compile(r"(?<![\w.])@([\w.\-·]+)")
MOST = 20  # people in one note


def mentioned(records: Records, actor: Actor, row: CaseRow, text: str) -> tuple[str, ...]:
    """The usernames behind every @name of a text, without who writes. A name may be followed at once by other characters.

    Refused: Invalid MENTION_UNKNOWN, MENTION_UNCLEAR (two of one name: the username tells them apart), MENTIONS_TOO_MANY.
    """
    said = tuple(dict.fromkeys(NAMED.findall(text)))
    if not said:
        return ()
    if len(said) > MOST:
        raise refuse("text", "MENTIONS_TOO_MANY", "一条备注最多提到 {most} 人", most=MOST)
    people = records.people.listing(active=True)
    found = []
    for words in said:
        named = _called(people, words)
        able = [one for one in named if (who := actor_of(one)) and is_insider(who) and may_read(records, who, row)]
        if not able:
            raise refuse("text", "MENTION_UNKNOWN", "“@{name}”不是可以查看本件的工作人员", name=words[:20])
        if len(able) > 1:
            raise refuse(
                "text",
                "MENTION_UNCLEAR",
                "有多位“{name}”，请改用账号，例如 @{username}",
                name=able[0].name,
                username=able[0].username,
            )
        found.append(able[0].username)
    return tuple(name for name in dict.fromkeys(found) if name != actor.username)


def _called(people: tuple[Person, ...], words: str) -> list[Person]:
    """Everybody with the longest name or username the words begin with."""
    fitting = [(len(name), one) for one in people for name in {one.name, one.username} if words.startswith(name)]
    longest = max((length for length, _ in fitting), default=0)
    return [one for length, one in fitting if length == longest]
