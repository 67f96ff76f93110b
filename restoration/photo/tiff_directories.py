"""The directories of a TIFF: which pictures it has, and the one that is opened."""

import io
import struct
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from PIL import TiffImagePlugin

from restoration.photo.errors import damaged

Tags = TiffImagePlugin.ImageFileDirectory_v2

_HEIGHT, _PHOTOMETRIC, _SAMPLES = 257, 262, 277
STRIPS, TILES = (273, 279), (324, 325)  # the tags of places and of sizes
_BIG_TIFF = 43
_SUBFILE, _OLD_SUBFILE, _SUB_DIRECTORIES, _MAKER, _DNG_VERSION = 254, 255, 330, 271, 50706
_REDUCED, _MASK, _OLD_REDUCED = 1, 4, 2
_COLOR_FILTER_ARRAY, _LINEAR_RAW = 32803, 34892
_RAW_OF_MAKER = {"NIKON": "Nikon NEF", "SONY": "Sony ARW", "PENTAX": "Pentax PEF", "SAMSUNG": "Samsung SRW"}
_MOST_PICTURES, _MOST_TAGS = 100, 1000  # of a file, of a picture
_MOST_PLACES = 1_000_000  # 50 megapixels of four planes in tiles of 16 x 16 have fewer
_MOST_NUMBERS = 200_000  # of any other tag: a palette of 16 bits has fewer
_BYTES = {1, 2, 6, 7}  # the kinds of values that are read at once, however many


@dataclass(frozen=True)
class Directory:
    """One of the pictures in a TIFF.

    Attributes
    ----------
    place : int
        Of its directory, in bytes from the beginning of the file.
    tags : PIL.TiffImagePlugin.ImageFileDirectory_v2
    """

    place: int
    tags: Tags

    def is_main(self) -> bool:
        """Tell whether it is neither a reduced copy of another picture nor a mask (TIFF 6.0, pages 36 and 40)."""
        return not (self.tags.get(_SUBFILE, 0) & (_REDUCED | _MASK) or self.tags.get(_OLD_SUBFILE) == _OLD_REDUCED)


def as_classic(data: bytes) -> bytes:
    """Describe a BigTIFF of big-endian order, which Pillow misreads, by a directory of the classic kind.

    Parameters
    ----------
    data : bytes

    Returns
    -------
    bytes
        With the tags that are whole numbers, which those of the pixels are; the very same object for any other file.
    """
    if not data.startswith(b"MM\0\x2b"):
        return data
    tags: dict[int, tuple[int, ...]] = {}
    try:
        (place,) = struct.unpack_from(">Q", data, 8)
        (count,) = struct.unpack_from(">Q", data, place)
        for entry in range(place + 8, place + 8 + 20 * min(count, _MOST_TAGS), 20):
            tag, kind, number = struct.unpack_from(">HHQ", data, entry)
            letter = {1: "B", 3: "H", 4: "I", 16: "Q"}.get(kind)
            if letter and number <= _MOST_PLACES:
                size = number * struct.calcsize(f">{letter}")
                (values_at,) = (entry + 12,) if size <= 8 else struct.unpack_from(">Q", data, entry + 12)
                tags[tag] = struct.unpack_from(f">{number}{letter}", data, values_at)
    except struct.error as error:
        raise damaged("TIFF") from error
    return with_directory(data, b"MM", {tag: values for tag, values in tags.items() if max(values, default=0) < 2**32})


def pictures(data: bytes) -> list[Directory]:
    """List the pictures of a TIFF: those in a row, each followed by those below it (SubIFDs).

    Parameters
    ----------
    data : bytes

    Returns
    -------
    list of Directory
        Up to the first that is damaged.
    """
    file, seen = io.BytesIO(data), set()
    found: list[Directory] = []
    try:
        head = file.read(16 if data[2] == _BIG_TIFF else 8)
        waiting = [TiffImagePlugin.ImageFileDirectory_v2(head).next]
        while waiting and len(found) < _MOST_PICTURES:
            place = waiting.pop(0)
            if place in seen or not 8 <= place < len(data):
                continue
            seen.add(place)
            if not _is_sound(data, place):
                break
            tags = TiffImagePlugin.ImageFileDirectory_v2(head)
            file.seek(place)
            tags.load(file)
            found.append(Directory(place, tags))
            below = tags.get(_SUB_DIRECTORIES, ())
            below = below[:_MOST_PICTURES] if isinstance(below, tuple) else (below,)
            waiting = [*below, *waiting, tags.next]
    except Exception:  # of a damaged directory Pillow raises nearly anything
        pass
    return found


def _is_sound(data, place):
    """Tell whether a directory names no more tags, strips and numbers than a picture has: they take long to read."""
    order, is_big = "<" if data[:2] == b"II" else ">", data[2] == _BIG_TIFF
    (count,) = struct.unpack_from(f"{order}{'Q' if is_big else 'H'}", data, place)
    if count > _MOST_TAGS:
        return False
    start, entry = (8, f"{order}HHQ") if is_big else (2, f"{order}HHI")
    size = 20 if is_big else 12
    counts, values = {}, {}
    for at in range(place + start, place + start + size * count, size):
        tag, kind, counts[tag] = struct.unpack_from(entry, data, at)
        most = _MOST_PLACES if tag in (*STRIPS, *TILES) else _MOST_NUMBERS
        if kind not in _BYTES and counts[tag] > most:
            return False
        value_at = at + (12 if is_big else 8)
        (values[tag],) = struct.unpack_from(f"{order}{'H' if kind == 3 else 'I'}", data, value_at)  # 3: SHORT
    rows, samples = values.get(_HEIGHT, 0), max(values.get(_SAMPLES, 1), 1)
    return all(counts.get(tag, 0) <= max(rows, 1) * samples for tag in STRIPS)


def raw_kind(found: list[Directory]) -> str | None:
    """Name the kind of a camera's raw file, or None for any other TIFF.

    Parameters
    ----------
    found : list of Directory

    Returns
    -------
    str or None
    """
    if not found:
        return None
    kinds = {one.tags.get(_PHOTOMETRIC) for one in found}
    if _DNG_VERSION in found[0].tags:
        return "DNG"
    if not kinds & {_COLOR_FILTER_ARRAY, _LINEAR_RAW}:
        return None
    maker = str(found[0].tags.get(_MAKER, "")).split(" ")[0].upper()
    return _RAW_OF_MAKER.get(maker, "of an unknown kind")


def beginning_at(data: bytes, directory: Directory) -> bytes:
    """Return the file with another of its pictures as the first.

    Parameters
    ----------
    data : bytes
    directory : Directory

    Returns
    -------
    bytes
    """
    order = "<" if data[:2] == b"II" else ">"
    if data[2] == _BIG_TIFF:
        return data[:8] + struct.pack(f"{order}Q", directory.place) + data[16:]
    return data[:4] + struct.pack(f"{order}I", directory.place) + data[8:]


def with_directory(data: bytes, prefix: bytes, tags: Mapping[int, ArrayLike]) -> bytes:
    """Describe the same file by other tags, in a directory behind its end.

    Parameters
    ----------
    data : bytes
    prefix : {b"II", b"MM"}
        Its order of bytes.
    tags : mapping
        Of whole numbers below 2^32.

    Returns
    -------
    bytes
    """
    order, count = "<" if prefix == b"II" else ">", len(tags)
    start = len(data) + len(data) % 2  # a directory begins on a word
    beyond = start + 6 + 12 * count
    entries, lists = b"", b""
    for tag, value in sorted(tags.items()):
        values = np.atleast_1d(value)
        packed = values.astype(f"{order}u4").tobytes()
        if len(values) > 1:
            packed, lists = struct.pack(f"{order}I", beyond + len(lists)), lists + packed
        entries += struct.pack(f"{order}HHI", tag, 4, len(values)) + packed  # 4: LONG
    directory = struct.pack(f"{order}H", count) + entries + bytes(4) + lists
    return prefix + struct.pack(f"{order}HI", 42, start) + data[8:].ljust(start - 8, b"\0") + directory
