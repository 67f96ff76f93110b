"""Reading back the settings that `Photo.save` recorded in a file."""

import json
from typing import Any

from PIL import ExifTags

from restoration.photo.decoder_warnings import quiet
from restoration.photo.errors import one_error
from restoration.photo.file_bytes import Source, read_bytes
from restoration.photo.metadata import load_exif
from restoration.photo.png import png_chunks
from restoration.photo.reader import open_file
from restoration.photo.writer import SETTINGS_KEY


def read_settings(source: Source, *, max_megapixels: float = 200.0) -> dict[str, Any] | None:
    """Read what a photograph's file says was done, as `Photo.save` records it.

    Parameters
    ----------
    source : str, os.PathLike, bytes or binary file object
    max_megapixels : float
        Larger photographs are refused.

    Returns
    -------
    dict, or None where nothing of this kind is recorded

    Raises
    ------
    PhotoError
        The file is no readable photograph.
    """
    with one_error("opened"), quiet():
        text = _text(read_bytes(source, max_megapixels), max_megapixels)
    try:
        settings = json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None  # the comment of another program
    return settings if isinstance(settings, dict) else None


def _text(data, max_megapixels):
    opened = open_file(data, max_megapixels)
    if opened.format == "PNG":
        start = SETTINGS_KEY.encode() + b"\0"
        for kind, place, _ in png_chunks(data):
            if kind == b"tEXt" and data[place][8:].startswith(start):
                return data[place][8 + len(start) : -4].decode("latin-1")
    if not opened.exif:
        return ""
    comment = load_exif(opened.exif).get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.UserComment, b"")
    comment = comment.encode("utf-8", "replace") if isinstance(comment, str) else bytes(comment)
    return comment[8:].decode("ascii", "replace")  # behind the character code (EXIF 2.3, 4.6.5)
