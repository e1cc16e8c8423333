"""What the studio asks of diagrams: what they are called, copies under another key, empty ones, and what two of them differ in."""

from service.engine.studio.comparing import Difference, Part, compare_diagrams
from service.engine.studio.copying import blank_diagram, copied, drawn_process

__all__ = ["Difference", "Part", "blank_diagram", "compare_diagrams", "copied", "drawn_process"]
