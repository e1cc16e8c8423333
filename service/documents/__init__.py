"""Documents on paper: what the service writes to be printed, sealed and kept. Knows no case, no database, no network."""

from __future__ import annotations

from service.documents.official import DocumentHead, DocumentState, Printed, preview, print_document, qr_code
from service.documents.papers import Paper, print_paper

__all__ = ["DocumentHead", "DocumentState", "Paper", "Printed", "preview", "print_document", "print_paper", "qr_code"]
