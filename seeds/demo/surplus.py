"""As Syifa shares last year's surplus: its rule, the PAUD teachers, the members' meeting, and who is paid so far.

All invented but what the group is known for: profit for its members and for the teachers of the village's PAUD.
"""

from datetime import date, time
from decimal import Decimal

from loans.models import PaudTeacher, SurplusDistribution
from loans.month_services import closed_through, first_open_month
from loans.surplus import Post, PostKind
from loans.surplus_payment_services import pay_out
from loans.surplus_plans import Payee, payees_of, plan_of, recorded_plan
from loans.surplus_services import approve_distribution, draft_distribution, save_scheme, save_teacher, set_weights
from loans.year_close import DECEMBER
from seeds.demo.office import Office
from villages import meeting_services
from villages.models import Meeting
from villages.models import Office as Duty

POSTS = (
    ("Cadangan modal", PostKind.RESERVE, 30, True),
    ("Anggota menurut jasa", PostKind.BY_FEE, 25, False),
    ("Anggota menurut simpanan", PostKind.BY_SAVINGS, 15, False),
    ("Pengurus", PostKind.OFFICERS, 10, False),
    ("Insentif guru PAUD", PostKind.TEACHERS, 10, False),
    ("Pendidikan", PostKind.EDUCATION, 5, False),
    ("Dana sosial", PostKind.SOCIAL, 5, False),
)
TEACHERS = (
    ("PAUD Melati", "Raihanah", "RT 1"),
    ("PAUD Melati", "Siti Norjanah", "RT 2"),
    ("PAUD Al Hidayah", "Hikmah", "RT 3"),
    ("TK Al-Qur’an Nurul Iman", "Mahmudah", "RT 5"),
)
DUTIES = {Duty.KETUA: 40, Duty.SEKRETARIS: 30, Duty.BENDAHARA: 30}  # percent of the officers' post
MET_ON = (2, 14)  # of the year after
AGENDA = "Laporan pengurus\nPembagian SHU\nInsentif guru PAUD\nRencana kerja"
MINUTES = (
    "Pengurus melaporkan pendapatan, biaya dan SHU. Anggota menanyakan bagian menurut jasa dan simpanan; dijelaskan."
)
DECISION = "Pembagian SHU disetujui menurut daftar. Guru PAUD di desa menerima insentif seperti tahun lalu."
ABSENT = 6  # every so manieth member did not come
PAID_OF_TEN = 7  # so many of ten members came for their part so far
TEACHERS_PAID = 2
GIFTS = (("Panti Asuhan Al Amin", 40), ("Keluarga almarhumah Hj. Aluh", 25))  # percent of the social fund


def share_surplus(office: Office) -> None:
    """The last year that is closed, from the rule to the first payments; nothing where it brought nothing to share."""
    group, closed = office.group, closed_through(office.group)
    year = closed // 100 if closed % 100 == DECEMBER else closed // 100 - 1
    posts = [
        Post(str(at), name, kind, Decimal(percent), takes_rest)
        for at, (name, kind, percent, takes_rest) in enumerate(POSTS, 1)
    ]
    save_scheme(
        group=group,
        since_year=year,
        posts=posts,
        savings_basis="average",
        leavers_take_part=False,
        by=office.operator,
    )
    for institution, name, address in TEACHERS:
        teacher = PaudTeacher(group=group, institution=institution, name=name, address=address)
        save_teacher(teacher=teacher, by=office.operator)
    draft = draft_distribution(group=group, year=year, withheld=0, by=office.operator)
    draft = set_weights(distribution=draft, weights=_weights(draft), by=office.operator)
    plan = plan_of(draft)
    if not plan.problem:
        shared = _approve(office, draft, _meet(office, year), plan.fingerprint)
        _pay(office, shared)


def _weights(draft: SurplusDistribution) -> dict[str, int]:
    officers = draft.group.officers.in_office(date(draft.year, 12, 31))
    return {f"p{one.pk}": DUTIES[Duty(one.office)] for one in officers if one.office in DUTIES}


def _meet(office: Office, year: int) -> Meeting:
    """The members' meeting in the minutes book, with those who came."""
    group, held_on = office.group, date(year + 1, *MET_ON)
    members = list(group.members.active_on(held_on).order_by("pk"))
    chair, writer = (group.officer_on(duty, held_on) for duty in (Duty.KETUA, Duty.SEKRETARIS))
    meeting = Meeting(
        village=group.village,
        group=group,
        held_on=held_on,
        starts_at=time(9),
        place="Balai desa",
        kind=Meeting.Kind.MEMBERS,
        title=f"Rapat anggota tahun buku {year}",
        agenda=AGENDA,
        chair=chair.name if chair else members[0].name,
        chair_office="Ketua Poksus",
        writer=writer.name if writer else members[-1].name,
        minutes=MINUTES,
        decisions=DECISION,
    )
    present = [one for at, one in enumerate(members, 1) if at % ABSENT]
    return meeting_services.record_meeting(meeting=meeting, present=present, guests=[], by=office.operator)


def _approve(office: Office, draft: SurplusDistribution, meeting: Meeting, seen: str) -> SurplusDistribution:
    on = first_open_month(office.group, meeting.held_on)
    return approve_distribution(
        distribution=draft,
        on=on,
        seen=seen,
        by=office.district,
        uuid=office.key(f"SHU {draft.year}"),
        minutes_number=f"01/BA-SHU/AS/II/{draft.year + 1}",
        met_on=meeting.held_on,
        meeting=meeting,
        place=meeting.place,
        chair=meeting.chair,
        writer=meeting.writer,
        present_count=meeting.attendances.count(),
        pays_from=on,
    )


def _pay(office: Office, shared: SurplusDistribution) -> None:
    """Most members, the officers and some teachers; of the social fund two gifts, and a rest that waits."""
    payees = payees_of(shared, recorded_plan(shared))
    lists = {name: [one for one in payees if one.section == name] for name in ("members", "officers", "teachers")}
    came = [one for at, one in enumerate(lists["members"]) if at % 10 < PAID_OF_TEN]
    for name, some in (("anggota", came), ("pengurus", lists["officers"]), ("guru", lists["teachers"][:TEACHERS_PAID])):
        _give(office, shared, some, name)
    (social,) = [one for one in payees if one.is_fund and one.name == "Dana sosial"]
    for party, percent in GIFTS:
        _give(office, shared, [social], party, party=party, amount=social.amount * percent // 100)


def _give(office: Office, shared: SurplusDistribution, payees: list[Payee], name: str, **facts) -> None:
    if payees:
        pay_out(
            distribution=shared,
            keys=[one.key for one in payees],
            on=office.scene.until,
            till="cash",
            by=office.operator,
            uuid=office.key(f"SHU {shared.year} {name}"),
            **facts,
        )
