"""What a file really is, whatever it calls itself: a picture is drawn anew, a PDF stays as it is, all else is refused.

A picture keeps nothing but its pixels: place, camera and colour profile, hidden text and whatever was hung on its end
are gone. Knows no model.
"""

import re
import struct
import unicodedata
import zlib
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import PurePath
from threading import Lock
from typing import IO

from django.core.exceptions import ValidationError
from PIL import ExifTags, Image

from up2k_portal.lib.money import format_number
from up2k_portal.lib.privacy import mask_number

MEGABYTE = 1024 * 1024
MAX_UPLOAD = 10 * MEGABYTE  # of a picture as it comes
MAX_PDF = 5 * MEGABYTE
MAX_PIXELS = 40_000_000  # a few bytes can say "a billion pixels": asked before one of them is drawn
LONGEST_SIDE, THUMBNAIL_SIDE = 1600, 320  # pixels
QUALITY, THUMBNAIL_QUALITY = 80, 72
MAX_NAME = 120
ACCEPTED = "Yang diterima: foto JPEG, PNG atau WebP, dan dokumen PDF."

_PICTURES = ("JPEG", "PNG", "WEBP")
_PDF = b"%PDF-"
_NOT_IN_NAMES = re.compile(r'[<>:"|?*]+')  # Windows cannot save them
_NIK = re.compile(r"(?<!\d)\d{16}(?!\d)")
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, struct.error, zlib.error)
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # by the Exif orientation
_one_picture_at_a_time = Lock()  # a large one takes hundreds of size_words while it is drawn


@dataclass(frozen=True)
class Content:
    """A file as it is kept. `thumbnail` is empty for a document."""

    name: str
    is_picture: bool
    main: bytes
    thumbnail: bytes = b""
    width: int | None = None
    height: int | None = None

    @property
    def sha256(self) -> str:
        return sha256(self.main).hexdigest()


def read_file(stream: IO[bytes], name: str) -> Content:
    """The file as it will be kept. Raises ValidationError, naming the file, for what is refused."""
    name = clean_name(name)
    start = stream.read(len(_PDF))
    size = stream.seek(0, 2)
    stream.seek(0)
    if not size:
        raise _refusal(name, "kosong", "Pilih berkas yang lain.")
    if start == _PDF:
        return _read_pdf(stream, name, size)
    if size > MAX_UPLOAD:
        raise _refusal(name, f"terlalu besar ({size_words(size)})", f"Paling banyak {size_words(MAX_UPLOAD)}.")
    return _read_picture(stream, name)


def clean_name(name: str) -> str:
    """The name as it may be shown and saved: no path, no control or direction marks, no whole NIK."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(letter for letter in last if letter.isspace() or unicodedata.category(letter)[0] != "C")
    name = " ".join(_NOT_IN_NAMES.sub(" ", seen).split()).strip(". ")
    name = _NIK.sub(lambda found: mask_number(found[0]), name)
    stem, end = PurePath(name).stem.rstrip(), PurePath(name).suffix[:10]
    return f"{stem[: MAX_NAME - len(end)]}{end}" or "berkas"


def size_words(size: int) -> str:
    """3,2 MB; 87 KB below a tenth of one."""
    if size < MEGABYTE // 10:
        return f"{-(-size // 1024)} KB"
    tenths = (size * 10 + MEGABYTE // 2) // MEGABYTE
    whole, tenth = divmod(tenths, 10)
    return f"{format_number(whole)},{tenth} MB" if tenth else f"{format_number(whole)} MB"


def _refusal(name: str, fault: str, remedy: str) -> ValidationError:
    return ValidationError(f"{name}: {fault}. {remedy}")


def _read_pdf(stream: IO[bytes], name: str, size: int) -> Content:
    if size > MAX_PDF:
        raise _refusal(name, f"terlalu besar ({size_words(size)})", f"PDF paling banyak {size_words(MAX_PDF)}.")
    return Content(name, is_picture=False, main=stream.read())


def _read_picture(stream: IO[bytes], name: str) -> Content:
    try:
        with _one_picture_at_a_time, Image.open(stream, formats=_PICTURES) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise Image.DecompressionBombError
            drawn = _draw(picture)
    except Image.UnidentifiedImageError:
        raise _refusal(name, "bukan foto atau PDF", ACCEPTED) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        limit = MAX_PIXELS // 1_000_000
        raise _refusal(name, "ukuran gambarnya terlalu besar", f"Paling banyak {limit} megapiksel.") from None
    except _BROKEN:
        raise _refusal(name, "fotonya rusak atau terpotong", "Ambil atau kirim sekali lagi.") from None
    small = drawn.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return Content(
        name,
        is_picture=True,
        main=_as_jpeg(drawn, QUALITY),
        thumbnail=_as_jpeg(small, THUMBNAIL_QUALITY),
        width=drawn.width,
        height=drawn.height,
    )


def _draw(picture: Image.Image) -> Image.Image:
    """The pixels alone, upright, on white, no side longer than 1600."""
    picture.draft(None, (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is read small at once
    if picture.mode.startswith("I"):
        picture = picture.point(lambda level: level / 256).convert("L")  # 16 bits a pixel: Pillow would cut, not scale
    if picture.mode in ("1", "P") or picture.has_transparency_data:
        picture = picture.convert("RGBA")
    turn = _UPRIGHT.get(picture.getexif().get(ExifTags.Base.Orientation, 1))
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    picture = picture if turn is None else picture.transpose(turn)
    paper = Image.new("RGB", picture.size, "white")
    if picture.mode in ("LA", "RGBA"):
        picture = picture.convert("RGBA")
        paper.paste(picture, mask=picture.getchannel("A"))
    else:
        paper.paste(picture.convert("RGB"))
    return paper


def _as_jpeg(picture: Image.Image, quality: int) -> bytes:
    stream = BytesIO()
    picture.save(stream, "JPEG", quality=quality)
    return stream.getvalue()
