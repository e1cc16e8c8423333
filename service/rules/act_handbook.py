"""The page that lists every act, made from the registry: `python -m service.rules.act_handbook > docs/acts.md`."""

from __future__ import annotations

from service.rules.act_cards import ActCard
from service.rules.acts import ACTS, ASKED_OTHERWISE, ONCE_PER_CASE, TRANSFERS

INTRODUCTION = """# Acts

Generated from the registry `service/rules/acts.py` (`python -m service.rules.act_handbook > docs/acts.md`); a test compares. Do not edit.

What a diagram asks of the service beside tasks for people. There are two ways:

- **A service task with `zw:action`** waits until the act is done, and gets its outputs as variables. It is drawn where the case must not go on without it:
  the letter before the end of a refusal, the bill before the certificate.
- **An element that is passed** asks with `zw:doc` (documents) and `zw:sms` (messages), codes separated by spaces; nobody waits for them. They stand on tasks, events and whatever has
  `zw:reaches`; documents come before messages, which may name their numbers. A desk with several outcomes hands out nothing itself: what follows stands on the mark of each outcome.
  `zw:to` with `zw:fields` and `zw:transfer` tells another system in passing: what cannot be told for good is noted (`exchange:failed`) and stops nothing.
  A service task with `zw:action="document"` may carry `zw:sms` for what is said when the document has been issued.

Inputs are attributes in the namespace `zw`; a value that begins with `=` is FEEL. Both ways become one agenda item, written with everything else of the step and done by the worker under the
case's lock, in one transaction that takes the item off: effective once. What leaves the house goes through the outbox: carried at least once under the item's id, its effect kept once. Failures are tried again
(after 10 s and 60 s; errands after 1, 5 and 30 minutes), then become an incident on the page 异常 where the cause is repaired and the act repeated, or given up with a reason. Where a diagram catches the
error an act names around its service task, that way is taken instead.

Inside a called supporting process (`zw:kind="SUPPORT"`) an act belongs to the item or chain that called it. A supporting process that is a case of its own (docs/support_acts.md) carries out
`order`, `order_step`, `extension`, `withdrawal`, `renewal`, `review`, `refund`, `release` and `tacit` on the case or matter it serves.
"""


def handbook() -> str:
    """The page as Markdown."""
    parts = [INTRODUCTION, *(section(card) for card in ACTS.values())]
    once = ", ".join(sorted(ONCE_PER_CASE))
    rows = "\n".join(f"| {code} | {why} |" for code, why in ASKED_OTHERWISE.items())
    parts.append(
        "## Sent by the service itself\n\nA diagram that asks for these would have them said twice (LB525).\n\n"
        f"| message | why |\n|---|---|\n{rows}\n"
    )
    parts.append(f"Asked for once per case, not by the items a chain calls: {once}.\n")
    rows = "\n".join(f"| `{code}` | {label} | {english} |" for code, (label, english) in TRANSFERS.items())
    parts.append(f"## Kinds of transfer\n\n| `zw:transfer` | | |\n|---|---|---|\n{rows}\n")
    return "\n".join(parts)


def section(card: ActCard) -> str:
    """One act."""
    lines = [f"## `{card.name}` {card.label}\n", f"{card.does}.\n", f"{card.english[0].upper()}{card.english[1:]}.\n"]
    if card.inputs:
        lines.append("| input | | | |\n|---|---|---|---|")
        for one in card.inputs:
            need = "required" if one.required else f"else: {one.default}" if one.default else "optional"
            words = ", ".join(f"`{word}` {chinese} {english}" for word, (chinese, english) in one.choices.items())
            kind = f": {words}" if words else f" ({one.kind.lower()})"
            lines.append(f"| `zw:{one.name}` | {one.label} | {one.english}{kind} | {need} |")
        lines.append("")
    if card.outputs:
        lines.append("| output | | |\n|---|---|---|")
        lines += [f"| `{one.name}` ({one.type}) | {one.label} | {one.english} |" for one in card.outputs]
        lines.append("")
    said = [
        f"{word}: {', '.join(f'`{one}`' for one in named)}."
        for word, named in (
            ("Journal", card.journal),
            ("Refused", card.refusals),
            ("Error a diagram may catch", (card.error,) if card.error else ()),
        )
        if named
    ]
    lines.append(" ".join(said))
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    print(handbook(), end="")
