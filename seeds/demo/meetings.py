"""What the books of an invented group tell besides money: meetings with who came, guests, letters, goods."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from random import Random

from django.db import models

from seeds.demo.plan import GroupPlan
from seeds.demo.scene import Scene
from up2k_portal.lib.dates import format_month
from villages.models import Attendance, Guest, InventoryItem, Letter, Meeting, Member, Office

YEAR = 12  # months of meetings
KNOWN = "UP2K As Syifa"  # keeps every book; the others as people do
PLACES = ("Balai desa", "Rumah ketua", "Musala An Nur", "Posyandu")
AGENDA = "Pembukaan\nSetoran angsuran dan simpanan\nUsaha anggota\nLain-lain"
MINUTES = (
    "Bendahara membacakan kas. Angsuran bulan ini diterima dan dicatat.\n\nAnggota menyampaikan kabar usahanya.",
    "Angsuran diterima. Dua anggota menanyakan pinjaman baru; syaratnya dijelaskan lagi.",
    "Angsuran diterima. Harga bahan naik; anggota sepakat membeli bersama.",
)
DECISIONS = (
    "Pertemuan berikut pada tanggal yang sama bulan depan.",
    "Pengajuan pinjaman diputuskan pengurus paling lambat tanggal 25.",
    "Pembelian bahan bersama diurus poklak masing-masing.",
)
VISITORS = (
    ("Noor Hayati", "Pokja II TP PKK Kabupaten", "Pembinaan UP2K"),
    ("Salamah", "TP PKK Kecamatan", "Pemeriksaan buku"),
    ("Mastura", "Dinas PMD", "Pendataan kelompok"),
    ("H. Syahrani", "Pemerintah desa", "Sambutan"),
)
GOODS = (
    ("Lemari arsip", "Dibeli dari kas", 1),
    ("Papan nama kelompok", "Swadaya anggota", 1),
    ("Kalkulator", "Dibeli dari kas", 2),
    ("Timbangan duduk", "Bantuan Dinas Koperasi", 1),
    ("Mesin jahit", "Bantuan TP PKK Kabupaten", 2),
    ("Kursi plastik", "Swadaya anggota", 20),
    ("Kompor gas dua tungku", "Bantuan desa (APBDes)", 1),
)
LETTERS_IN = (
    ("TP PKK Kecamatan", "Undangan pertemuan Pokja II", ""),
    ("TP PKK Kabupaten", "Permintaan data perkembangan UP2K", "1 berkas"),
    ("Dinas Koperasi dan UKM", "Undangan pelatihan pembukuan", "1 lembar"),
)
LETTERS_OUT = (
    ("TP PKK Kecamatan", "Laporan triwulan UP2K", "1 berkas"),
    ("Kepala desa", "Permohonan izin memakai balai desa", ""),
)


def build_books(plan: GroupPlan, scene: Scene) -> Iterator[models.Model]:
    """Rows of the books, in an order in which each may point at the ones before it; no chance of others is touched."""
    rng = scene.rng_of(plan.group.village, f"{plan.group.name} buku")
    keeps_all = plan.group.name == KNOWN
    yield from _meetings(plan, scene, rng, keeps_all)
    yield from _inventory(plan, scene, rng, len(GOODS) if keeps_all else rng.choice((0, 2, 3, 4)))
    if keeps_all or rng.random() < 0.6:
        yield from _letters(plan, scene, rng, 9 if keeps_all else rng.randint(2, 6))


def _meetings(plan: GroupPlan, scene: Scene, rng: Random, keeps_all: bool) -> Iterator[models.Model]:
    """Every month, or now and then; some groups stopped writing months ago, some never began."""
    day = 20 if keeps_all else rng.randint(5, 25)
    stopped = 0 if keeps_all else rng.choice((0, 0, 0, 0, 1, 4, YEAR))
    for months in range(YEAR - 1, stopped - 1, -1):
        held_on = scene.months_before_end(months, day)
        if held_on > plan.group.founded_on and (keeps_all or rng.random() < 0.45):
            yield from _meeting(plan, rng, held_on, keeps_all)


def _meeting(plan: GroupPlan, rng: Random, held_on: date, keeps_all: bool) -> Iterator[models.Model]:
    active = [one for one in plan.members if _is_active(one, held_on)]
    if not active:
        return
    has_guests = rng.random() < (0.5 if keeps_all else 0.25)
    kind = rng.choice((Meeting.Kind.TRAINING, Meeting.Kind.VISIT)) if has_guests else Meeting.Kind.MONTHLY
    names = {True: "Pembinaan dan pertemuan", False: "Pertemuan bulanan"}
    facts = {"village": plan.group.village}
    meeting = Meeting(
        group=plan.group,
        held_on=held_on,
        starts_at=time(rng.choice((8, 9, 14)), rng.choice((0, 30))),
        place=rng.choice(PLACES),
        kind=kind,
        title=f"{names[has_guests]} {format_month(held_on)}",
        agenda=AGENDA,
        chair=_in_office(plan, Office.KETUA, held_on) or active[0].name,
        chair_office="Ketua Poksus",
        writer=_in_office(plan, Office.SEKRETARIS, held_on) or active[-1].name,
        invited_count=len(active),
        **_spoken(rng, keeps_all),
        **facts,
    )
    yield meeting
    share = rng.uniform(0.62, 0.95)
    yield from (Attendance(meeting=meeting, member=one, **facts) for one in active if rng.random() < share)
    for name, institution, purpose in rng.sample(VISITORS, rng.randint(1, 2)) if has_guests else ():
        yield Guest(meeting=meeting, name=name, institution=institution, purpose=purpose, **facts)


def _in_office(plan: GroupPlan, office: str, day: date) -> str:
    terms = (one for one in plan.officers if one.office == office and one.since <= day)
    return next((one.name for one in terms if one.until is None or one.until >= day), "")


def _spoken(rng: Random, keeps_all: bool) -> dict[str, str]:
    """What was said and decided; some groups write only who came."""
    if not keeps_all and rng.random() < 0.3:
        return {}
    return {"minutes": rng.choice(MINUTES), "decisions": rng.choice(DECISIONS)}


def _is_active(member: Member, day: date) -> bool:
    return member.joined_on <= day and (member.left_on is None or member.left_on > day)


def _inventory(plan: GroupPlan, scene: Scene, rng: Random, count: int) -> Iterator[InventoryItem]:
    days = max(1, (scene.until - plan.group.founded_on).days)
    for name, origin, quantity in rng.sample(GOODS, count):
        condition = rng.choices(InventoryItem.Condition.values, (8, 2, 1))[0]
        yield InventoryItem(
            village=plan.group.village,
            group=plan.group,
            name=name,
            origin=origin,
            acquired_on=plan.group.founded_on + timedelta(days=rng.randint(0, days)),
            quantity=quantity,
            place=rng.choice(PLACES),
            condition=condition,
        )


def _letters(plan: GroupPlan, scene: Scene, rng: Random, count: int) -> Iterator[Letter]:
    """Those of the last year, the latest of them a few days old; the group numbers what it sends."""
    back = sorted([rng.randint(5, 20), *rng.sample(range(30, 340), count - 1)], reverse=True)
    days = [scene.until - timedelta(days=one) for one in back]
    for number, dated_on in enumerate((day for day in days if day >= plan.group.founded_on), 1):
        is_in = rng.random() < 0.65
        correspondent, subject, enclosure = rng.choice(LETTERS_IN if is_in else LETTERS_OUT)
        yield Letter(
            village=plan.group.village,
            group=plan.group,
            direction=Letter.Direction.IN if is_in else Letter.Direction.OUT,
            number=f"{rng.randint(1, 90):03}/PKK/{dated_on.year}" if is_in else f"{number:02}/UP2K/{dated_on.year}",
            dated_on=dated_on,
            received_on=dated_on + timedelta(days=rng.randint(0, 4)) if is_in else None,
            correspondent=correspondent,
            subject=subject,
            enclosure=enclosure,
        )
