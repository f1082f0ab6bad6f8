"""What a new row of money must be, whoever writes it: conditions that must not hold, each with its sentence.

They speak of the row as NEW, and in braces of what SQLite and PostgreSQL say differently (`guards.WORDS`): {month}, the
row's day as 202609; {now}; {equals}, of two empty values too. `guards` makes triggers of them.
"""

Rule = tuple[str, str]
DAYS = {"loans_entry": "on", "loans_receipt": "received_on", "loans_receiptpart": "received_on", "loans_voucher": "on",
        "loans_penalty": "on", "loans_instalment": "due_on"}  # fmt: skip


def _closed(period: str, by: str, *, group: str = "NEW.group_id", source: str = "", where: str = "") -> Rule:
    """Nothing is dated into a closed month. `source` and `where` lead to the group, where the row does not name it.

    c: the closing that closed the month, its own or the first after it. Leave is of one person, from one closing.
    """
    return (
        f"EXISTS (SELECT 1 FROM {source}loans_monthclosing c WHERE {where}c.group_id = {group}"
        f" AND c.reopened_at IS NULL AND c.period = (SELECT MIN(f.period) FROM loans_monthclosing f"
        f" WHERE f.group_id = {group} AND f.period >= {period} AND f.reopened_at IS NULL)"
        f" AND NOT EXISTS (SELECT 1 FROM loans_monthexception x WHERE x.group_id = {group}"
        f" AND x.period = {period} AND x.granted_at >= c.closed_at AND x.expires_at > {{now}} AND x.user_id = {by}))",
        "Bulan ini sudah ditutup: pakai tanggal di bulan yang terbuka, atau minta izin kecamatan.",
    )


def _of_group(column: str, table: str, what: str, row: str) -> Rule:
    """What the row names is of its own group."""
    return (
        f"NEW.{column} IS NOT NULL AND NOT EXISTS"
        f" (SELECT 1 FROM {table} t WHERE t.id = NEW.{column} AND t.group_id = NEW.group_id)",
        f"{what} {row} bukan dari kelompok yang sama: pakai {what.lower()} kelompok itu sendiri.",
    )


def _paper(row: str) -> list[Rule]:
    """Of a receipt and a voucher."""
    return [
        (
            "NEW.period <> {month} OR NEW.year <> {month} / 100",
            f"Tahun atau bulan {row} tidak sama dengan tanggalnya: tulis tahun, dan YYYYMM, dari tanggal itu.",
        ),
        (
            "NOT EXISTS (SELECT 1 FROM villages_group g WHERE g.id = NEW.group_id AND g.village_id = NEW.village_id)",
            f"Desa {row} bukan desa kelompoknya: pakai desa kelompok itu.",
        ),
        _of_group("member_id", "villages_member", "Anggota", row),
    ]


ENTRY_RULES = [
    (
        "NEW.period <> {month}",
        "Bulan (period) baris buku besar tidak sama dengan bulan tanggalnya: tulis YYYYMM dari tanggal itu.",
    ),
    (
        "NEW.part_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM loans_receiptpart p JOIN loans_receipt r"
        " ON r.id = p.receipt_id WHERE p.id = NEW.part_id AND r.group_id = NEW.group_id)",
        "Bagian setoran baris ini bukan dari kelompok yang sama: pakai bagian setoran kelompok itu sendiri.",
    ),
    _of_group("voucher_id", "loans_voucher", "Bukti kas", "baris ini"),
    _of_group("loan_id", "loans_loan", "Pinjaman", "baris ini"),
    _of_group("member_id", "villages_member", "Anggota", "baris ini"),
    (
        "NEW.reverses_id IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM loans_entry o WHERE o.id = NEW.reverses_id AND o.group_id = NEW.group_id"
        " AND o.amount = NEW.amount AND o.debit = NEW.credit AND o.credit = NEW.debit)",
        "Koreksi tidak mencerminkan baris aslinya: kelompok dan jumlah harus sama, debet dan kredit bertukar.",
    ),
    _closed(
        "NEW.period",
        "COALESCE((SELECT v.recorded_by_id FROM loans_voucher v WHERE v.id = NEW.voucher_id),"
        " (SELECT r.recorded_by_id FROM loans_receiptpart p JOIN loans_receipt r ON r.id = p.receipt_id"
        " WHERE p.id = NEW.part_id))",
    ),
]
RECEIPT_RULES = [
    *_paper("bukti setoran"),
    _of_group("poklak_id", "villages_poklak", "Poklak", "bukti setoran"),
    (
        "NEW.reverses_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM loans_receipt o WHERE o.id = NEW.reverses_id"
        " AND o.group_id = NEW.group_id AND o.amount = -NEW.amount AND o.till = NEW.till AND o.reverses_id IS NULL"
        " AND o.received_on <= NEW.received_on)",
        "Koreksi tidak mencerminkan bukti setoran aslinya: kelompok, kas atau bank, dan jumlah (negatif) harus sama,"
        " tanggalnya tidak lebih awal.",
    ),
    _closed("NEW.period", "NEW.recorded_by_id"),
]
VOUCHER_RULES = [
    *_paper("bukti kas"),
    _of_group("loan_id", "loans_loan", "Pinjaman", "bukti kas"),
    (
        "NEW.reverses_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM loans_voucher o WHERE o.id = NEW.reverses_id"
        " AND o.group_id = NEW.group_id AND o.amount = -NEW.amount AND o.kind = NEW.kind AND o.reverses_id IS NULL"
        ' AND o."on" <= NEW."on")',
        "Koreksi tidak mencerminkan bukti kas aslinya: kelompok, jenis dan jumlah (negatif) harus sama, tanggalnya"
        " tidak lebih awal.",
    ),
    _closed("NEW.period", "NEW.recorded_by_id"),
]
_OF_RECEIPT = "FROM loans_receipt r WHERE r.id = NEW.receipt_id"
_PART_OF = "FROM loans_receipt r JOIN {table} t ON t.group_id = r.group_id WHERE r.id = NEW.receipt_id"
PART_RULES = [
    (
        f"NOT EXISTS (SELECT 1 {_OF_RECEIPT} AND r.village_id = NEW.village_id)",
        "Desa bagian setoran bukan desa buktinya: pakai desa bukti itu.",
    ),
    *(
        (
            f"NEW.{column} IS NOT NULL AND NOT EXISTS"
            f" (SELECT 1 {_PART_OF.format(table=table)} AND t.id = NEW.{column})",
            f"{what} bagian setoran bukan dari kelompok buktinya: pakai {what.lower()} kelompok itu sendiri.",
        )
        for column, table, what in (
            ("loan_id", "loans_loan", "Pinjaman"),
            ("member_id", "villages_member", "Anggota"),
        )
    ),
    (
        # A part split anew, or of an adjustment, is dated from its cause, which may come later.
        f"EXISTS (SELECT 1 {_OF_RECEIPT} AND (NEW.received_on < r.received_on"
        " OR (NEW.role = '' AND NEW.received_on <> r.received_on)))",
        "Tanggal bagian setoran lain dari tanggal buktinya: pakai tanggal bukti itu.",
    ),
    (
        "(NEW.reverses_id IS NOT NULL) <> (NEW.amount < 0 AND NEW.role <> 'adjustment')",
        "Bagian setoran yang negatif adalah koreksi dan harus menunjuk bagian aslinya; yang lain tidak.",
    ),
    (
        "NEW.reverses_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM loans_receiptpart o"
        " JOIN loans_receipt r ON r.id = NEW.receipt_id WHERE o.id = NEW.reverses_id AND o.amount = -NEW.amount"
        " AND o.kind = NEW.kind AND o.loan_id {equals} NEW.loan_id AND o.member_id {equals} NEW.member_id"
        " AND o.receipt_id = CASE NEW.role WHEN '' THEN r.reverses_id ELSE NEW.receipt_id END)",
        "Koreksi tidak mencerminkan bagian setoran aslinya: bukti, jenis, pinjaman, anggota dan jumlah (negatif)"
        " harus sama.",
    ),
    _closed(
        "{month}",
        "r.recorded_by_id",
        group="r.group_id",
        source="loans_receipt r, ",
        where="r.id = NEW.receipt_id AND ",
    ),
]
PENALTY_RULES = [
    (
        "NOT EXISTS (SELECT 1 FROM loans_loan l WHERE l.id = NEW.loan_id AND l.village_id = NEW.village_id)",
        "Desa denda bukan desa pinjamannya: pakai desa pinjaman itu.",
    ),
    (
        "NOT EXISTS (SELECT 1 FROM loans_instalment i"
        " WHERE i.loan_id = NEW.loan_id AND i.number = NEW.instalment_number)",
        "Angsuran yang didenda tidak ada di jadwal pinjaman itu: pakai nomor angsuran yang ada.",
    ),
    (
        "NEW.receipt_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM loans_receipt r JOIN loans_loan l"
        ' ON l.group_id = r.group_id WHERE r.id = NEW.receipt_id AND l.id = NEW.loan_id AND r.received_on = NEW."on")',
        "Bukti denda bukan dari kelompok pinjamannya atau bertanggal lain: pakai bukti dan tanggal yang sama.",
    ),
    (
        "NEW.of_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM loans_penalty o WHERE o.id = NEW.of_id"
        " AND o.loan_id = NEW.loan_id AND o.kind = 'charge' AND o.amount = NEW.amount"
        ' AND o.instalment_number = NEW.instalment_number AND o."on" <= NEW."on")',
        "Pembatalan tidak mencerminkan denda aslinya: pinjaman, angsuran dan jumlah harus sama, tanggalnya tidak lebih"
        " awal.",
    ),
    _closed(
        "{month}",
        f"COALESCE(NEW.recorded_by_id, (SELECT r.recorded_by_id {_OF_RECEIPT}))",
        group="l.group_id",
        source="loans_loan l, ",
        where="l.id = NEW.loan_id AND ",
    ),
]
INSTALMENT_RULES = [
    (
        "NOT EXISTS (SELECT 1 FROM loans_loan l WHERE l.id = NEW.loan_id AND l.village_id = NEW.village_id"
        " AND NEW.number BETWEEN 1 AND l.instalment_count + COALESCE((SELECT SUM(s.instalments)"
        " FROM loans_reschedule s WHERE s.loan_id = l.id AND s.undone_on IS NULL), 0))",
        "Angsuran ini di luar jumlah angsuran pinjamannya: catat penjadwalan ulang yang menambah angsuran.",
    ),
]
ENVELOPE_RULES = [
    (
        "NOT EXISTS (SELECT 1 FROM villages_group g WHERE g.id = NEW.group_id AND g.village_id = NEW.village_id)",
        "Desa kiriman bukan desa kelompoknya: pakai desa kelompok itu.",
    ),
    *(
        _of_group(column, table, what, "kiriman")
        for column, table, what in (
            ("member_id", "villages_member", "Anggota"),
            ("loan_id", "loans_loan", "Pinjaman"),
            ("receipt_id", "loans_receipt", "Bukti setoran"),
            ("voucher_id", "loans_voucher", "Bukti kas"),
            ("cash_count_id", "loans_cashcount", "Hitungan kas"),
        )
    ),
    (
        "NEW.receipt_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM loans_receipt r WHERE r.id = NEW.receipt_id"
        ' AND r.uuid = NEW.uuid AND r.received_on = NEW."on")',
        "Bukti setoran kiriman berkunci atau bertanggal lain: pakai bukti dari kiriman itu sendiri.",
    ),
]
INSERT_RULES = {
    "loans_entry": ENTRY_RULES,
    "loans_receipt": RECEIPT_RULES,
    "loans_receiptpart": PART_RULES,
    "loans_voucher": VOUCHER_RULES,
    "loans_penalty": PENALTY_RULES,
    "loans_instalment": INSTALMENT_RULES,
    "loans_envelope": ENVELOPE_RULES,
}
# What a loan says for good once its money went out.
FROZEN = (
    "group_id", "member_id", "poklak_id", "product_id", "number", "uuid", "principal", "method", "rate", "every",
    "instalment_count", "grace", "step", "rounding", "round_what", "difference", "allocation_order", "principal_every",
    "seasons", "penalty_kind", "penalty_amount", "penalty_percent", "penalty_free_days", "penalty_cap", "payoff_fees",
    "ahead",
)  # fmt: skip
# What only taking back an opening changes: the loan never was in the books.
ENTERED = ("status", "disbursed_on", "opened_on", "opening_principal_paid", "opening_service_fee_paid")
LOST = ("written_off_on", "written_off")
REOPENED = {"reopened_by_id", "reopened_at", "reopen_reason"}
