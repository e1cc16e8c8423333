"""Quality: complaints, ratings, call-backs, inspections, faults, questions, and the head's day on site (docs/support.md).

Each is a supporting process of its own; this room starts them, does their acts, and lists them.
"""

from service.casework.quality.complaints import (
    ComplaintForm,
    Offered,
    file_complaint,
    file_public_complaint,
    open_complaint,
    public_departments,
    withdraw_complaint,
)
from service.casework.quality.consultations import register_consultation
from service.casework.quality.faults import open_fault, suspects
from service.casework.quality.offers import CaseOffers, case_offers
from service.casework.quality.ratings import RATING_TAGS, Rateable, rate_case, rateable
from service.casework.quality.reading import Registered, RegisterList, bad_ratings, rating_list, register_list
from service.casework.quality.registers import REGISTERS
from service.casework.quality.rights import may_register, may_see, may_see_ratings

__all__ = [
    "RATING_TAGS",
    "REGISTERS",
    "CaseOffers",
    "ComplaintForm",
    "Offered",
    "Rateable",
    "RegisterList",
    "Registered",
    "bad_ratings",
    "case_offers",
    "file_complaint",
    "file_public_complaint",
    "may_register",
    "may_see",
    "may_see_ratings",
    "open_complaint",
    "open_fault",
    "public_departments",
    "rate_case",
    "rateable",
    "rating_list",
    "register_consultation",
    "register_list",
    "suspects",
    "withdraw_complaint",
]
