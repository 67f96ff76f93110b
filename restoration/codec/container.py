"""The file: which network, which size and quality, and the bits, with a checksum over all of it."""

import struct
import zlib
from dataclasses import dataclass

from restoration.image.types import Image
from restoration.photo.errors import PhotoError

MAGIC, VERSION = b"LDC", 1
SUFFIX = ".ldc"
# Little-endian: magic, version, colour channels, first bytes of the SHA-256 of the weights, quality, width, height.
_HEADER = struct.Struct("<3sBB6sBHH")
_CHECKSUM = struct.Struct("<I")
LOWEST_QUALITY, BEST_QUALITY = 1.0, 6.0  # as a user counts them; a file counts from 0
QUALITY_STEPS = 32  # per quality, in which it is stored
LARGEST_SIDE = 2**16 - 1


@dataclass(frozen=True)
class Compressed:
    """What a file holds.

    Parameters
    ----------
    weights
        The first six bytes of the SHA-256 of the weights that wrote it.
    channels : {1, 3}
    quality
        In steps of 1 / `QUALITY_STEPS` from the lowest.
    width, height
    payload
        The entropy-coded code.
    """

    weights: bytes
    channels: int
    quality: int
    width: int
    height: int
    payload: bytes

    def to_bytes(self) -> bytes:
        """Return the file."""
        header = (MAGIC, VERSION, self.channels, self.weights, self.quality, self.width, self.height)
        content = _HEADER.pack(*header) + self.payload
        return content + _CHECKSUM.pack(zlib.crc32(content))

    @classmethod
    def from_bytes(cls, data: bytes, *, max_megapixels: float) -> "Compressed":
        """Read a file.

        Raises
        ------
        PhotoError
            If it is no such file, of another version, cut off, changed, or larger than the limit.
        """
        if data[: len(MAGIC)] != MAGIC:
            raise PhotoError(f"This is no {SUFFIX} file: it does not begin with {MAGIC.decode()}.")
        if len(data) < _HEADER.size + _CHECKSUM.size:
            raise PhotoError(f"This {SUFFIX} file of {len(data)} bytes is cut off. Get it again from where it came.")
        _, version, channels, weights, quality, width, height = _HEADER.unpack_from(data)
        if version != VERSION:
            raise PhotoError(f"This {SUFFIX} file has version {version}; this program reads {VERSION}. Update it.")
        content, (checksum,) = data[: -_CHECKSUM.size], _CHECKSUM.unpack(data[-_CHECKSUM.size :])
        if zlib.crc32(content) != checksum or channels not in (1, 3) or not (width and height):
            raise PhotoError(f"This {SUFFIX} file is cut off or changed. Get it again from where it came.")
        if width * height > max_megapixels * 1e6:
            raise PhotoError(
                f"This file is {width} x {height} pixels; the limit is {max_megapixels:g} megapixels. Raise it."
            )
        return cls(weights, channels, quality, width, height, content[_HEADER.size :])


def check_sides(image: Image) -> None:
    """Refuse an image (H, W, C) whose sides a file cannot hold.

    Raises
    ------
    PhotoError
    """
    if max(image.shape[:2]) > LARGEST_SIDE:
        height, width = image.shape[:2]
        raise PhotoError(
            f"This picture is {width} x {height} pixels; a {SUFFIX} file holds {LARGEST_SIDE} on each side. Reduce it."
        )
