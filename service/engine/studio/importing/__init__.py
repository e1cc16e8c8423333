"""Diagrams of Camunda 7, Flowable and Activiti as ours. Pure: bytes in, bytes and notes out."""

from service.engine.studio.importing.facts import Imported, Note, Verdict
from service.engine.studio.importing.reading import import_diagram

__all__ = ["Imported", "Note", "Verdict", "import_diagram"]
