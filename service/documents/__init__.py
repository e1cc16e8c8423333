"""Documents on paper: what the service writes to be printed, sealed and kept. Knows no case, no database, no network."""

from __future__ import annotations

from service.documents.examining import examine_template, photograph_template, shipped_template, template_changes
from service.documents.naming import TemplatePlace, template_places
from service.documents.official import (
    DocumentHead,
    DocumentState,
    Printed,
    photograph_document,
    photograph_preview,
    preview,
    print_document,
    qr_code,
)
from service.documents.papers import Paper, print_paper
from service.documents.seals import examine_seal, sample_seal

__all__ = [
    "DocumentHead",
    "DocumentState",
    "Paper",
    "Printed",
    "TemplatePlace",
    "examine_seal",
    "examine_template",
    "photograph_document",
    "photograph_preview",
    "photograph_template",
    "preview",
    "print_document",
    "print_paper",
    "qr_code",
    "sample_seal",
    "shipped_template",
    "template_changes",
    "template_places",
]
