"""Plain builders of valid rows: each gives what a test does not care about, and saves."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from itertools import count
from uuid import uuid4

from PIL import Image

from accounts.attachments.contents import read_file
from accounts.attachments.models import Attachment
from accounts.attachments.services import add_files
from accounts.models import Assignment, User
from enterprises.models import Category, Enterprise
from loans import proposal_services, services
from loans.closing_services import record_cash_count
from loans.ledger_services import record_voucher
from loans.models import CashCount, Loan, LoanProduct, Opening, OpeningLine, SavingTerms, Voucher
from loans.shares import in_proportion
from up2k_portal.lib.access import Role
from villages.meeting_services import Visitor, record_meeting
from villages.models import (
    BulkEntry,
    District,
    Group,
    GroupAssessment,
    GroupPlacement,
    HouseholdIncome,
    InventoryItem,
    LegalStatus,
    Letter,
    Meeting,
    Member,
    Officer,
    PersonDecision,
    Poklak,
    Province,
    Regency,
    RegionChange,
    TeamOfficer,
    Village,
)
from villages.people import common_area

PANDULANGAN = "63.08.03.2014"  # Kec. Sungai Pandan
OTHER_PANDULANGAN = "63.08.07.2004"  # Kec. Banjang: the same name, another village
_serial = count(1)
NAMES = {
    "63": "Kalimantan Selatan",
    "63.08": "Kabupaten Hulu Sungai Utara",
    "63.08.03": "Sungai Pandan",
    "63.08.07": "Banjang",
    PANDULANGAN: "Pandulangan",
    OTHER_PANDULANGAN: "Pandulangan",
}


def village(code: str = PANDULANGAN, **fields) -> Village:
    """The village with its kecamatan, kabupaten and province; made once."""
    province, _ = Province.objects.get_or_create(code=code[:2], defaults={"name": _name(code[:2])})
    regency, _ = Regency.objects.get_or_create(code=code[:5], defaults={"name": _name(code[:5]), "province": province})
    district, _ = District.objects.get_or_create(code=code[:8], defaults={"name": _name(code[:8]), "regency": regency})
    defaults = {"name": _name(code), "kind": code[9], "postcode": "71455", "district": district, **fields}
    return Village.objects.get_or_create(code=code, defaults=defaults)[0]


def group(in_village: Village | None = None, **fields) -> Group:
    defaults = {"name": f"UP2K {next(_serial)}", "initials": "AS", "founded_on": date(2010, 1, 2)}
    return Group.objects.create(village=in_village or village(), **defaults | fields)


def assessment(of: Group, level: str, on: date, **fields) -> GroupAssessment:
    defaults = {"assessor": "Ibu Hj. Rusdiana", "reason": "Buku lengkap"}
    return GroupAssessment.objects.create(
        group=of, village=of.village, level=level, assessed_on=on, **defaults | fields
    )


def officer(of: Group, office: str = "ketua", name: str = "Hj. Rusdiana", **fields) -> Officer:
    defaults = {"since": date(2015, 1, 1)}
    return Officer.objects.create(group=of, village=of.village, office=office, name=name, **defaults | fields)


def team_officer(area_code: str = "63.08", office: str = "chair", name: str = "Hj. Rusdiana") -> TeamOfficer:
    return TeamOfficer.objects.create(area_code=area_code, office=office, name=name, since=date(2025, 2, 20))


def legal_status(of: Group, status: str = "cooperative", since: date = date(2020, 1, 1), **fields) -> LegalStatus:
    return LegalStatus.objects.create(group=of, village=of.village, status=status, since=since, **fields)


def income(of: Member, amount: int = 1_000_000, on: date = date(2020, 1, 6), **fields) -> HouseholdIncome:
    return HouseholdIncome.objects.create(member=of, village=of.village, amount=amount, asked_on=on, **fields)


def poklak(of: Group, **fields) -> Poklak:
    return Poklak.objects.create(group=of, village=of.village, **{"name": f"Melati {next(_serial)}"} | fields)


def nik(serial: int, *, sex: str = "P", born: date = date(1985, 3, 12)) -> str:
    """A well-formed NIK of Sungai Pandan; of a kecamatan after it once its 9.999 are used up."""
    day = born.day + (40 if sex == "P" else 0)
    more, number = divmod(serial, 10_000)
    return f"6308{3 + more:02}{day:02}{born:%m%y}{number:04}"


def member(of: Group, **fields) -> Member:
    number = next(_serial)
    defaults = {
        "name": f"Norhasanah {number}",
        "nik": nik(number),
        "birth_date": date(1985, 3, 12),
        "joined_on": date(2020, 1, 6),
        "consent_on": date(2020, 1, 6),
    }
    return Member.objects.create(group=of, village=of.village, **defaults | fields)


def decision(first: Member, second: Member, kind: str = "same", **fields) -> PersonDecision:
    """Somebody's word on two rows, the older first; without what the services do besides."""
    defaults = {"reason": "KTP dan KK sama", "decided_by": fields.pop("by", None) or user(Role.STAFF, "63.08")}
    area = common_area(first.village.code, second.village.code)
    return PersonDecision.objects.create(first=first, second=second, kind=kind, area_code=area, **defaults | fields)


def placement(of: Group, former: Village, until: date) -> GroupPlacement:
    """That a group lay in another village until a day; the change that it came by is a merger."""
    change = RegionChange.objects.create(
        region=former, into=of.village, kind="merge", on=until + timedelta(days=1), legal_basis="Perda HSU Nomor 3",
        old_name=former.name, new_name=of.village.name, old_code=former.code, new_code=of.village.code,
    )  # fmt: skip
    return GroupPlacement.objects.create(group=of, village=of.village, former=former, until=until, change=change)


def bulk_entry(of: Group) -> BulkEntry:
    """A pasted block of one member that was saved."""
    made = BulkEntry.objects.create(group=of, village=of.village, uuid=uuid4(), read=1, stored=1, skipped=0, refused=0)
    made.members.add(member(of))
    return made


def enterprise(of: Member, **fields) -> Enterprise:
    category, _ = Category.objects.get_or_create(name="Bordir")
    defaults = {"name": f"Bordir {next(_serial)}", "category": category}
    return Enterprise.objects.create(member=of, group=of.group, village=of.village, **defaults | fields)


def meeting(of: Group, *, present=(), guests=(), **fields) -> Meeting:
    """A meeting recorded through the service; guests by their names."""
    defaults = {"held_on": date(2026, 9, 10), "title": f"Rapat {next(_serial)}", "place": "Balai", "chair": "Aminah"}
    made = Meeting(group=of, village=of.village, **defaults | fields)
    return record_meeting(meeting=made, present=present, guests=[Visitor(name) for name in guests], by=user())


def item(of: Group, **fields) -> InventoryItem:
    defaults = {"name": f"Lemari {next(_serial)}", "origin": "kas", "acquired_on": date(2024, 3, 5), "place": "Balai"}
    return InventoryItem.objects.create(group=of, village=of.village, **defaults | fields)


def letter(of: Group, **fields) -> Letter:
    defaults = {
        "subject": f"Undangan {next(_serial)}", "correspondent": "Dinas PMD", "dated_on": date(2026, 9, 1),
        "received_on": date(2026, 9, 3),
    }  # fmt: skip
    return Letter.objects.create(group=of, village=of.village, **defaults | fields)


def capital(of: Group, amount: int = 1_000_000_000, on: date = date(2010, 1, 2), **fields) -> Voucher:
    """Money that a group was given, recorded through the service."""
    facts = {
        "kind": "capital", "debit": "1.1", "credit": "3.3", "description": "Modal swadaya", "source": "SWADAYA",
        "nature": "hibah", "form": "uang", "uuid": uuid4(), "by": None,
    }  # fmt: skip
    return record_voucher(group=of, amount=amount, on=on, **facts | fields)


def cash_count(of: Group, on: date = date(2026, 9, 30)) -> CashCount:
    """A count of an empty table: what the book has is explained."""
    facts = {"pieces": {}, "explanation": "uang disimpan di rumah bendahara", "uuid": uuid4(), "by": None}
    return record_cash_count(group=of, counted_on=on, **facts)


def saving_terms(of: Group, kind: str = "mandatory", amount: int = 10_000, **fields) -> SavingTerms:
    defaults = {"since": date(2026, 1, 1), "is_locked": True}
    return SavingTerms.objects.create(group=of, village=of.village, kind=kind, amount=amount, **defaults | fields)


def opening_line(of: Group, kind: str = "cash", amount: int = 1_000_000, on: date = date(2009, 12, 31)) -> OpeningLine:
    """A figure of a draft of the group's opening; made once."""
    draft, _ = Opening.objects.get_or_create(group=of, defaults={"village": of.village, "on": on})
    facts = {"village": of.village, "amount": amount}
    return OpeningLine.objects.get_or_create(opening=draft, kind=kind, defaults=facts)[0]


def product(of: Group, **fields) -> LoanProduct:
    """A product to lend on, with a till that has money to lend."""
    if not of.vouchers.exists():
        capital(of)
    defaults = {"name": f"Bulanan {next(_serial)}", "method": "flat", "rate": Decimal("1.5"), "instalment_count": 10}
    return LoanProduct.objects.create(group=of, village=of.village, **defaults | fields)


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30), color="teal", mode: str = "RGB", **options) -> bytes:
    """The bytes of a picture of one colour, as a telephone would send them."""
    stream = BytesIO()
    Image.new(mode, size, color).save(stream, kind, **options)
    return stream.getvalue()


def photo(of, name: str = "rapat.jpg", *, content: bytes | None = None, **fields) -> Attachment:
    """A photo kept on a record through the service; every one of another height."""
    content = content or picture(size=(40, 30 + next(_serial) % 1000))
    (made,) = add_files(record=of, contents=[read_file(BytesIO(content), name)], by=fields.pop("by", None), **fields)
    return made


def user(role: Role | None = None, *areas: str, **fields) -> User:
    """A user with one assignment an area, since long ago."""
    defaults = {"username": f"user{next(_serial)}", "name": "Rahmah"}
    made = User(**defaults | fields)
    made.set_unusable_password()
    made.save()
    for area in areas:
        Assignment.objects.create(user=made, role=role, area_code=area, starts_on=date(2015, 1, 1))
    return made


def proposal(borrower: Member | Poklak, principal: int = 1_000_000, **fields) -> Loan:
    """A loan proposed through the service, on a product of the borrower's group."""
    facts = {
        "product": fields.pop("product", None) or product(borrower.group),
        "purpose": "beli benang bordir",
        "proposed_on": date(2026, 1, 31),
        "uuid": uuid4(),
        "by": fields.pop("by", None) or user(Role.OPERATOR, borrower.village.code),
    }
    on = fields.get("proposed_on", facts["proposed_on"])
    members = borrower.members.active_on(on) if isinstance(borrower, Poklak) else ()
    facts["shares"] = in_proportion(principal, dict.fromkeys(members, 1)) if members else None
    return proposal_services.propose_loan(borrower=borrower, principal=principal, **facts | fields)


def loan(borrower: Member | Poklak, principal: int = 1_000_000, on: date = date(2026, 1, 31), **fields) -> Loan:
    """A loan proposed and paid out on the same day through the services."""
    proposed = proposal(borrower, principal, proposed_on=on, **fields)
    return proposal_services.disburse_loan(loan=proposed, disbursed_on=on, by=proposed.proposed_by)


def payment(of: Loan, amount: int, on: date, **fields):
    """A receipt recorded through the service."""
    facts = {"uuid": uuid4(), "by": fields.pop("by", None) or of.disbursed_by} | fields
    return services.record_payment(loan=of, amount=amount, received_on=on, **facts)


def _name(code: str) -> str:
    return NAMES.get(code, f"Wilayah {code}")
