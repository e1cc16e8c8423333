"""LB6xx: forms must be form-js schemas whose components, keys and conditions are sound."""

from __future__ import annotations

from service.engine.facts import Resource
from service.engine.lint.report import Report


class Forms:
    """The forms among the resources, by form key (the file's name without suffix, or the schema's id)."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.by_key: dict[str, Resource] = {}

    def read(self, resource: Resource) -> None:
        """Take a form in and check it."""
        name = resource.name.rsplit("/", 1)[-1]
        self.by_key[name.removesuffix(".json").removesuffix(".form")] = resource
