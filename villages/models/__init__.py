from villages.models.books import InventoryItem, Letter
from villages.models.bulk import BulkEntry
from villages.models.groups import Group, GroupAssessment, LegalStatus, Level, Poklak, Programme
from villages.models.incomes import HouseholdIncome
from villages.models.meetings import Attendance, Guest, Meeting
from villages.models.members import Member, Welfare
from villages.models.offices import Office, Officer, TeamOfficer
from villages.models.people import PersonDecision
from villages.models.placements import GroupPlacement, RegionChange
from villages.models.regions import District, Province, Regency, Village, VillageKind

__all__ = [
    "Attendance",
    "BulkEntry",
    "District",
    "Group",
    "GroupAssessment",
    "GroupPlacement",
    "Guest",
    "HouseholdIncome",
    "InventoryItem",
    "LegalStatus",
    "Letter",
    "Level",
    "Meeting",
    "Member",
    "Office",
    "Officer",
    "PersonDecision",
    "Poklak",
    "Programme",
    "Province",
    "Regency",
    "RegionChange",
    "TeamOfficer",
    "Village",
    "VillageKind",
    "Welfare",
]
