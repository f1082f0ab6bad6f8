"""Pages of groups and members, by their names; the modules hold them by noun."""

from villages.views.groups import AssessmentAdd, GroupEdit, GroupListing, GroupView, InGroupEdit, PoklakEdit
from villages.views.incomes import IncomeEdit, IncomeListing, IncomePick
from villages.views.members import MemberEdit, MemberLeave, MemberListing, MemberNew, MemberView
from villages.views.offices import LegalStatusEdit, OfficerAppoint, OfficerEdit

__all__ = [
    "AssessmentAdd",
    "GroupEdit",
    "GroupListing",
    "GroupView",
    "InGroupEdit",
    "IncomeEdit",
    "IncomeListing",
    "IncomePick",
    "LegalStatusEdit",
    "MemberEdit",
    "MemberLeave",
    "MemberListing",
    "MemberNew",
    "MemberView",
    "OfficerAppoint",
    "OfficerEdit",
    "PoklakEdit",
]
