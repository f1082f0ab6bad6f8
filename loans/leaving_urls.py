"""Pages of leaving."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
