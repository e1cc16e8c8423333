"""试演: what a draft or a release would do, found out before it is live (docs/studio.md)."""

from service.casework.rehearsals.playing import play_on, rehearse_draft, rehearse_release
from service.casework.rehearsals.reading import (
    PAGE,
    CaseLine,
    RehearsalPage,
    draft_rehearsal,
    is_rehearsed,
    release_rehearsal,
)

__all__ = [
    "PAGE",
    "CaseLine",
    "RehearsalPage",
    "draft_rehearsal",
    "is_rehearsed",
    "play_on",
    "rehearse_draft",
    "rehearse_release",
    "release_rehearsal",
]
