"""The chunks of a PNG file, and what must hold of them before it is decoded."""

import struct
import zlib
from collections.abc import Iterator

from restoration.photo.errors import PhotoError

PNG_START = b"\x89PNG\r\n\x1a\n"
MOST_CHUNKS = 200_000


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


def check_png(data: bytes) -> bool:
    """Refuse a PNG with a wrong checksum on anything the picture is made of, or without an end.

    Pillow shows such a file, with whatever its damaged part decodes to.

    Parameters
    ----------
    data : bytes

    Returns
    -------
    bool
        There is metadata behind the pixels.

    Raises
    ------
    PhotoError
    """
    pixels_seen = late_metadata = False
    for kind, _, intact in png_chunks(data):
        critical = not kind[0] & 0x20  # PNG 1.2, 3.3: an upper-case first letter
        if critical and not intact:
            raise PhotoError("This PNG file is damaged: a checksum is wrong. Use another copy.")
        if kind == b"IEND":
            return late_metadata
        pixels_seen |= kind == b"IDAT"
        late_metadata |= pixels_seen and not critical
    raise PhotoError("This PNG file is cut off: its end is missing. Use another copy.")
