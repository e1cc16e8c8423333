"""The rehearsal (试演): every path of a process played in a sandbox; nothing is stored and nothing leaves it."""

from service.engine.rehearsing.exploring import Explorer
from service.engine.rehearsing.facts import Explored, Fault, Fill, Step, Way

__all__ = ["Explored", "Explorer", "Fault", "Fill", "Step", "Way"]
