"""The rules that the portal comes with; a kabupaten changes their weight and limits, switches them off, or adds own."""

from reports.findings import Severity
from reports.validation import Kind, Rule

HARD, SOFT = Severity.HARD, Severity.SOFT

SHIPPED: tuple[Rule, ...] = (
    Rule("cash", "Kas dihitung sama dengan buku", Kind.ROWS, HARD),
    Rule("classes", "Jumlah kolektibilitas sama dengan saldo", Kind.COMPARE, HARD, "balance", "=",
         "balance_1 + balance_2 + balance_3 + balance_4 + balance_5"),
    Rule("welfare", "Jumlah menurut kesejahteraan sama dengan anggota", Kind.COMPARE, HARD, "members", "=",
         "members_poor + members_near_poor + members_sufficient + members_unknown"),
    Rule("capital", "Modal tidak di bawah nol", Kind.COMPARE, SOFT, "capital_end", ">=", "0"),
    Rule("posts", "Pos SHU berjumlah sama dengan SHU", Kind.COMPARE, HARD, "surplus", "=",
         "surplus_members + surplus_officers + surplus_reserve + surplus_paud + surplus_social + surplus_education"
         " + surplus_other"),
    Rule("paid", "SHU dibayar tidak melebihi yang dibagi", Kind.COMPARE, HARD, "surplus_paid", "<=", "surplus"),
    Rule("jump-members", "Anggota berubah banyak sejak periode lalu", Kind.JUMP, SOFT, "members",
         threshold=30, least=5),
    Rule("jump-balance", "Saldo pinjaman berubah banyak sejak periode lalu", Kind.JUMP, SOFT, "balance",
         threshold=50, least=5_000_000),
    Rule("jump-capital", "Modal berubah banyak sejak periode lalu", Kind.JUMP, SOFT, "capital_end",
         threshold=50, least=2_000_000),
    Rule("jump-late", "Tunggakan pokok berubah banyak sejak periode lalu", Kind.JUMP, SOFT, "principal_late",
         threshold=100, least=1_000_000),
    Rule("outlier-turnover", "Omzet jauh dari desa lain di kecamatan", Kind.OUTLIER, SOFT, "turnover_period",
         threshold=35),
    Rule("outlier-balance", "Saldo pinjaman jauh dari desa lain di kecamatan", Kind.OUTLIER, SOFT, "balance",
         threshold=35),
    Rule("no-poklak", "Banyak anggota tanpa poklak", Kind.ROWS, SOFT, threshold=50),
    Rule("late-entry", "Setoran dicatat sesudah bulannya ditutup", Kind.ROWS, SOFT),
    Rule("nik", "NIK yang sama pada dua anggota", Kind.ROWS, SOFT),
    Rule("age", "Umur anggota yang tidak mungkin", Kind.ROWS, SOFT, threshold=90, least=17),
    Rule("silent", "Pinjaman tanpa setoran tiga bulan", Kind.ROWS, SOFT, threshold=90),
)  # fmt: skip
BY_CODE = {rule.code: rule for rule in SHIPPED}
