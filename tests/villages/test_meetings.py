"""A meeting on one page: who came, the guests, what was said; its history, its papers."""

from datetime import date, time

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import Change
from tests import build
from villages.meeting_services import Visitor, record_meeting
from villages.models import Attendance, Meeting, Officer

HELD_ON = date(2026, 9, 10)


@pytest.fixture
def women(group):
    return [build.member(group, name=name) for name in ("Aminah", "Barsiah", "Kartini")]


def typed(**fields):
    """The page as a person fills it, with two empty rows for guests."""
    facts = {
        "held_on": "10-09-2026",
        "starts_at": "9",
        "ends_at": "11.30",
        "kind": "monthly",
        "title": "Pertemuan bulanan September",
        "place": "Balai desa",
        "chair": "Hj. Rusdiana",
        "agenda": "Angsuran\nSimpanan",
        "minutes": "Angsuran diterima.",
        "decisions": "Arisan tanggal 20.",
        "tamu-TOTAL_FORMS": "2",
        "tamu-INITIAL_FORMS": "0",
        "tamu-0-name": "",
        "tamu-1-name": "",
    }
    return facts | fields


def visit(number=0, **told):
    return {f"tamu-{number}-{name}": text for name, text in told.items()}


def record(group, present=(), guests=(), by=None, **fields):
    facts = {"held_on": HELD_ON, "title": "Rapat anggota", "place": "Balai desa", "chair": "Hj. Rusdiana"} | fields
    meeting = Meeting(group=group, village=group.village, **facts)
    return record_meeting(meeting=meeting, present=present, guests=guests, by=by or build.user())


def test_one_page_records_the_meeting_who_came_and_the_guests(group, women, operator, as_user):
    facts = typed(
        present=[women[0].pk, women[2].pk], **visit(name="Noor Hayati", institution="Dinas PMD", purpose="bina")
    )
    answer = as_user(operator).post(reverse("meeting-add", args=[group.pk]), facts)
    meeting = Meeting.objects.with_attendance().get()
    assert answer.url == meeting.get_absolute_url()
    assert (meeting.held_on, meeting.starts_at, meeting.ends_at) == (HELD_ON, time(9), time(11, 30))
    assert (meeting.attendance_words, meeting.village) == ("2 dari 3", group.village)
    assert [str(one.member) for one in meeting.attendances.all()] == ["Aminah", "Kartini"]
    assert [(one.name, one.institution, one.purpose) for one in meeting.guests.all()] == [
        ("Noor Hayati", "Dinas PMD", "bina")
    ]


def test_one_change_keeps_the_meeting_with_its_attendance_in_words(group, women, operator, as_user):
    client = as_user(operator)
    client.post(reverse("meeting-add", args=[group.pk]), typed(present=[women[0].pk], **visit(name="Noor")))
    meeting = Meeting.objects.get()
    client.post(reverse("meeting-edit", args=[meeting.pk]), typed(present=[one.pk for one in women]))
    last, first = Change.objects.filter(model="villages.meeting")
    assert (first.after["hadir"], first.after["tamu"]) == ("1 orang: Aminah", "1 orang: Noor")
    assert last.after == {"hadir": "3 orang: Aminah, Barsiah, Kartini", "tamu": ""}
    assert last.before == {"hadir": "1 orang: Aminah", "tamu": "1 orang: Noor"}
    assert Change.objects.count() == 2


def test_saving_unchanged_leaves_no_change(group, women, operator, as_user):
    client = as_user(operator)
    client.post(reverse("meeting-add", args=[group.pk]), typed(present=[women[0].pk]))
    client.post(
        reverse("meeting-edit", args=[Meeting.objects.get().pk]), typed(present=[women[0].pk], invited_count="3")
    )
    assert Change.objects.count() == 1


def test_the_list_to_tick_has_the_members_of_that_day_alone(group, women, operator, as_user):
    build.member(group, name="Salmah", joined_on=date(2026, 9, 11))
    build.member(group, name="Yanti", left_on=date(2026, 9, 10), left_reason="pindah")
    client, url = as_user(operator), reverse("meeting-add", args=[group.pk])
    page = client.post(url, typed(list="again"))
    names = [label for _, label in page.context["form"].fields["present"].widget.choices]
    assert names == ["Aminah", "Barsiah", "Kartini"]
    today = client.get(url).context["form"].fields["present"].widget.choices
    assert [label for _, label in today] == ["Aminah", "Barsiah", "Kartini", "Salmah"]


def test_all_present_ticks_everybody_and_saves_nothing_yet(group, women, operator, as_user):
    page = as_user(operator).post(reverse("meeting-add", args=[group.pk]), typed(list="all"))
    assert set(page.context["form"]["present"].value()) == {one.pk for one in women}
    assert page.content.decode().count("checked") == 3
    assert not Meeting.objects.exists()


def test_showing_the_list_again_loses_nothing_typed(group, women, operator, as_user):
    facts = typed(list="guests", present=[women[1].pk], held_on="bukan", **visit(name="Noor", purpose="bina"))
    page = as_user(operator).post(reverse("meeting-add", args=[group.pk]), facts).content.decode()
    for text in (
        'value="bukan"',
        "Angsuran diterima.",
        "Arisan tanggal 20.",
        'value="Noor"',
        'value="bina"',
        'value="9"',
    ):
        assert text in page
    assert page.count("checked") == 1
    assert 'name="tamu-2-name"' in page  # one told, and two empty rows after it


def test_another_row_for_a_guest_comes_each_time_it_is_asked_for(group, operator, as_user):
    client, url = as_user(operator), reverse("meeting-add", args=[group.pk])
    assert client.get(url).content.decode().count('-institution"') == 3  # name, id and label of the one row
    page = client.post(url, typed(list="guests"))
    assert len(page.context["form"].guests.forms) == 3


def test_who_was_no_member_that_day_cannot_have_come_and_stays_ticked(group, women, operator, as_user):
    late = build.member(group, name="Salmah", joined_on=date(2026, 9, 11))
    page = as_user(operator).post(reverse("meeting-add", args=[group.pk]), typed(present=[women[0].pk, late.pk]))
    assert page.context["form"].errors["present"] == [
        "Bukan anggota aktif pada 10 September 2026: Salmah. Hapus centangnya, atau perbaiki tanggal pertemuan."
    ]
    assert page.content.decode().count("checked") == 2
    assert not Meeting.objects.exists()


def test_a_guest_without_a_name_is_asked_for_and_nothing_typed_is_lost(group, women, operator, as_user):
    facts = typed(present=[women[0].pk], **visit(1, institution="Dinas PMD"))
    page = as_user(operator).post(reverse("meeting-add", args=[group.pk]), facts)
    assert page.context["form"].non_field_errors() == ["Tamu baris 2: Nama tamu belum diisi."]
    text = page.content.decode()
    assert 'value="Dinas PMD"' in text
    assert "Arisan tanggal 20." in text
    assert text.count("checked") == 1


def test_an_emptied_row_takes_the_guest_off(group, women, operator, as_user):
    meeting = record(group, women[:1], [Visitor("Noor", "Dinas PMD")])
    client, url = as_user(operator), reverse("meeting-edit", args=[meeting.pk])
    assert 'value="Noor"' in client.get(url).content.decode()
    client.post(url, typed(present=[women[0].pk], **{"tamu-INITIAL_FORMS": "1"}))
    assert meeting.guests.count() == 0


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("held_on", "1-10-2026", "Tanggal tidak boleh sesudah hari ini, 30 September 2026."),
        ("held_on", "1-1-2010", "Kelompok baru berdiri pada 2 Januari 2010."),
        ("starts_at", "pagi", "Jam tidak dikenal. Tulis seperti 09.00."),
        ("chair", "", "Pimpinan belum diisi."),
        ("invited_count", "1", "Yang hadir 2 anggota; yang diundang tidak mungkin lebih sedikit."),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(field, text, sentence, group, women, operator, as_user):
    facts = typed(present=[one.pk for one in women[:2]]) | {field: text}
    page = as_user(operator).post(reverse("meeting-add", args=[group.pk]), facts)
    assert page.context["form"].errors[field] == [sentence]


def test_a_meeting_that_ends_before_it_begins_is_refused(group, women, operator, as_user):
    page = as_user(operator).post(reverse("meeting-add", args=[group.pk]), typed(ends_at="8.30"))
    assert page.context["form"].non_field_errors() == ["Jam selesai harus sesudah jam mulai."]


def test_the_same_title_on_the_same_day_is_refused(group, women, operator, as_user):
    client, url = as_user(operator), reverse("meeting-add", args=[group.pk])
    client.post(url, typed())
    page = client.post(url, typed())
    assert page.context["form"].non_field_errors() == [
        "Pertemuan dengan judul ini sudah tercatat pada tanggal yang sama."
    ]


def test_a_refused_service_changes_nothing(group, women):
    meeting = record(group, women)
    stranger = build.member(build.group(group.village))
    with pytest.raises(ValidationError):
        record_meeting(meeting=meeting, present=[stranger], guests=[], by=build.user())
    assert Attendance.objects.count() == 3


def test_the_list_shows_who_came_of_how_many(group, women, operator, as_user):
    record(group, women[:2], [Visitor("Noor")])
    record(group, (), title="Pelatihan bordir", kind="training", held_on=date(2025, 5, 4), invited_count=12)
    client = as_user(operator)
    rows = client.get(reverse("meeting-list"), {"format": "json"}).json()["results"]
    assert [(row["title"], row["kind"], row["attendance"], row["guest_count"]) for row in rows] == [
        ("Rapat anggota", "Pertemuan bulanan", "2 dari 3", 1),
        ("Pelatihan bordir", "Kegiatan/pelatihan", "0 dari 12", 0),
    ]
    for asked, title in (
        ({"year": "2025"}, "Pelatihan bordir"),
        ({"kind": "monthly"}, "Rapat anggota"),
        ({"q": "bordir"}, "Pelatihan bordir"),
        ({"sort": "attendance"}, "Pelatihan bordir"),
    ):
        found = client.get(reverse("meeting-list"), asked | {"format": "json"}).json()["results"]
        assert found[0]["title"] == title


def test_the_record_tells_all_and_leads_to_its_papers(group, women, operator, as_user):
    meeting = record(group, women[:1], [Visitor("Noor", "Dinas PMD", "bina")], decisions="Arisan tanggal 20.")
    page = as_user(operator).get(meeting.get_absolute_url()).content.decode()
    for text in ("1 dari 3", "Aminah", "Noor", "Dinas PMD: bina", "Arisan tanggal 20.", "Dibuat"):
        assert text in page
    for name in ("meeting-edit", "meeting-minutes", "meeting-attendance"):
        assert reverse(name, args=[meeting.pk]) in page


def test_the_minutes_print_the_narrative_and_who_signs(group, women, operator, as_user):
    meeting = record(group, women[:2], [Visitor("Noor")], writer="Norhasanah", starts_at=time(9), ends_at=time(11, 30))
    page = as_user(operator).get(reverse("meeting-minutes", args=[meeting.pk])).content.decode()
    for text in (
        "<dd>Kamis, 10 September 2026</dd>", "09.00–11.30 WITA", "<dd>3 orang</dd>", "<dd>2 orang dan 1 tamu</dd>",
        "<dd>1 orang</dd>", '<p class="sg">Norhasanah</p>', '<p class="sg">Hj. Rusdiana</p>',
    ):  # fmt: skip
        assert text in page


def test_the_attendance_list_prints_members_with_their_poklak_then_guests(group, operator, as_user):
    sewer = build.member(group, name="Aminah", poklak=build.poklak(group, name="Melati"))
    meeting = record(group, [sewer, build.member(group, name="Barsiah")], [Visitor("Noor", "Dinas PMD")])
    page = as_user(operator).get(reverse("meeting-attendance", args=[meeting.pk])).content.decode()
    cells = [line.replace("<td>", "|").replace("</td>", "") for line in page.split("<tr>") if "10 Sep 2026" in line]
    assert [line.split("|")[3:5] for line in cells] == [
        ["Aminah", "Poklak Melati"],
        ["Barsiah", "Anggota"],
        ["Noor", "Dinas PMD"],
    ]


def test_the_years_books_print_that_years_meetings_under_the_officers_of_today(group, women, operator, as_user):
    Officer.objects.create(
        group=group, village=group.village, office="ketua", name="Hj. Rusdiana", since=date(2020, 1, 1)
    )
    record(group, women[:1], [Visitor("Noor", "Dinas PMD", "bina")], chair_office="Ketua Poksus")
    record(group, women, held_on=date(2025, 9, 10), title="Rapat lama")
    client = as_user(operator)
    for name, here in (
        ("book-minutes", ["BUKU NOTULEN TAHUN 2026", "hadir 1 dari 3", "NOTULEN RAPAT"]),
        ("book-attendance", ["DAFTAR HADIR", "Aminah"]),
        ("book-guests", ["BUKU TAMU TAHUN 2026", "<td>bina</td><td>Dinas PMD</td>"]),
        (
            "book-activities",
            ["BUKU KEGIATAN TAHUN 2026", "<td>Hj. Rusdiana</td><td>Ketua Poksus</td><td>10 September 2026</td>"],
        ),
    ):
        page = client.get(reverse(name, args=[group.pk])).content.decode()
        assert [text for text in here if text not in page] == []
        assert "Rapat lama" not in page
    assert '<p class="sg">Hj. Rusdiana</p>' in page
    old = client.get(reverse("book-minutes", args=[group.pk]), {"tahun": "2025"}).content.decode()
    assert "Rapat lama" in old


def test_a_year_that_is_none_prints_the_one_that_runs(group, operator, as_user):
    page = as_user(operator).get(reverse("book-guests", args=[group.pk]), {"tahun": "abc"}).content.decode()
    assert "Tidak ada isian tahun 2026." in page


def test_adding_without_a_group_named_leads_to_the_only_group(group, operator, as_user):
    for name in ("meeting", "inventory", "letter"):
        assert as_user(operator).get(reverse(f"{name}-new")).url == reverse(f"{name}-add", args=[group.pk])


def test_enter_saves_because_saving_is_the_forms_first_button(group, operator, as_user):
    page = as_user(operator).get(reverse("meeting-add", args=[group.pk])).content.decode()
    first = page[page.index('class="u-form card"') :].partition("<button")[2].partition("</button>")[0]
    assert first.endswith(">Simpan")
    assert "name=" not in first


@pytest.mark.parametrize("forged", ["²", "9" * 30, "9" * 5000, "-1", "x"])
def test_a_forged_tick_is_refused_in_words(forged, group, women, operator, as_user):
    page = as_user(operator).post(reverse("meeting-add", args=[group.pk]), typed(present=forged))
    assert page.status_code == 200
    assert page.context["form"].errors["present"]
