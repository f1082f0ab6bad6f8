"""What the database refuses of reports: to change, replace or delete what was frozen, decided or sent."""

from loans.guards import guard_also

TABLES = {
    "reports_definitionset": "Definisi indikator",
    "reports_reportversion": "Versi laporan",
    "reports_reportstep": "Langkah laporan",
    "reports_reportremark": "Catatan laporan",
    "reports_sending": "Pengiriman",
    "reports_sentfile": "Berkas terkirim",
    "reports_dueexception": "Perpanjangan",
    "reports_reportcalendar": "Kalender laporan",
}
INSTEAD = {
    "reports_definitionset": "simpan susunan baru",
    "reports_reportversion": "ajukan versi baru",
    "reports_reportstep": "catat langkah baru",
    "reports_reportremark": "tulis catatan baru",
    "reports_sending": "kirim sekali lagi",
    "reports_sentfile": "kirim sekali lagi",
    "reports_dueexception": "beri perpanjangan baru",
    "reports_reportcalendar": "atur kalender baru",
}
KEYS = {
    "reports_definitionset": [("id", ""), ("sha256", "")],
    "reports_reportversion": [("id", ""), ("report_id, number", "")],
    "reports_reportstep": [("id", "")],
    "reports_reportremark": [("id", "")],
    "reports_sending": [("id", ""), ("regency_id, period, number", "")],
    "reports_sentfile": [("id", ""), ("sending_id", "")],
    "reports_dueexception": [("id", "")],
    "reports_reportcalendar": [("id", "")],
}


def guard_reports() -> None:
    guard_also(TABLES, INSTEAD, KEYS)
