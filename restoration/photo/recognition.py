"""Which decoder a file is for, by its content, and the limits that its header is checked against."""

import importlib
import io
import re
from typing import Any

from PIL import Image

from restoration.photo import tiff
from restoration.photo.errors import PhotoError, damaged
from restoration.photo.formats import DECODERS, NAMES, READABLE

LARGEST_SIDE = 65_535  # pixels; beyond it no writable format can hold the result

_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
_HEIC_READERS = ("pillow_heif", "pi_heif")  # the same code; pi_heif only decodes and has the freer licence


def recognize(data: bytes, max_megapixels: float) -> Any:
    """Open the header of a file with the one decoder that accepts its content: a `PIL.Image.Image`.

    Raises
    ------
    PhotoError
        If none does, or the header is damaged or states more pixels than Pillow takes.
    """
    if not data:
        raise PhotoError("This file is empty (0 bytes). Choose a photograph.")
    if data[4:8] == b"ftyp" and _is_heic(data):
        factory = _heic_factory()
        return _with_decoder(factory, data, "HEIC", max_megapixels)
    Image.init()
    for name in DECODERS:
        if name not in Image.OPEN:  # AVIF is optional when Pillow is built
            continue
        factory, accepts = Image.OPEN[name]
        assert accepts is not None  # each of these decoders says what it takes
        # The decoder is called directly: Image.open would first compare the size with a limit of its own,
        # which is global and sometimes only warns.
        if accepts(data[:16]) is True:
            return _with_decoder(factory, data, name, max_megapixels)
    raise PhotoError(f"This file is not a photograph that can be read; supported are {READABLE}.")


def _with_decoder(factory, data, name, max_megapixels):
    try:
        return factory(io.BytesIO(data), "")
    except Image.DecompressionBombError as error:
        # Some decoders compare with Pillow's own limit and say "Image size (N pixels) exceeds ...".
        (pixels,) = re.findall(r"\((\d+) pixels\)", str(error))
        raise _too_many_megapixels(int(pixels) / 1e6, max_megapixels) from error
    except Exception as error:
        unknown = tiff.unsupported(data, error) if name == "TIFF" else None
        raise (unknown or damaged(NAMES.get(name, name))) from error


def _is_heic(data):
    size = min(int.from_bytes(data[:4], "big"), 256)
    brands = {data[8:12]} | {data[at : at + 4] for at in range(16, size, 4)}
    return not brands & {b"avif", b"avis"} and bool(brands & (_HEIC_BRANDS | {b"mif1", b"msf1"}))


def _heic_factory():
    for name in _HEIC_READERS:
        try:
            importlib.import_module(name).register_heif_opener(thumbnails=False)
        except ImportError:
            continue
        return Image.OPEN["HEIF"][0]
    raise PhotoError(
        "This is a HEIC file, which needs one more package: run `pip install pillow-heif`, or save the photo as JPEG."
    )


def check_size(width: int, height: int, max_megapixels: float) -> None:
    """Raise PhotoError for a size of no pixels, or of too many."""
    if width * height > max_megapixels * 1e6:
        raise _too_many_megapixels(width * height / 1e6, max_megapixels)
    if max(width, height) > LARGEST_SIDE:
        raise PhotoError(
            f"This file is {width} x {height} pixels; the limit is {LARGEST_SIDE} on each side. Crop or reduce it."
        )
    if min(width, height) < 1:
        raise PhotoError(f"This file is {width} x {height} pixels: there is nothing to show. Choose another.")


def _too_many_megapixels(megapixels, limit):
    return PhotoError(
        f"This file is {_short(megapixels)} megapixels; the limit is {_short(limit)}."
        " Reduce it, or raise the limit (under More, --max-megapixels or max_megapixels)."
    )


def _short(megapixels):
    return f"{megapixels:.0f}" if megapixels >= 100 or megapixels == int(megapixels) else f"{megapixels:.1f}"
