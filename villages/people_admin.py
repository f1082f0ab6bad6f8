"""Decisions about persons in the admin: read there, made in the queue."""

from django.contrib import admin

from accounts.scoped_admin import ScopedAdmin
from villages.models import PersonDecision


@admin.register(PersonDecision)
class PersonDecisionAdmin(ScopedAdmin):
    related = ("first__group", "second__group", "decided_by")
    list_display = ("kind", "first", "second", "reason", "decided_by", "decided_at")
    list_filter = ("kind",)
    search_fields = ("first__name", "second__name", "reason")
    search_help_text = "Nama atau alasan"
    date_hierarchy = "decided_at"
    fields = ("kind", "first", "second", "reason", "decided_by", "decided_at", "undoes")
