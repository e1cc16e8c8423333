"""What the studio asks of files: what they and their steps are called, copies under another key, empty ones, and what two of them differ in."""

from service.engine.studio.comparing import Difference, Part, compare_diagrams
from service.engine.studio.copying import blank_diagram, copied, drawn_process
from service.engine.studio.files import (
    blank_form,
    blank_table,
    copied_form,
    copied_table,
    drawn_decisions,
    form_schema,
    is_table_file,
    named_by,
)
from service.engine.studio.naming import Usable, functions, usable_names
from service.engine.studio.steps import Step, steps_of
from service.engine.studio.table_diff import TableDifference, TablePart, compare_tables

__all__ = [
    "Difference",
    "Part",
    "TableDifference",
    "TablePart",
    "Step",
    "Usable",
    "blank_diagram",
    "blank_form",
    "blank_table",
    "compare_diagrams",
    "compare_tables",
    "copied",
    "copied_form",
    "copied_table",
    "drawn_decisions",
    "drawn_process",
    "form_schema",
    "functions",
    "is_table_file",
    "named_by",
    "steps_of",
    "usable_names",
]
