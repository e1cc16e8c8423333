"""The question of the issuing desks: is everything paid (R-FEE-5)? Asked where tasks are completed too, below this room."""

from service.casework.unpaid import require_settled

__all__ = ["require_settled"]
