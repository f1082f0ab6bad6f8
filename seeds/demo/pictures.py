"""Four pictures for UP2K As Syifa, drawn here: the demo shows photos and carries nobody's face."""

from collections.abc import Callable
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from accounts.attachments.contents import read_file
from accounts.attachments.services import add_files
from accounts.models import User
from enterprises.models import Enterprise
from seeds.demo import as_syifa
from villages.models import Group

SIZE = WIDTH, HEIGHT = 960, 720
TOSCA, STRAW, PAPER, CREAM, INK, BROWN, MAROON = (
    "#0b5f5b", "#d9a441", "#fffdf6", "#f3e3bd", "#14211f", "#9a5b24", "#8f2d3f",
)  # fmt: skip


def hang_pictures() -> None:
    """One on the group and one on three of its poklak's enterprises, through the service as people do it."""
    operator = User.objects.get(username=as_syifa.VILLAGE)
    group = Group.objects.get(village__code=as_syifa.VILLAGE, name="UP2K As Syifa")
    _hang(group, _draw_sign, "Papan nama kelompok", operator)
    for poklak, draw, title in (
        ("Melati", _draw_embroidery, "Kain bordir pesanan"),
        ("Itik Alabio", _draw_eggs, "Telur itik siap jual"),
        ("Kue Kering", _draw_cookies, "Kue kering untuk lebaran"),
    ):
        _hang(Enterprise.objects.get(poklak__name=poklak, group=group), draw, title, operator)


def _hang(record: Group | Enterprise, draw: Callable[[ImageDraw.ImageDraw], None], title: str, by: User) -> None:
    image, stream = Image.new("RGB", SIZE, CREAM), BytesIO()
    draw(ImageDraw.Draw(image))
    image.save(stream, "PNG", compress_level=1)
    add_files(record=record, contents=[read_file(stream, f"{title}.png")], title=title, by=by)


def _draw_sign(pen: ImageDraw.ImageDraw) -> None:
    pen.rectangle((0, 520, WIDTH, HEIGHT), fill="#7fae8a")
    for left in (230, 690):
        pen.rectangle((left, 420, left + 40, 640), fill=BROWN)
    pen.rounded_rectangle((130, 130, 830, 460), 24, fill=TOSCA, outline=STRAW, width=12)
    pen.text((480, 240), "UP2K AS SYIFA", fill=PAPER, font=ImageFont.load_default(78), anchor="mm")
    pen.text(
        (480, 350), "Desa Pandulangan, Kec. Sungai Pandan", fill=STRAW, font=ImageFont.load_default(36), anchor="mm"
    )


def _draw_embroidery(pen: ImageDraw.ImageDraw) -> None:
    """Zigzag of the haruan's teeth, and a flower on each field."""
    pen.rectangle((0, 0, *SIZE), fill=MAROON)
    for top in range(40, HEIGHT, 160):
        points = [(x, top + 40 * (x // 40 % 2)) for x in range(0, WIDTH + 40, 40)]
        pen.line(points, fill=STRAW, width=10)
        for x in range(80, WIDTH, 160):
            for dx, dy in ((-20, 0), (20, 0), (0, -20), (0, 20)):
                pen.circle((x + dx, top + 92 + dy), 17, fill=PAPER)
            pen.circle((x, top + 92), 13, fill=STRAW)


def _draw_eggs(pen: ImageDraw.ImageDraw) -> None:
    for row in range(4):
        for x in range(70 + 55 * (row % 2), 840, 110):
            top = 130 + 95 * row
            pen.ellipse((x, top, x + 96, top + 126), fill="#bfe0dc", outline="#7ba9a4", width=3)
            pen.ellipse((x + 22, top + 22, x + 42, top + 50), fill=PAPER)
    pen.polygon(((40, 470), (920, 470), (820, 690), (140, 690)), fill=BROWN)
    for y in range(500, 690, 44):
        inset = (y - 470) * 5 // 11
        pen.line(((40 + inset, y), (920 - inset, y)), fill=STRAW, width=6)


def _draw_cookies(pen: ImageDraw.ImageDraw) -> None:
    pen.ellipse((90, 60, 870, 690), fill=PAPER, outline=TOSCA, width=14)
    for x, y in (
        (300, 250),
        (480, 200),
        (660, 250),
        (230, 390),
        (400, 370),
        (570, 370),
        (730, 390),
        (340, 520),
        (610, 520),
    ):
        pen.circle((x, y), 76, fill=STRAW, outline=BROWN, width=5)
        for dx, dy in ((-30, -18), (22, -30), (4, 12), (36, 24), (-28, 34)):
            pen.circle((x + dx, y + dy), 9, fill=INK)
