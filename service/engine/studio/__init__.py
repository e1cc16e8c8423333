"""What the studio asks of diagrams: what they and their steps are called, copies under another key, empty ones, and what two of them differ in."""

from service.engine.studio.comparing import Difference, Part, compare_diagrams
from service.engine.studio.copying import blank_diagram, copied, drawn_process
from service.engine.studio.steps import Step, steps_of

__all__ = ["Difference", "Part", "Step", "blank_diagram", "compare_diagrams", "copied", "drawn_process", "steps_of"]
