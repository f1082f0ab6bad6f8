from django.urls import path

from reports import report_queue, report_views, rule_views

ONE = "desa/<int:village>/<str:period>/"

urlpatterns = [
    path("antrean/", report_queue.ReportQueue.as_view(), name="report-queue"),
    path("antrean/setujui/", report_queue.BulkApprove.as_view(), name="report-bulk-approve"),
    path("kirim/", report_queue.SendList.as_view(), name="report-sendings"),
    path("kirim/siapkan/", report_queue.SendPeriod.as_view(), name="report-send"),
    path("terkirim/<int:pk>/", report_queue.SentDownload.as_view(), name="sent-file"),
    path("aturan/", rule_views.RuleList.as_view(), name="report-rules"),
    path("aturan/baru/", rule_views.RuleAdd.as_view(), name="report-rule-add"),
    path("aturan/ubah/", rule_views.RuleEdit.as_view(), name="report-rule"),
    path(ONE, report_views.ReportView.as_view(), name="village-report"),
    path(f"{ONE}verifikasi/", report_views.ReportVerify.as_view(), name="report-verify"),
    path(f"{ONE}setujui/", report_views.ReportApprove.as_view(), name="report-approve"),
    path(f"{ONE}kembalikan/", report_views.ReportReturn.as_view(), name="report-return"),
    path(f"{ONE}tarik/", report_views.ReportWithdraw.as_view(), name="report-withdraw"),
]
