"""How large a random sample is: small by hand, larger in scripts/test, as large as a campaign asks."""

from __future__ import annotations

import os


def sample(normal: int, share: int = 1) -> int:
    """Exactly `LIANBAN_SOAK` in a campaign; one `share`-th of `LIANBAN_SAMPLE` in the whole suite; otherwise `normal`."""
    asked = os.environ.get("LIANBAN_SOAK")
    return int(asked) if asked else max(normal, int(os.environ.get("LIANBAN_SAMPLE", 0)) // share)
