"""The narrative a–h: figures in braces follow the reports, texts are kept with their history, final is frozen."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import Change
from reports import narrative_services as services
from reports.models import Narrative
from reports.narrative_words import document_of, offered, starting_texts, unknown_braces
from tests import build
from tests.reports import build_reports as reports
from tests.reports.build import LEVELS, random_standings, regency_groups, report
from up2k_portal.lib.access import Role

TW2 = reports.TW2
NEXT_DOOR = "63.08.03.2013"
QUERY = {"wilayah": "63.08", "periode": TW2.code}


@pytest.fixture
def regency(pandulangan):
    return pandulangan.district.regency


def save(regency, by, **texts):
    kept = services.narrative_of(regency.code, TW2)
    return services.save_texts(area=regency, period=TW2, texts=texts, seen=services.seen_of(kept), by=by)


def finish(regency, by):
    seen = services.seen_of(services.narrative_of(regency.code, TW2))
    return services.make_final(area=regency, period=TW2, seen=seen, by=by)


def paragraphs(document) -> dict[str, str]:
    return {one.key: "\n".join(one.paragraphs) for one in document.sections}


class TestWords:
    @pytest.mark.parametrize("level", LEVELS)
    def test_every_starting_text_is_filled_to_the_last_brace(self, level):
        document = document_of(LEVELS[level](standings=random_standings()), {})
        told = "\n".join([*document.title, *paragraphs(document).values(), *document.left, *document.right])
        assert told.replace("{tabel_rekap}", "").count("{") == 0
        assert "".join(one.key for one in document.sections) == "abcdefgh"

    def test_figures_stand_in_the_text_as_people_write_them(self):
        groups = regency_groups()
        document = document_of(
            report(groups=groups), {"b": "Saldo {balance}, {members} anggota, RR {rr}, {periode} di {wilayah}."}
        )
        balance, members = sum(one.balance for one in groups), sum(one.members for one in groups)
        tenths = (
            -(-2000 * sum(one.principal_due_paid for one in groups) // sum(one.principal_due for one in groups)) // 2
        )
        said = paragraphs(document)["b"]
        words = f"{balance:,}".replace(",", "."), f"{members:,}".replace(",", "."), f"{tenths // 10},{tenths % 10}%"
        place = "Kabupaten Hulu Sungai Utara"
        assert said == f"Saldo Rp{words[0]}, {words[1]} anggota, RR {words[2]}, Triwulan III 2026 di {place}."

    def test_a_name_with_braces_fills_nothing(self):
        document = document_of(report(area_name="{balance}"), {"h": "Demikian {wilayah}."})
        assert paragraphs(document)["h"] == "Demikian Kabupaten {balance}."

    def test_problems_are_suggested_where_they_are(self):
        quiet = starting_texts(report())
        assert quiet["f"] == "Tidak ada permasalahan yang menonjol pada periode ini."
        groups = tuple(one for one in regency_groups() if not one.level)
        busy = starting_texts(report(groups=groups, standings=random_standings()))
        assert "{belum_dinilai} kelompok belum dinilai" in busy["f"]
        assert "{nama_belum}" in busy["f"]
        assert busy["g"].startswith("Mendampingi desa/kelurahan")

    def test_the_table_sums_to_the_report(self):
        groups, standings = regency_groups(), random_standings()
        document = document_of(report(groups=groups, standings=standings, basis="approved"), {})
        *rows, total = document.rows
        assert (len(document.head), len(rows)) == (11, 10)
        assert total[9:] == (str(len(groups)), f"{sum(one.members for one in groups):,}".replace(",", "."))
        agreed = sum(one.is_agreed for one in standings)
        assert total[2:5] == ("219", str(len({one.village_code for one in groups})), str(agreed))
        assert document.basis == f"Angka dari {agreed} dari 219 laporan desa/kelurahan yang disetujui kabupaten."

    def test_only_offered_braces_may_be_used(self):
        assert unknown_braces("Saldo {balance} dan {saldo}, {saldo}, {rr}.") == ["{saldo}"]
        assert unknown_braces(" ".join(brace for brace, _ in offered())) == []


class TestKeeping:
    def test_texts_keep_their_braces_and_their_history(self, regency, staff):
        save(regency, staff, f="Saldo {balance} perlu ditagih.")
        save(regency, staff, f="Saldo {balance} masih perlu ditagih.")
        assert Narrative.objects.get().texts == {"f": "Saldo {balance} masih perlu ditagih."}
        latest = Change.objects.filter(model="reports.narrative").first()
        assert (latest.user_name, latest.before["bagian f"]) == (staff.name, "Saldo {balance} perlu ditagih.")

    def test_the_same_texts_once_more_are_no_new_change(self, regency, staff):
        save(regency, staff, f="Saldo {balance} perlu ditagih.")
        count = Change.objects.count()
        save(regency, staff, f="Saldo {balance} perlu ditagih.")
        assert Change.objects.count() == count

    def test_a_brace_that_nothing_fills_is_told_at_its_section(self, regency, staff):
        with pytest.raises(ValidationError) as error:
            save(regency, staff, b="Saldo {saldo}.")
        assert error.value.message_dict == {"b": ["{saldo} tidak dikenal. Pilih dari daftar angka di bawah formulir."]}

    def test_who_has_an_old_page_overwrites_nobody(self, regency, staff):
        old = services.seen_of(services.narrative_of(regency.code, TW2))
        save(regency, staff, f="Tunggakan turun.")
        with pytest.raises(ValidationError) as error:
            services.save_texts(area=regency, period=TW2, texts={"f": "Lain."}, seen=old, by=staff)
        assert error.value.code == "conflict"
        assert Narrative.objects.get().texts == {"f": "Tunggakan turun."}

    def test_the_kecamatan_does_not_write_for_the_kabupaten_nor_the_province_for_anybody(
        self, regency, pandulangan, district_officer, province_reader
    ):
        accesses = [one.access_on(date(2026, 9, 30)) for one in (district_officer, province_reader)]
        assert [services.may_write(one, regency) for one in accesses] == [False, False]
        assert [services.may_write(one, pandulangan.district) for one in accesses] == [True, False]
        with pytest.raises(ValidationError, match="disusun oleh pengurusnya sendiri"):
            save(regency, district_officer, f="Lain.")


class TestFinal:
    def test_figures_follow_the_reports_until_it_is_final(self, lent, regency, pandulangan, staff, as_user):
        save(regency, staff, b="Saldo {balance}.")
        reports.approved(pandulangan)
        finish(regency, staff)
        reports.VillageReport.objects.update(state="returned")
        page = as_user(staff).get(reverse("narrative"), QUERY).content.decode()
        assert "Saldo Rp900.000." in page
        assert "Naskah ini final." in page

    def test_without_approved_reports_there_is_nothing_to_freeze(self, lent, regency, staff):
        with pytest.raises(ValidationError, match="Belum ada laporan Triwulan II 2026 yang disetujui"):
            finish(regency, staff)

    def test_a_final_text_is_changed_only_after_opening_it_with_a_reason(self, lent, regency, pandulangan, staff):
        reports.approved(pandulangan)
        finish(regency, staff)
        assert finish(regency, staff).final_by == staff
        with pytest.raises(ValidationError, match="sudah final"):
            save(regency, staff, f="Lain.")
        with pytest.raises(ValidationError, match="Tulis alasan yang jelas"):
            services.open_again(area=regency, period=TW2, reason="salah", by=staff)
        services.open_again(area=regency, period=TW2, reason="daftar instansi belum lengkap", by=staff)
        assert save(regency, staff, f="Lain.").texts == {"f": "Lain."}


class TestPages:
    def test_live_figures_say_that_they_are(self, lent, regency, staff, as_user):
        page = as_user(staff).get(reverse("narrative"), QUERY).content.decode()
        assert "Angka sementara menurut catatan desa" in page
        assert "a. Pendahuluan" in page
        assert "saldo pinjaman Rp900.000" in page

    def test_writing_shows_the_text_that_was_written(self, lent, regency, staff, as_user):
        client, url = as_user(staff), f"{reverse('narrative-edit')}?wilayah=63.08&periode=2026-TW2"
        form = client.get(url).context["form"]
        texts = {key: form.initial[key] for key in "abcdefgh"} | {"seen": form.initial["seen"]}
        page = client.post(url, texts | {"c": "Dinas Koperasi (2 kali)."}, follow=True).content.decode()
        assert "Dinas Koperasi (2 kali)." in page
        assert Narrative.objects.get().texts == {"c": "Dinas Koperasi (2 kali)."}  # the others stay the portal's
        again = client.post(url, texts | {"c": "Dinas lain."})
        assert (again.status_code, "sudah diubah orang lain" in again.content.decode()) == (409, True)
        refused = client.post(
            url, texts | {"seen": services.seen_of(Narrative.objects.get()), "e": "Dana {dana}."}
        ).content.decode()
        assert "{dana} tidak dikenal." in refused

    def test_the_paper_has_sections_table_and_signers(self, lent, regency, staff, as_user):
        page = as_user(staff).get(reverse("narrative-print"), QUERY).content.decode()
        for words in ("LAPORAN PELAKSANAAN UP2K-PKK", "h. Penutup", "Ber-UP2K", "Ketua Pokja II TP PKK", "Amuntai, "):
            assert words in page

    def test_a_month_and_a_foreign_area_are_not_there(self, regency, staff, elsewhere, as_user):
        client = as_user(staff)
        asked = [{"periode": "2026-06"}, {"periode": "2027-S1"}, {"wilayah": "63.09"}, {"periode": "kapan"}]
        assert [client.get(reverse("narrative"), one).status_code for one in asked] == [404, 404, 404, 404]

    def test_the_province_reads_and_downloads(self, lent, regency, staff, as_user):
        client = as_user(build.user(Role.PROVINCE, "63", username="prov"))
        names = ("narrative", "narrative-print", "narrative-file")
        assert [client.get(reverse(name), {"periode": TW2.code}).status_code for name in names] == [200, 200, 200]
        assert client.get(reverse("narrative-edit"), QUERY).status_code == 403
        asked = {"periode": TW2.code, "wilayah": "63"}
        assert "TP PKK Provinsi mengunduh berkas Word" in client.get(reverse("narrative"), asked).content.decode()
        asked = {"periode": TW2.code, "wilayah": "63.08"}
        assert "ditulis petugas dan admin TP PKK Kabupaten" in client.get(reverse("narrative"), asked).content.decode()
        assert "Naskah ini ditulis" not in as_user(staff).get(reverse("narrative"), asked).content.decode()

    def test_the_operator_finds_her_narrative_on_the_report(self, lent, pandulangan, operator, as_user):
        page = as_user(operator).get(reverse("village-report", args=[pandulangan.pk, TW2.code])).content.decode()
        url = f"{reverse('narrative')}?wilayah={pandulangan.code}&periode={TW2.code}"
        assert url.replace("&", "&amp;") in page
        month = as_user(operator).get(reverse("village-report", args=[pandulangan.pk, "2026-06"]))
        assert month.status_code == 404 or reverse("narrative") not in month.content.decode().split("<main")[-1]

    def test_a_final_text_has_no_page_to_change_it(self, lent, regency, pandulangan, staff, as_user):
        reports.approved(pandulangan)
        finish(regency, staff)
        assert as_user(staff).get(reverse("narrative-edit"), QUERY).status_code == 404
