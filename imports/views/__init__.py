"""Pages of the import, and lists that show what came in."""

from imports.views.imports import ImportFile, ImportListing, ImportStart, ImportTemplate, ImportView
from imports.views.listings import CameInEnterprises, CameInMembers, CameInReceipts, CameInVouchers
from imports.views.verbs import ImportDiscard, ImportResume, ImportSave, ImportSlips, ImportUndo

__all__ = [
    "CameInEnterprises",
    "CameInMembers",
    "CameInReceipts",
    "CameInVouchers",
    "ImportDiscard",
    "ImportFile",
    "ImportListing",
    "ImportResume",
    "ImportSave",
    "ImportSlips",
    "ImportStart",
    "ImportTemplate",
    "ImportUndo",
    "ImportView",
]
