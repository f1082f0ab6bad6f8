from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Laporan"

    def ready(self):
        # The admin's index shows our figures; the site stands below this app and knows it not.
        from reports.guards import guard_reports
        from reports.views import admin_index
        from up2k_portal.lib.admin import PortalAdminSite

        guard_reports()
        PortalAdminSite.index_context = staticmethod(admin_index)
