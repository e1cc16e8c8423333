"""The rehearsal (试演): every path of a process played in a sandbox; nothing is stored and nothing leaves it."""

from service.engine.rehearsing.critical import CriticalPath, critical_path
from service.engine.rehearsing.exploring import Explorer
from service.engine.rehearsing.facts import Explored, Fault, Fill, Step, Way
from service.engine.rehearsing.replaying import Recorded, Replayed, replay

__all__ = [
    "CriticalPath",
    "Explored",
    "Explorer",
    "Fault",
    "Fill",
    "Recorded",
    "Replayed",
    "Step",
    "Way",
    "critical_path",
    "replay",
]
