"""What the studio asks of diagrams: what they are called, copies under another key, empty ones, and what two of them differ in."""

from service.engine.studio.comparing import Difference, Part, compare_diagrams
from service.engine.studio.copying import blank_diagram, copied, drawn_process
from service.engine.studio.table_diff import TableDifference, TablePart, compare_tables

__all__ = [
    "Difference",
    "Part",
    "TableDifference",
    "TablePart",
    "blank_diagram",
    "compare_diagrams",
    "compare_tables",
    "copied",
    "drawn_process",
]
