"""What the tags of a TIFF say of its samples, where Pillow or OpenCV takes them for something else."""

import io
import struct

import numpy as np
from PIL import TiffImagePlugin

_STRIPS, _TILES = (273, 279), (324, 325)  # the tags of places and of sizes
_OF_EVERY_PLANE = (256, 257, 259, 266, 274, 278, 317, 322, 323)  # size, compression, orientation, rows, tiles
_BITS, _PHOTOMETRIC, _SAMPLES, _PLANES = 258, 262, 277, 284


def has_planes(tags):
    """Tell whether each colour is stored apart from the others.

    Parameters
    ----------
    tags : PIL.TiffImagePlugin.ImageFileDirectory_v2

    Returns
    -------
    bool
    """
    return tags.get(_PLANES) == 2


def planes(tags, data):
    """Open each colour as a gray picture: OpenCV takes planes for interleaved samples.

    Parameters
    ----------
    tags : PIL.TiffImagePlugin.ImageFileDirectory_v2
    data : bytes
        The file.

    Yields
    ------
    PIL.Image.Image
        Of 16-bit gray, not loaded.
    """
    places, sizes = _TILES if _TILES[0] in tags else _STRIPS
    samples = tags[_SAMPLES]
    each = len(tags[places]) // samples
    shared = {tag: tags[tag] for tag in _OF_EVERY_PLANE if tag in tags} | {_BITS: 16, _PHOTOMETRIC: 1}
    for first in range(0, samples * each, each):
        own = {tag: tags[tag][first : first + each] for tag in (places, sizes)}
        yield TiffImagePlugin.TiffImageFile(io.BytesIO(_with_directory(data, tags.prefix, shared | own)))


def _with_directory(data, prefix, tags):
    """Describe the same file by other tags, in a directory behind its end."""
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
