"""Files and photos: what may come in, what is kept of it, who gets it, and what is never given away."""

import errno
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from accounts.attachments import body_limit, contents, services, storage
from accounts.attachments.carriers import carriers, place_of
from accounts.attachments.models import Attachment
from accounts.models import Change
from tests import build
from tests.build import picture
from up2k_portal.lib.access import NOBODY, Access, Action, Role

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
ACCEPTED = "Yang diterima: foto JPEG, PNG atau WebP, dan dokumen PDF."
NO_PICTURE = f"x.jpg: bukan foto atau PDF. {ACCEPTED}"
BROKEN = "x.jpg: fotonya rusak atau terpotong. Ambil atau kirim sekali lagi."
TOO_WIDE = "x.jpg: ukuran gambarnya terlalu besar. Paling banyak 40 megapiksel."
REASON = "foto kabur, diganti yang baru"


@pytest.fixture(autouse=True)
def _folder_of_its_own(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def kept_files(settings) -> list[str]:
    return sorted(path.name for path in settings.MEDIA_ROOT.rglob("*") if path.is_file())


def read(data: bytes, name: str = "x.jpg") -> contents.Content:
    return contents.read_file(BytesIO(data), name)


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def noise(size: tuple[int, int]) -> Image.Image:
    return Image.effect_noise(size, 90).convert("RGB")


def encoded(image: Image.Image, kind: str, **options) -> bytes:
    stream = BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    """What a telephone writes: how it was held, where it was, and what it is."""
    made = Image.Exif()
    made[0x0112] = orientation
    made[0x010F] = "TelephoneOfRahmah"
    made[0x8825] = {1: "S", 2: (2.0, 24.0, 30.0), 3: "E", 4: (115.0, 13.0, 0.0)}
    return made


class TestWhatIsKeptOfAPicture:
    def test_place_camera_comment_and_profile_are_gone(self):
        sent = encoded(
            noise((80, 60)), "JPEG", exif=exif(), comment=b"<script>alert(1)</script>", icc_profile=b"x" * 200
        )
        assert opened(sent).getexif().get_ifd(0x8825)[1] == "S"
        for made in (read(sent).main, read(sent).thumbnail):
            assert dict(opened(made).getexif()) == {}
            assert set(opened(made).info) == {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
            for trace in (b"Exif", b"TelephoneOfRahmah", b"<script>", b"ICC_PROFILE", b"http://ns.adobe.com"):
                assert trace not in made

    @pytest.mark.parametrize("tail", [b"<html><script>alert(1)</script>", b"PK\x03\x04zip", b"<?php phpinfo();"])
    def test_what_hangs_on_the_end_of_a_picture_is_cut_off(self, tail):
        sent = picture() + tail
        assert tail not in read(sent).main
        assert read(sent).main == read(picture()).main

    def test_a_picture_held_upright_is_kept_upright(self):
        image = Image.new("RGB", (80, 40), "white")
        image.paste("black", (0, 0, 20, 40))  # the left edge, which orientation 6 calls the top
        made = opened(read(encoded(image, "JPEG", exif=exif(6), quality=95)).main)
        assert made.size == (40, 80)
        assert made.getpixel((20, 5)) < (60, 60, 60)
        assert made.getpixel((20, 70)) > (200, 200, 200)

    @pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow tells the log that the Exif part is damaged
    def test_a_damaged_exif_part_does_not_cost_the_picture(self):
        sent = encoded(noise((80, 60)), "JPEG", exif=exif())
        start = sent.index(b"Exif")
        assert read(sent[: start + 14] + b"\xff" * 30 + sent[start + 44 :]).width == 80

    def test_a_large_picture_is_shrunk_and_gets_a_small_one(self):
        made = read(encoded(noise((2400, 1200)), "JPEG", quality=30))
        assert (made.width, made.height) == opened(made.main).size == (1600, 800)
        assert opened(made.thumbnail).size == (320, 160)
        assert len(made.thumbnail) < 40_000

    def test_a_small_picture_is_not_blown_up(self):
        made = read(picture(size=(40, 30)))
        assert (made.width, made.height, opened(made.thumbnail).size) == (40, 30, (40, 30))

    def test_a_very_narrow_picture_keeps_at_least_one_pixel(self):
        made = read(picture("PNG", size=(6000, 2)))
        assert opened(made.main).size == (1600, 1)
        assert opened(made.thumbnail).size == (320, 1)

    def test_what_shines_through_stands_on_white(self):
        made = opened(read(picture("PNG", size=(3000, 20), mode="RGBA", color=(200, 0, 0, 0))).main)
        assert (made.format, made.mode, made.getpixel((5, 5))) == ("JPEG", "RGB", (255, 255, 255))

    @pytest.mark.parametrize(
        ("mode", "color", "kind", "shown"),
        [
            ("CMYK", (0, 0, 0, 0), "JPEG", (255, 255, 255)),
            ("CMYK", (0, 0, 0, 255), "JPEG", (0, 0, 0)),
            ("L", 128, "JPEG", (128, 128, 128)),
            ("1", 1, "PNG", (255, 255, 255)),
            ("LA", (40, 255), "PNG", (40, 40, 40)),
            ("I;16", 128 * 256, "PNG", (128, 128, 128)),
        ],
    )
    def test_every_kind_of_colour_becomes_plain_rgb(self, mode, color, kind, shown):
        made = opened(read(picture(kind, mode=mode, color=color)).main)
        assert (made.format, made.mode, made.getpixel((9, 9))) == ("JPEG", "RGB", shown)

    def test_a_palette_with_a_clear_colour_stands_on_white(self):
        made = opened(read(picture("PNG", mode="P", color=0, transparency=0)).main)
        assert made.getpixel((9, 9)) == (255, 255, 255)

    def test_of_a_moving_picture_the_first_stays(self):
        first, second = Image.new("RGB", (40, 30), "white"), Image.new("RGB", (40, 30), "black")
        made = opened(read(encoded(first, "WEBP", save_all=True, append_images=[second], lossless=True)).main)
        assert (made.format, made.getpixel((9, 9))) == ("JPEG", (255, 255, 255))

    def test_the_same_picture_gives_the_same_bytes(self):
        assert read(picture()).sha256 == read(picture()).sha256


def bomb(width: int, height: int) -> bytes:
    """A few bytes that say of themselves to be very large."""
    small = picture("PNG", size=(1, 1))
    return small[:16] + width.to_bytes(4, "big") + height.to_bytes(4, "big") + png_check(width, height) + small[33:]


def png_check(width: int, height: int) -> bytes:
    import zlib

    head = b"IHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    return head[12:] + zlib.crc32(head).to_bytes(4, "big")


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("data", "sentence"),
        [
            (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', NO_PICTURE),
            (b"<!doctype html><script>alert(1)</script>", NO_PICTURE),
            (picture("GIF", mode="P", color=0), NO_PICTURE),
            (picture("TIFF"), NO_PICTURE),
            (picture("BMP"), NO_PICTURE),
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", NO_PICTURE),
            (b"PK\x03\x04" + b"\0" * 60, NO_PICTURE),
            (b"%pdf-1.4 in small letters", NO_PICTURE),
            (b" %PDF-1.4 behind a blank", NO_PICTURE),
            (b"MZ" + b"\0" * 60, NO_PICTURE),
            (b"x", NO_PICTURE),
            (b"", "x.jpg: kosong. Pilih berkas yang lain."),
            (encoded(noise((200, 150)), "JPEG")[:3000], BROKEN),
            (encoded(noise((200, 150)), "PNG")[:3000], BROKEN),
            (encoded(noise((200, 150)), "WEBP")[:800], BROKEN),
            (bomb(6400, 6400), TOO_WIDE),
            (bomb(10_000, 10_000), TOO_WIDE),
            (bomb(65_000, 65_000), TOO_WIDE),
            (encoded(Image.new("RGB", (8000, 5100)), "JPEG"), TOO_WIDE),
            (b"\xff\xd8\xff" + b"\0" * (11 * 1024 * 1024), "x.jpg: terlalu besar (11 MB). Paling banyak 10 MB."),
            (PDF + b"\0" * (5 * 1024 * 1024), "x.jpg: terlalu besar (5 MB). PDF paling banyak 5 MB."),
        ],
        ids=lambda value: value[:12] if isinstance(value, bytes) else "",
    )
    def test_it_is_told_what_is_wrong_and_what_would_be_right(self, data, sentence):
        with pytest.raises(ValidationError) as refused:
            read(data)
        assert refused.value.messages == [sentence]

    def test_forty_megapixels_are_drawn_and_shrunk(self):
        made = read(encoded(Image.new("RGB", (8000, 5000), "teal"), "JPEG"))
        assert (made.width, made.height) == (1600, 1000)

    def test_a_pdf_is_kept_as_it_is_whatever_its_name_says(self):
        made = read(PDF, "surat.jpg")
        assert (made.main, made.is_picture, made.thumbnail, made.width) == (PDF, False, b"", None)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("rapat.jpg", "rapat.jpg"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\win.ini", "win.ini"),
        ("C:\\fakepath\\nota toko.jpg", "nota toko.jpg"),
        ("daftar.xlsx.php", "daftar.xlsx.php"),
        ("foto\u202egpj.exe", "fotogpj.exe"),
        ("a\x00b\r\nSet-Cookie: x\u200b.png", "ab Set-Cookie x.png"),
        ('"><img src=x onerror=alert(1)>.jpg', "img src=x onerror=alert(1).jpg"),
        ("KTP 6308035203852514.jpg", "KTP ••••2514.jpg"),
        ("cafe\u0301.jpg", "café.jpg"),
        ("...", "berkas"),
        ("", "berkas"),
        ("/", "berkas"),
        ("x" * 300 + ".jpeg", "x" * 115 + ".jpeg"),
        ("x." + "y" * 300, "x." + "y" * 9),
    ],
)
def test_a_name_is_shown_without_path_control_or_direction_marks(name, shown):
    assert contents.clean_name(name) == shown


def test_two_hundred_ways_out_of_the_folder_lead_nowhere(member, settings):
    steps = ["../", "..\\", "%2e%2e/", "....//", "..%c0%af", "/", "\\\\host\\", "C:\\", "~/", "file:///"]
    names = [
        step * times + target
        for step in steps
        for times in (1, 2, 5, 9)
        for target in ("x", "etc/passwd", "a\0b", ".ssh", "…")
    ]
    assert len(names) == 200
    assert [one for one in map(contents.clean_name, names) if "/" in one or "\\" in one or one.startswith(".")] == []
    kept = build.photo(member, names[1])
    assert kept_files(settings) == [kept.uuid.hex, f"{kept.uuid.hex}-kecil"]


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (1, "1 KB"),
        (89_804, "88 KB"),
        (104_858, "0,1 MB"),
        (1024 * 1024, "1 MB"),
        (3_355_443, "3,2 MB"),
        (2**40, "1.048.576 MB"),
    ],
)
def test_a_size_is_told_in_words(size, words):
    assert contents.size_words(size) == words


class TestKeeping:
    def test_the_bytes_lie_under_a_random_name_for_the_owner_alone(self, member, settings):
        made = build.photo(member, "../../x.jpg.php")
        path = storage.path_of(made.uuid)
        assert path == settings.MEDIA_ROOT / made.uuid.hex[:2] / made.uuid.hex
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o077 == 0

    def test_the_row_tells_what_the_bytes_are(self, member, operator):
        made = build.photo(member, "nota.png", content=picture("PNG", size=(50, 20)), title="Nota benang", by=operator)
        assert (made.model, made.object_id, made.area_code) == ("villages.member", member.pk, build.PANDULANGAN)
        assert (made.kind, made.content_type, made.width, made.height) == ("photo", "image/jpeg", 50, 20)
        assert (str(made), made.download_name, made.uploaded_by) == ("Nota benang", "nota.jpg", operator)
        assert made.size == sum(storage.path_of(made.uuid, small=small).stat().st_size for small in (False, True))

    def test_adding_and_removing_leave_one_change_each(self, member, operator):
        made = build.photo(member, title="Rapat", by=operator)
        services.remove_file(attachment=made, reason=REASON, by=operator)
        removal, adding = Change.objects.all()
        assert (adding.kind, adding.object_name, adding.area_code) == ("created", "Rapat", build.PANDULANGAN)
        assert adding.after["SHA-256"] == made.sha256
        assert (removal.kind, removal.user, removal.reason) == ("changed", operator, REASON)
        assert set(removal.after) == {"dihapus", "dihapus oleh", "alasan dihapus"}

    def test_removing_keeps_the_bytes_and_the_row(self, member, operator, settings):
        made = build.photo(member)
        services.remove_file(attachment=made, reason=REASON, by=operator)
        assert len(kept_files(settings)) == 2
        assert (Attachment.objects.count(), Attachment.objects.present().count()) == (1, 0)

    def test_removing_needs_a_reason_and_happens_once(self, member, operator):
        made = build.photo(member)
        with pytest.raises(ValidationError) as refused:
            services.remove_file(attachment=made, reason="  kabur  ", by=operator)
        assert refused.value.message_dict == {"reason": ["Tulis alasannya, paling sedikit 10 huruf."]}
        services.remove_file(attachment=made, reason=REASON, by=operator)
        with pytest.raises(ValidationError, match="Berkas ini sudah dihapus"):
            services.remove_file(attachment=made, reason=REASON, by=operator)

    def test_the_same_file_is_on_a_record_once_and_again_after_its_removal(self, member, operator):
        content = read(picture())
        (first,) = services.add_files(record=member, contents=[content, content], by=operator)
        assert services.add_files(record=member, contents=[content], by=operator) == []
        services.remove_file(attachment=first, reason=REASON, by=operator)
        assert len(services.add_files(record=member, contents=[content], by=operator)) == 1

    def test_the_database_itself_refuses_a_double(self, member):
        made = build.photo(member)
        made.pk, made.uuid = None, uuid4()
        with pytest.raises(IntegrityError), transaction.atomic():
            made.save()

    def test_a_record_carries_at_most_twenty(self, member, operator):
        for _ in range(19):
            build.photo(member)
        two = [read(picture(color="red")), read(picture(color="blue"))]
        with pytest.raises(ValidationError) as refused:
            services.add_files(record=member, contents=two, by=operator)
        assert refused.value.messages == [
            "Satu catatan memuat paling banyak 20 foto dan berkas; di sini sudah ada 19. Kirim paling banyak 1 lagi."
        ]
        assert len(services.add_files(record=member, contents=two[:1], by=operator)) == 1
        with pytest.raises(ValidationError, match="Hapus yang tidak perlu, lalu kirim lagi"):
            services.add_files(record=member, contents=two[1:], by=operator)

    def test_a_village_has_its_room_and_another_its_own(self, member, elsewhere, operator, settings):
        settings.FILES_PER_VILLAGE_MB = 1
        big = contents.Content("surat.pdf", is_picture=False, main=PDF + b"\0" * 700_000)
        (first,) = services.add_files(record=member, contents=[big], by=operator)
        services.remove_file(attachment=first, reason=REASON, by=operator)  # its bytes are still there
        with pytest.raises(ValidationError) as refused:
            services.add_files(record=member.group, contents=[big], by=operator)
        assert refused.value.messages == [
            "Ruang untuk foto dan berkas desa ini tidak cukup: terpakai 0,7 MB dari 1 MB, "
            "sedangkan kiriman ini 0,7 MB. Minta kabupaten menambah ruangnya."
        ]
        assert len(services.add_files(record=build.group(elsewhere), contents=[big], by=operator)) == 1

    def test_a_full_disk_is_told_and_leaves_neither_row_nor_bytes(self, member, operator, settings, monkeypatch):
        write, written = storage._write, []

        def until_full(path, content):
            if len(written) == 3:
                raise OSError(errno.ENOSPC, "No space left on device")
            written.append(path)
            write(path, content)

        monkeypatch.setattr(storage, "_write", until_full)
        two = [read(picture(color="red")), read(picture(color="blue"))]
        with pytest.raises(ValidationError, match="Ruang simpan di server penuh, jadi tidak ada yang tersimpan"):
            services.add_files(record=member, contents=two, by=operator)
        assert (kept_files(settings), Attachment.objects.count(), Change.objects.count()) == ([], 0, 0)

    def test_another_fault_of_the_disk_stays_loud(self, member, operator, settings, monkeypatch):
        monkeypatch.setattr(storage, "_write", lambda path, content: (_ for _ in ()).throw(PermissionError(13, "no")))
        with pytest.raises(PermissionError):
            services.add_files(record=member, contents=[read(picture())], by=operator)

    def test_a_record_of_another_kind_carries_nothing(self, pandulangan, operator):
        with pytest.raises(KeyError):
            services.add_files(record=pandulangan, contents=[read(picture())], by=operator)


def test_who_carries_files_and_what_adds_them():
    money = {
        "loans.loan",
        "loans.opening",
        "loans.openingline",
        "loans.receipt",
        "loans.surplusdistribution",
        "loans.voucher",
    }
    by_action = {action: set() for action in Action}
    for label, one in carriers().items():
        by_action[one.files_with].add(label)
    assert by_action[Action.RECORD_MONEY] == money
    assert by_action[Action.APPROVE_LOANS] == {"loans.shiftdecision"}
    assert by_action[Action.ENTRUST_SHEETS] == {"loans.entrustedsheet"}
    assert {action for action, labels in by_action.items() if labels} == {
        Action.RECORD_MONEY, Action.APPROVE_LOANS, Action.EDIT_REGISTRY, Action.ENTRUST_SHEETS,
    }  # fmt: skip
    assert {"villages.group", "villages.member", "enterprises.enterprise"} <= set(carriers())


@pytest.mark.parametrize("label", sorted(carriers()))
def test_every_carrier_has_a_page_of_its_own(label):
    assert hasattr(carriers()[label], "get_absolute_url")


def add_url(record) -> str:
    return reverse("file-add", args=[place_of(record)])


def upload(*datas: bytes, name: str = "x.jpg") -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(name, data, content_type="image/jpeg") for data in datas]


class TestPages:
    def test_an_operator_adds_photos_and_sees_them_on_the_page(self, member, operator, as_user):
        client = as_user(operator)
        form = client.get(add_url(member)).content.decode()
        assert 'enctype="multipart/form-data"' in form
        assert 'type="file" name="files" accept="image/jpeg,image/png,image/webp,application/pdf"' in form
        assert " multiple" in form
        sent = {"files": upload(picture(color="red"), PDF), "title": "Pertemuan September"}
        answer = client.post(add_url(member), sent, follow=True)
        assert answer.redirect_chain == [(member.get_absolute_url(), 302)]
        page = answer.content.decode()
        assert "2 foto atau berkas tersimpan." in page
        assert page.count("Pertemuan September") >= 2
        photo = Attachment.objects.get(kind="photo")
        assert f'<img src="/berkas/{photo.uuid}/kecil/" width="320" height="240" alt="" loading="lazy"' not in page
        assert f'<img src="/berkas/{photo.uuid}/kecil/" width="40" height="30" alt="" loading="lazy"' in page

    def test_good_ones_are_kept_and_each_bad_one_is_named(self, member, operator, as_user):
        sent = {"files": [*upload(picture()), *upload(b"<svg/>", name="logo.svg")]}
        page = as_user(operator).post(add_url(member), sent, follow=True).content.decode()
        assert "1 foto atau berkas tersimpan." in page
        assert f"logo.svg: bukan foto atau PDF. {ACCEPTED}" in page

    def test_only_bad_ones_leave_the_form_with_a_sentence_each(self, member, operator, as_user, settings):
        sent = {"files": [*upload(b"<svg/>", name="logo.svg"), *upload(b"", name="kosong.jpg")]}
        answer = as_user(operator).post(add_url(member), sent)
        assert answer.status_code == 200
        assert answer.context["form"].errors["files"] == [
            f"logo.svg: bukan foto atau PDF. {ACCEPTED}",
            "kosong.jpg: kosong. Pilih berkas yang lain.",
        ]
        assert kept_files(settings) == []

    @pytest.mark.parametrize(
        ("count", "sentence"),
        [(0, "Foto atau berkas belum diisi."), (11, "Terlalu banyak: 11 berkas. Kirim paling banyak 10 sekali.")],
    )
    def test_none_and_too_many_are_refused(self, count, sentence, member, operator, as_user):
        answer = as_user(operator).post(add_url(member), {"files": upload(*[picture()] * count)})
        assert answer.context["form"].errors["files"] == [sentence]

    def test_sent_twice_is_kept_once(self, member, operator, as_user):
        client = as_user(operator)
        for _ in range(2):
            answer = client.post(add_url(member), {"files": upload(picture())}, follow=True)
        assert "1 berkas sama dengan yang sudah ada, jadi tidak ditambahkan lagi." in answer.content.decode()
        assert Attachment.objects.count() == 1

    def test_a_full_record_says_so_beside_the_form(self, member, operator, as_user):
        for _ in range(20):
            build.photo(member)
        answer = as_user(operator).post(add_url(member), {"files": upload(picture(color="red"))})
        assert "di sini sudah ada 20" in answer.context["form"].errors["__all__"][0]

    @pytest.mark.parametrize(
        "place", ["accounts.user-1", "villages.village-1", "x", "villages.member-", "villages.member-٣", "-1",
                  "villages.member-99999999999999999999999", "villages.member--1"],
    )  # fmt: skip
    def test_a_place_that_carries_nothing_does_not_exist(self, place, member, regency_admin, as_user):
        url = reverse("file-add", args=[place])
        client = as_user(regency_admin)
        assert (client.get(url).status_code, client.post(url, {"files": upload(picture())}).status_code) == (404, 404)

    def test_removing_asks_why_and_hides_the_file(self, member, operator, as_user):
        made, client = build.photo(member, title="Rapat lama"), as_user(operator)
        url = reverse("file-remove", args=[made.uuid])
        assert "Hapus Rapat lama" in client.get(url).content.decode()
        assert client.post(url, {"reason": "kabur"}).context["form"].errors["reason"] == [
            "Tulis alasannya, paling sedikit 10 huruf."
        ]
        answer = client.post(url, {"reason": REASON}, follow=True)
        assert answer.redirect_chain == [(member.get_absolute_url(), 302)]
        assert "Rapat lama dihapus." in answer.content.decode()
        assert "Belum ada foto atau berkas." in answer.content.decode()
        gone = [reverse(name, args=[made.uuid]) for name in ("file", "file-small", "file-remove")]
        assert [client.get(one).status_code for one in gone] == [404, 404, 404]

    def test_who_may_not_add_sees_no_button_to_do_so(self, member, staff, district_officer, as_user):
        build.photo(member)
        assert "Tambah foto" in as_user(staff).get(member.get_absolute_url()).content.decode()
        page = as_user(district_officer).get(member.get_absolute_url()).content.decode()
        assert "Foto &amp; berkas" in page
        assert ("Tambah foto" in page, "/hapus/" in page) == (False, False)

    def test_the_province_sees_the_group_and_no_photos_of_it(self, group, province_reader, as_user):
        made = build.photo(group)
        client = as_user(province_reader)
        assert "berkas" not in client.get(group.get_absolute_url()).content.decode()
        assert client.get(made.get_absolute_url()).status_code == 403

    def test_a_page_costs_the_same_queries_for_one_photo_and_for_nine(self, member, operator, as_user):
        client, counts = as_user(operator), []
        for photos in (1, 8):
            for _ in range(photos):
                build.photo(member, by=operator)
            with CaptureQueriesContext(connection) as queries:
                client.get(member.get_absolute_url())
            counts.append(len(queries))
        assert counts[0] == counts[1]

    @pytest.mark.parametrize("made", ["loan", "receipt", "enterprise"])
    def test_other_records_show_their_files_too(self, made, member, operator, as_user):
        loan = build.loan(member)
        rows = {"loan": loan, "receipt": build.payment(loan, 115_000, loan.disbursed_on)}
        record = rows.get(made) or build.enterprise(member)
        build.photo(record, title="Bukti asli")
        page = as_user(operator).get(record.get_absolute_url()).content.decode()
        assert ("Bukti asli" in page, add_url(record) in page) == (True, True)


def fetched(client, url: str):
    answer = client.get(url)
    return answer, b"".join(answer)


class TestHandingOut:
    def test_a_photo_is_saved_never_shown_and_never_kept_on_the_way(self, member, operator, as_user):
        made = build.photo(member, 'nota "toko".png')
        answer, body = fetched(as_user(operator), made.get_absolute_url())
        assert body == storage.path_of(made.uuid).read_bytes()
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["Content-Disposition"] == 'attachment; filename="nota toko.jpg"'
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "private, no-store"

    def test_the_small_one_is_shown_and_kept_nowhere_either(self, member, operator, as_user):
        made = build.photo(member, content=picture())
        answer, body = fetched(as_user(operator), reverse("file-small", args=[made.uuid]))
        assert opened(body).size == (40, 30)
        assert answer["Content-Disposition"].startswith("inline")
        assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/jpeg", "private, no-store")
        assert answer["X-Content-Type-Options"] == "nosniff"

    def test_a_pdf_is_saved_under_its_own_ending_and_has_no_small_one(self, member, operator, as_user):
        made = build.photo(member, "halaman.html", content=PDF)
        client = as_user(operator)
        answer, body = fetched(client, made.get_absolute_url())
        assert (body, answer["Content-Type"]) == (PDF, "application/pdf")
        assert answer["Content-Disposition"] == 'attachment; filename="halaman.pdf"'
        assert client.get(reverse("file-small", args=[made.uuid])).status_code == 404

    def test_bytes_that_are_missing_are_not_found_and_stand_in_the_log(self, member, operator, as_user, caplog):
        made = build.photo(member)
        storage.drop(made.uuid)
        assert as_user(operator).get(made.get_absolute_url()).status_code == 404
        assert caplog.messages == [f"The bytes of file {made.uuid} are missing."]

    def test_no_address_leads_into_the_folder_itself(self, member, operator, as_user):
        made, client = build.photo(member), as_user(operator)
        path = f"{made.uuid.hex[:2]}/{made.uuid.hex}"
        for url in (f"/media/{path}", f"/{path}", f"/static/{path}", f"/static/../media/{path}", "/media/", "/berkas/"):
            assert client.get(url).status_code == 404

    @pytest.mark.parametrize("guess", ["1", "../../etc/passwd", "00000000-0000-0000-0000-000000000000", "%2e%2e%2f"])
    def test_a_guess_finds_nothing(self, guess, member, operator, as_user):
        build.photo(member)
        assert as_user(operator).get(f"/berkas/{guess}/").status_code == 404


class TestWhoGetsIt:
    def urls(self, made) -> list[str]:
        return [reverse(name, args=[made.uuid]) for name in ("file", "file-small", "file-remove")]

    def statuses(self, client, made) -> list[int]:
        return [fetched(client, url)[0].status_code for url in self.urls(made)]

    def test_a_foreign_file_does_not_exist(self, elsewhere, operator, as_user):
        made = build.photo(build.member(build.group(elsewhere)))
        assert self.statuses(as_user(operator), made) == [404, 404, 404]

    def test_a_stranger_is_sent_to_the_login(self, member, client):
        made = build.photo(member)
        assert self.statuses(client, made) == [302, 302, 302]

    def test_who_records_no_money_adds_no_photo_to_a_loan_and_removes_none(self, member, staff, as_user):
        loan = build.loan(member)
        made, client = build.photo(loan), as_user(staff)
        assert self.statuses(client, made) == [200, 200, 403]
        assert client.get(add_url(loan)).status_code == 403
        assert client.post(add_url(loan), {"files": upload(picture(color="red"))}).status_code == 403
        assert client.post(self.urls(made)[2], {"reason": REASON}).status_code == 403
        assert Attachment.objects.present().count() == 1

    def test_a_foreign_record_gets_no_file(self, elsewhere, operator, as_user, settings):
        foreign = build.member(build.group(elsewhere))
        answer = as_user(operator).post(add_url(foreign), {"files": upload(picture())})
        assert (answer.status_code, kept_files(settings)) == (404, [])

    def test_the_kecamatan_adds_only_where_it_assists(self, member, district_officer, as_user):
        made, client = build.photo(member), as_user(district_officer)
        assert self.statuses(client, made) == [200, 200, 404]
        type(member.village).objects.update(is_assisted=True)
        assert self.statuses(client, made) == [200, 200, 200]
        client.post(add_url(member), {"files": upload(picture(color="red"))})
        assert Attachment.objects.count() == 2

    def test_a_file_goes_with_its_record_to_another_village(self, member, elsewhere, operator, as_user, client):
        made = build.photo(member)
        assert self.statuses(as_user(operator), made) == [200, 200, 200]
        type(member).objects.filter(pk=member.pk).update(village=elsewhere, group=build.group(elsewhere))
        assert self.statuses(as_user(operator), made) == [404, 404, 404]
        assert self.statuses(as_user(build.user(Role.OPERATOR, elsewhere.code)), made) == [200, 200, 200]

    def test_a_closed_assignment_counts_at_the_next_picture(self, member, operator, as_user):
        made, client = build.photo(member), as_user(operator)
        assert self.statuses(client, made) == [200, 200, 200]
        operator.assignments.update(ends_on="2026-09-29")
        assert self.statuses(client, made) == [403, 403, 403]

    def test_the_set_asks_the_records(self, member, elsewhere):
        own, foreign = build.photo(member), build.photo(build.group(elsewhere))
        sees = Attachment.objects.visible_to
        assert set(sees(Access(Role.OPERATOR, frozenset({build.PANDULANGAN})))) == {own}
        assert set(sees(Access(Role.STAFF, frozenset({"63.08"})))) == {own, foreign}
        assert set(sees(Access(Role.PROVINCE, frozenset({"63"})))) == set()
        assert set(sees(NOBODY)) == set()
        money = Attachment.objects.open_to(Access(Role.STAFF, frozenset({"63.08"})), Action.RECORD_MONEY)
        assert set(money) == set()


class TestSize:
    @pytest.mark.parametrize("megabytes", [65, 300])
    def test_a_request_that_is_too_large_is_refused_before_it_is_read(self, megabytes, member, operator, as_user):
        class Unread(BytesIO):
            def read(self, *args):
                raise AssertionError("It was read.")

        answer = as_user(operator).generic(
            "POST", add_url(member), content_type="multipart/form-data; boundary=x",
            CONTENT_LENGTH=str(megabytes * contents.MEGABYTE), **{"wsgi.input": Unread()},
        )  # fmt: skip
        assert answer.status_code == 413
        assert "Sekali kirim paling banyak 64 MB, jadi tidak ada yang disimpan." in answer.content.decode()

    def test_a_stranger_sends_less(self, client, db):
        size = str(body_limit.MAX_BODY_OF_STRANGERS + 1)
        assert client.post("/masuk/", CONTENT_LENGTH=size).status_code == 413

    def test_an_unreadable_length_is_no_length(self, operator, as_user):
        assert as_user(operator).get("/", CONTENT_LENGTH="-5x").status_code == 200

    def test_what_comes_in_goes_to_the_disk_and_not_into_memory(self, settings):
        assert settings.FILE_UPLOAD_HANDLERS == ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

    def test_a_hundred_and_one_files_at_once_are_refused_while_they_come(self, member, operator, as_user):
        answer = as_user(operator).post(add_url(member), {"files": upload(*[b"x"] * 101)})
        assert answer.status_code == 400


def test_the_folder_lies_outside_what_is_served(settings):
    from up2k_portal import settings as real

    media = real.BASE_DIR / "media"
    assert all(not media.is_relative_to(folder) for folder in (real.STATIC_ROOT, *real.STATICFILES_DIRS))
    assert "/media/" in (real.BASE_DIR / ".gitignore").read_text("utf-8").split()


class TestAdmin:
    LIST = "/admin/accounts/attachment/"

    def test_it_shows_the_own_also_what_was_removed_and_why(self, member, elsewhere, district_officer, as_user):
        made = build.photo(member, title="Rapat", by=district_officer)
        build.photo(build.group(elsewhere), title="Rapat lain")
        services.remove_file(attachment=made, reason=REASON, by=district_officer)
        client = as_user(district_officer)
        page = client.get(self.LIST).content.decode()
        assert ("Rapat" in page, "Rapat lain" in page) == (True, False)
        record = client.get(f"{self.LIST}{made.pk}/change/").content.decode()
        assert (REASON in record, "Salamah" in record, made.sha256 in record) == (True, True, True)

    def test_it_is_narrowed_by_the_kind_of_record(self, member, staff, as_user):
        build.photo(member, title="Foto anggota")
        build.photo(member.group, title="Foto kelompok")
        page = as_user(staff).get(self.LIST, {"catatan": "villages.group"}).content.decode()
        assert ("Foto kelompok" in page, "Foto anggota" in page) == (True, False)

    def test_the_list_costs_the_same_for_one_file_and_for_nine(self, member, staff, as_user):
        client, counts = as_user(staff), []
        for photos in (1, 8):
            for _ in range(photos):
                build.photo(member, by=staff)
            with CaptureQueriesContext(connection) as queries:
                client.get(self.LIST)
            counts.append(len(queries))
        assert counts[0] == counts[1]

    def test_its_way_to_the_portal_leads_to_the_record(self, member, staff, as_user):
        made = build.photo(member)
        page = as_user(staff).get(f"{self.LIST}{made.pk}/change/").content.decode()
        assert f'href="{member.get_absolute_url()}"' in page

    def test_nothing_is_added_or_changed_there(self, member, regency_admin, as_user):
        made, client = build.photo(member), as_user(regency_admin)
        assert client.get(f"{self.LIST}add/").status_code == 403
        assert client.post(f"{self.LIST}{made.pk}/change/", {"title": "lain"}).status_code == 403
