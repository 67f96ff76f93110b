"""The properties of the main image of a HEIC or AVIF file (ISO/IEC 23008-12): colours and bits."""

import struct
from collections.abc import Iterator

_MOST_BOXES = 10_000


def main_properties(data: bytes) -> list[tuple[bytes, bytes]]:
    """Return (kind, content) of each property of the main image; of every image where the file does not tell which.

    Parameters
    ----------
    data : bytes

    Returns
    -------
    list of (bytes, bytes)
        Empty for a damaged file.
    """
    try:
        meta = dict(_boxes(dict(_boxes(data))[b"meta"][4:]))
        inside = dict(_boxes(meta[b"iprp"]))
        properties = list(_boxes(inside[b"ipco"]))
        wanted = _associated(inside[b"ipma"], _main_item(meta[b"pitm"]))
        return [properties[index - 1] for index in wanted if 0 < index <= len(properties)] or properties
    except (KeyError, IndexError, struct.error):
        return []


def one_association(data: bytes) -> bytes:
    """Return a file whose items' properties are told by one box (`ipma`) of each kind.

    Some encoders write a box for each item, which libavif takes for damage.

    Parameters
    ----------
    data : bytes

    Returns
    -------
    bytes
        Of the same length; the very same object where there is nothing to join.
    """
    try:
        meta, meta_end = _inside(data, b"meta", 0, len(data))
        start, end = _inside(data, b"iprp", meta + 4, meta_end)
        kept = b""
        told: dict[bytes, list[bytes]] = {}  # version and flags -> contents
        for kind, content in _boxes(data[start:end]):
            if kind == b"ipma":
                told.setdefault(content[:4], []).append(content)
            else:
                kept += _box(kind, content)
        if all(len(same) == 1 for same in told.values()):
            return data
        for head, same in told.items():
            entries = sorted(entry for content in same for entry in _entries(content))
            kept += _box(b"ipma", head + struct.pack(">I", len(entries)) + b"".join(entry for _, entry, _ in entries))
    except (KeyError, IndexError, struct.error):
        return data
    joined = _box(b"iprp", kept)
    return data[: start - 8] + joined + _box(b"free", bytes(end - start - len(joined))) + data[end:]


def code_points(properties: list[tuple[bytes, bytes]]) -> tuple[int, int] | None:
    """Return the code points (ITU-T H.273) of primaries and curve, or None."""
    for kind, content in properties:
        if kind == b"colr" and content[:4] == b"nclx" and len(content) >= 8:
            return struct.unpack_from(">HH", content, 4)
    return None


def bit_depth(properties: list[tuple[bytes, bytes]]) -> int:
    """Return the bits of a sample; 8 where the file does not say."""
    for kind, content in properties:
        if kind == b"pixi" and len(content) > 5 and content[4]:
            return max(content[5 : 5 + content[4]])
        if kind == b"av1C" and len(content) > 2 and content[2] & 0x40:
            return 12 if content[2] & 0x20 else 10
    return 8


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 0
    for _ in range(_MOST_BOXES):
        if place + 8 > len(data):
            return
        size, kind = struct.unpack_from(">I4s", data, place)
        head = 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, place + 8)
            head = 16
        end = len(data) if size == 0 else place + size
        if end < place + head:
            return
        yield kind, data[place + head : end]
        place = end


def _main_item(content):
    return struct.unpack_from(">H" if content[0] == 0 else ">I", content, 4)[0]


def _associated(content, wanted):
    """Return the numbers of an item's properties, counted from 1."""
    return next((numbers for item, _, numbers in _entries(content) if item == wanted), [])


def _entries(content):
    """Yield (item, its bytes, the numbers of its properties) of a box `ipma`."""
    version, wide = content[0], content[3] & 1
    (count,) = struct.unpack_from(">I", content, 4)
    place = 8
    for _ in range(count):
        start = place
        (item,) = struct.unpack_from(">H" if version == 0 else ">I", content, place)
        place += 2 if version == 0 else 4
        number = content[place]
        place += 1
        indices = struct.unpack_from(f">{number}{'H' if wide else 'B'}", content, place)
        place += number * (2 if wide else 1)
        yield item, content[start:place], [index & (0x7FFF if wide else 0x7F) for index in indices]


def _inside(data, wanted, start, end):
    """Return where the content of a box begins and ends; KeyError where there is none with a plain header."""
    place = start
    for kind, content in _boxes(data[start:end]):
        if kind == wanted and data[place + 4 : place + 8] == wanted and data[place : place + 4] > bytes(3) + b"\7":
            return place + 8, place + 8 + len(content)
        place += 8 + len(content)
    raise KeyError(wanted)


def _box(kind, content):
    return struct.pack(">I4s", 8 + len(content), kind) + content
