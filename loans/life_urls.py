"""Pages of life."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
