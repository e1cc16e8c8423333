"""An application with a service account, as the tests of the doors have it."""

from __future__ import annotations

from tests.web.conftest import api, app

__all__ = ["api", "app"]
