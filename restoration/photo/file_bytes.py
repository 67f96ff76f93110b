"""From a path, bytes or an open file to the bytes of a photograph."""

import os
from pathlib import Path
from typing import Protocol, TypeAlias

from restoration.photo.errors import PhotoError


class Readable(Protocol):
    """What gives its bytes, such as a file opened in binary mode."""

    def read(self, size: int, /) -> bytes:
        """Read so many bytes at most."""


Source: TypeAlias = str | os.PathLike[str] | bytes | bytearray | memoryview | Readable

_BYTES_PER_PIXEL = 8  # 16-bit RGBA, the largest file that the limit on megapixels admits when uncompressed
_SPARE_BYTES = 64_000_000  # for metadata, and for small photographs in wasteful files


def read_bytes(source: Source, max_megapixels: float) -> bytes:
    """Read a file, but never more of it than a photograph within the limit can fill.

    Parameters
    ----------
    source : str, os.PathLike, bytes or binary file object
    max_megapixels : float

    Returns
    -------
    bytes

    Raises
    ------
    PhotoError
        The limit is no number above 0, there is no such file, it is no regular file, or it is too large.
    """
    if not 0 < max_megapixels < float("inf"):
        raise PhotoError(f"The limit is {max_megapixels} megapixels; it must be a number above 0, such as 50.")
    limit = int(max_megapixels * 1e6 * _BYTES_PER_PIXEL) + _SPARE_BYTES
    if isinstance(source, (bytes, bytearray, memoryview)):
        data = bytes(source)
    elif hasattr(source, "read"):
        data = source.read(limit + 1)
        if not isinstance(data, bytes):
            raise PhotoError("The file is open as text; open it in binary mode.")
    elif isinstance(source, (str, os.PathLike)):
        data = _read_path(source, limit)
    else:
        raise PhotoError(f"A photo cannot be opened from {type(source).__name__}; give a path, bytes or a file.")
    if len(data) > limit:
        raise PhotoError(f"This file is larger than {limit / 1e6:.0f} MB, the limit. Save it compressed, or reduce it.")
    return data


def _read_path(source, limit):
    try:
        path = Path(source)
        if path.is_dir():
            raise PhotoError("This is a folder, not a photograph. Choose a file in it.")
        if path.exists() and not path.is_file():  # reading from a pipe or a device might never end
            raise PhotoError("This is not a regular file. Choose a photograph.")
        with path.open("rb") as file:
            return file.read(limit + 1)
    except FileNotFoundError as error:
        raise PhotoError("There is no such file. Check the name.") from error
    except ValueError as error:
        if isinstance(error, PhotoError):
            raise
        raise PhotoError("This is not a file name. Check the name.") from error  # a NUL, for instance
