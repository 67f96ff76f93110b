"""The segments of a JPEG file: how its pixels are coded, and whether all of them are there.

libjpeg fills what is missing with one colour and only warns, which Pillow does not hand on.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import simplejpeg
from PIL import Image, JpegImagePlugin

from restoration.photo.errors import PhotoError, damaged

COMMENT, APPLICATION = 0xFE, range(0xE0, 0xF0)  # markers of segments that describe the picture
_END = b"\xff\xd9"
_MARKER = re.compile(rb"\xff([^\x00\xd0-\xd7\xff])", re.DOTALL)  # neither stuffed, nor a restart, nor filling
_RESTART = re.compile(rb"\xff([\xd0-\xd7])")
_NO_LENGTH = {0x01, 0xD8}
_START_OF_SCAN, _END_OF_IMAGE = 0xDA, 0xD9
_PROGRESSIVE = {0xC2, 0xCA}
_FRAMES = {*range(0xC0, 0xD0), 0xF7} - {0xC4, 0xC8, 0xCC}  # the others in this range are tables
_UNSUPPORTED = {
    **dict.fromkeys((0xC3, 0xCB), "lossless"),
    **dict.fromkeys((0xC5, 0xC6, 0xC7, 0xCD, 0xCE, 0xCF), "hierarchical"),
    0xF7: "JPEG-LS",
}
# Encoders write 10 to 20 scans, hundreds of segments at most, 64 kB each, and nothing between them. A scan of 40 bytes
# can take a fifteenth of a second at 25 megapixels.
_MOST_SCANS, _MOST_SEGMENTS, _MOST_FILLING = 64, 5_000, 100_000
_REDUCED = 8  # missing pixels are looked for in a picture reduced by this, missing detail is not
# How libjpeg's warnings begin that concern pixels.
_STUMBLES = ("Corrupt JPEG data", "Premature end", "Inconsistent progression")
_NOISE = bytes(np.random.default_rng(0).integers(1, 255, 4096, np.uint8))


@dataclass(frozen=True)
class JpegLayout:
    """What the markers of a JPEG file say.

    Attributes
    ----------
    frame : int or None
        The marker of the frame, which names the coding.
    bits : int
        Of a sample.
    scans : int
    end : int
        Where the last scan ends, in bytes.
    closed : bool
        A marker says that the picture ends there.
    """

    frame: int | None
    bits: int
    scans: int
    end: int
    closed: bool

    @property
    def progressive(self) -> bool:
        """Each scan adds detail to the whole picture."""
        return self.frame in _PROGRESSIVE


def layout(data: bytes) -> JpegLayout:
    """Walk through the markers of a JPEG file up to the end of its first picture.

    Raises
    ------
    PhotoError
        It has more scans, segments or bytes between them than a photograph: they take their time to read.
    """
    frame, bits, scans, place, marker = None, 8, 0, 2, 0
    segments = filling = 0
    while found := _MARKER.search(data, place):
        segments += 1
        filling += 0 if marker == _START_OF_SCAN else found.start() - place
        if scans > _MOST_SCANS or segments > _MOST_SEGMENTS or filling > _MOST_FILLING:
            raise damaged("JPEG")
        marker, place = found[1][0], found.end()
        if marker == _END_OF_IMAGE:
            return JpegLayout(frame, bits, scans, found.start(), True)
        if marker in _NO_LENGTH:
            continue
        if marker in _FRAMES and frame is None and place + 2 < len(data):
            frame, bits = marker, data[place + 2]
        scans += marker == _START_OF_SCAN
        place += int.from_bytes(data[place : place + 2], "big")
    return JpegLayout(frame, bits, scans, len(data.rstrip(b"\xff")), False)


def segments(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Walk through what stands before the pixels of a JPEG file that `layout` has passed.

    Yields
    ------
    marker : int
    segment : bytes
        All of it, with whatever fills the space before it.
    content : bytes
        Behind its marker and its length.
    """
    place = 2
    while (found := _MARKER.search(data, place)) and found[1][0] != _START_OF_SCAN:
        start = found.end()
        end = start if found[1][0] in _NO_LENGTH else start + int.from_bytes(data[start : start + 2], "big")
        yield found[1][0], data[place:end], data[start + 2 : end]
        place = end


def segment(marker: int, content: bytes) -> bytes:
    """Return a segment of at most 65 533 bytes."""
    return bytes([0xFF, marker]) + (2 + len(content)).to_bytes(2, "big") + content


def check_jpeg(data: bytes, found: JpegLayout) -> bytes:
    """Return a JPEG file with an end, whether it had one or not.

    Parameters
    ----------
    data : bytes
    found : JpegLayout

    Returns
    -------
    bytes

    Raises
    ------
    PhotoError
        Its coding is not supported, or it is cut off before its pixels.
    """
    coding = _UNSUPPORTED.get(found.frame or 0) or (f"{found.bits}-bit" if found.bits != 8 else None)
    if coding:
        raise PhotoError(f"This JPEG file is {coding}, which is not supported. Save it as a JPEG of 8 bits, or as PNG.")
    if not found.scans:
        raise damaged("JPEG")
    return data if found.closed else data[: found.end] + _END


def missing_part(data: bytes, found: JpegLayout, image: Image.Image) -> str | None:
    """Say what of a JPEG file is missing.

    Where pixels are missing, the decoder would take whatever follows for them: it is decoded with nothing behind it,
    and with noise. That is done only where the picture may have such a part.

    Parameters
    ----------
    data : bytes
        As `check_jpeg` returns it.
    found : JpegLayout
    image : PIL.Image.Image
        Decoded.

    Returns
    -------
    str or None
        A sentence, or None where every pixel is there.

    Raises
    ------
    PhotoError
        No pixel is there.
    """
    if found.closed and not _ends_flat(image):
        return None
    factor = 1 if found.progressive else _REDUCED
    first, second = (_reduced(data[: found.end] + behind + _END, factor) for behind in (b"", _noise(data[: found.end])))
    differ = (first != second).reshape(len(first), -1).any(axis=1)
    if not differ.any():
        return None if found.closed else "The end mark of this JPEG file is missing; every pixel is there."
    share = 1 - int(differ.argmax()) / len(differ)
    if found.progressive and found.scans > 1:
        return "The end of this JPEG file is missing, and with it some detail."
    if share == 1:
        raise damaged("JPEG")
    return f"The last {max(round(100 * share), 1)} % of this JPEG file is missing; one colour stands in for it."


def suspected_damage(data: bytes, image: Image.Image) -> str | None:
    """Say whether the decoder stumbles over the data of a JPEG file: Pillow does not hand on what libjpeg warns of.

    The file is decoded once more, to an eighth of its size. Data that is wrong and yet valid is not noticed.

    Parameters
    ----------
    data : bytes
        As `check_jpeg` returns it.
    image : PIL.Image.Image
        Decoded.

    Returns
    -------
    str or None
        A sentence, or None where nothing was noticed.
    """
    colors = "CMYK" if image.mode == "CMYK" else "GRAY"
    try:
        simplejpeg.decode_jpeg(data, colors, fastdct=True, min_height=1, min_width=1, min_factor=_REDUCED)
    except ValueError as error:
        if str(error).startswith(_STUMBLES):
            return "The data of this JPEG file is damaged in places: parts of the picture may be wrong."
    return None


def _noise(scan):
    """Return noise, and some behind each of the restarts that may come next."""
    before = _RESTART.findall(scan)
    first = before[-1][0] - 0xD0 + 1 if before else 0
    return _NOISE + b"".join(bytes([0xFF, 0xD0 + (first + number) % 8]) + _NOISE for number in range(8))


def _ends_flat(image):
    last = image.crop((max(0, image.width - 8), max(0, image.height - 8), image.width, image.height))
    return all(low == high for low, high in np.atleast_2d(last.getextrema()))


def _reduced(data, factor):
    image = JpegImagePlugin.JpegImageFile(io.BytesIO(data))
    image.draft(None, (max(1, image.width // factor), max(1, image.height // factor)))
    return np.asarray(image)
