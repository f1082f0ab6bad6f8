"""Django's admin, with the portal's own site."""

from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    default_site = "up2k_portal.lib.admin.PortalAdminSite"
