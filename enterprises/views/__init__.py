"""Pages of enterprises, of what belongs to one, and of a group's month; the modules hold them by noun."""

from enterprises.views.details import PermitEdit, ProductEdit, ResultEdit
from enterprises.views.enterprises import (
    EnterpriseEdit,
    EnterpriseListing,
    EnterpriseNew,
    EnterpriseView,
    group_enterprises,
    member_enterprises,
)
from enterprises.views.months import MonthEntry, ProductionBook

__all__ = [
    "EnterpriseEdit",
    "EnterpriseListing",
    "EnterpriseNew",
    "EnterpriseView",
    "MonthEntry",
    "PermitEdit",
    "ProductEdit",
    "ProductionBook",
    "ResultEdit",
    "group_enterprises",
    "member_enterprises",
]
