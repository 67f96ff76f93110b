"""The chunks of a PNG file, and what must hold of them before it is decoded."""

import struct
import zlib
from collections.abc import Iterator

from restoration.photo.errors import PhotoError

PNG_START = b"\x89PNG\r\n\x1a\n"
XMP_KEY = b"XML:com.adobe.xmp"  # the keyword of a text
MOST_CHUNKS = 200_000
_DEPTH, _COLOUR, _INTERLACE = 24, 25, 28  # where IHDR says them
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
# First column and row, and steps, of the passes of an interlaced picture (PNG 3, 8.1).
_ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_AT_ONCE = 1 << 20  # bytes unpacked


def png_chunks(data: bytes) -> Iterator[tuple[bytes, slice, bool]]:
    """Walk through the chunks of a PNG file.

    Parameters
    ----------
    data : bytes

    Yields
    ------
    kind : bytes
    place : slice
        Of the whole chunk in the file.
    intact : bool
        The checksum is right.
    """
    view, position = memoryview(data), len(PNG_START)
    for _ in range(MOST_CHUNKS):
        if position + 12 > len(data):
            return
        length, kind = struct.unpack_from(">I4s", data, position)
        end = position + 8 + length
        if end + 4 > len(data):
            return
        checksum = zlib.crc32(view[position + 4 : end])
        yield kind, slice(position, end + 4), checksum == struct.unpack_from(">I", data, end)[0]
        position = end + 4


def png_texts(data: bytes) -> set[bytes]:
    """Name the texts of a PNG file.

    Parameters
    ----------
    data : bytes

    Returns
    -------
    set of bytes
        The keywords.
    """
    places = (place for kind, place, _ in png_chunks(data) if kind in (b"tEXt", b"zTXt", b"iTXt"))
    return {data[place][8:].split(b"\0")[0] for place in places}


def raw_profile(text: object) -> bytes | None:
    """Decode a metadata block that ImageMagick and others store as text: its name, its length and hexadecimal digits.

    Parameters
    ----------
    text : str or any other object
        The content of a chunk whose keyword begins with "Raw profile type".

    Returns
    -------
    bytes or None
        None where it is no such text.
    """
    try:
        _, length, digits = str(text).strip().split("\n", 2)
        return bytes.fromhex(digits)[: int(length)] or None
    except ValueError:
        return None


def check_png(data: bytes) -> None:
    """Refuse a PNG with a wrong checksum on anything the picture is made of, or without an end.

    Pillow shows such a file, with whatever its damaged part decodes to.

    Parameters
    ----------
    data : bytes

    Raises
    ------
    PhotoError
    """
    for kind, _, intact in png_chunks(data):
        critical = not kind[0] & 0x20  # PNG 1.2, 3.3: an upper-case first letter
        if critical and not intact:
            raise PhotoError("This PNG file is damaged: a checksum is wrong. Use another copy.")
        if kind == b"IEND":
            if _is_leniently_decoded(data) and not _pixels_are_whole(data):
                raise PhotoError("This PNG file is cut off: some of its pixels are missing. Use another copy.")
            return
    raise PhotoError("This PNG file is cut off: its end is missing. Use another copy.")


def _is_leniently_decoded(data):
    """Tell whether missing pixels are filled up without a word: by Pillow if interlaced, by OpenCV in 16 bits."""
    return data[_INTERLACE] == 1 or data[_DEPTH] == 16


def _pixels_are_whole(data):
    width, height = struct.unpack_from(">II", data, 16)
    bits = data[_DEPTH] * _CHANNELS.get(data[_COLOUR], 1)
    passes = _ADAM7 if data[_INTERLACE] == 1 else ((0, 0, 1, 1),)
    expected = 0
    for left, top, across, down in passes:
        columns, rows = max(0, -((left - width) // across)), max(0, -((top - height) // down))
        expected += rows * (1 + (columns * bits + 7) // 8) if columns else 0
    decoder, there = zlib.decompressobj(), 0
    try:
        for kind, place, _ in png_chunks(data):
            waiting = data[place][8:-4] if kind == b"IDAT" else b""
            while waiting and there < expected:
                there += len(decoder.decompress(waiting, _AT_ONCE))
                waiting = decoder.unconsumed_tail
    except zlib.error:
        pass  # what was unpacked before the damage counts
    return there >= expected


def bare_png(data: bytes) -> bytes:
    """Return a PNG file without the chunks that do not concern its pixels."""
    kept = [data[place] for kind, place, _ in png_chunks(data) if not kind[0] & 0x20 or kind == b"tRNS"]
    return PNG_START + b"".join(kept)
