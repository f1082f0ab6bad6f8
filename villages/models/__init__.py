from villages.models.groups import Group, GroupAssessment, Level, Poklak, Programme
from villages.models.members import Member, Welfare
from villages.models.regions import District, Province, Regency, Village, VillageKind

__all__ = [
    "District",
    "Group",
    "GroupAssessment",
    "Level",
    "Member",
    "Poklak",
    "Programme",
    "Province",
    "Regency",
    "Village",
    "VillageKind",
    "Welfare",
]
