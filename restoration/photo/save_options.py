"""What a photograph may be saved as: where, in which format, of which quality, with which settings."""

import contextlib
import json
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from restoration.image.checks import check_whole
from restoration.photo.errors import PhotoError, as_photo_error, one_error
from restoration.photo.formats import LARGEST_SIDES, WRITTEN_SUFFIXES


def check_target(path: str | os.PathLike[str], *, format: str | None = None, quality: int = 95) -> str:
    """Say whether a photograph could be saved so, before the work that makes it.

    Parameters
    ----------
    path, format, quality
        As in `Photo.save`.

    Returns
    -------
    str
        The format: "PNG", "JPEG", "WebP", "TIFF" or "AVIF".

    Raises
    ------
    PhotoError
        The format or the quality is not valid, the folder is missing, or the name is none that a file can have.
    """
    path = Path(path)
    check_place(path)
    file_format = file_format_named(format or WRITTEN_SUFFIXES.get(path.suffix.lower()) or path.suffix)
    check_quality(quality)
    return file_format


def check_place(path: Path) -> None:
    """Raise PhotoError where a folder is missing, or a name is none that a file can have."""
    with one_error("saved"), contextlib.suppress(FileNotFoundError, NotADirectoryError):
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise PhotoError("This is a folder. Add the name of a file.")
        if not stat.S_ISREG(mode):
            raise PhotoError("This is a device or a pipe, which cannot be replaced by a photo. Choose another name.")
    if not path.parent.is_dir():
        raise PhotoError(f"There is no folder {path.parent}. Make it first, or choose another.")


def check_quality(quality: int) -> None:
    """Raise PhotoError unless a quality is a whole number from 1 to 100."""
    with as_photo_error():
        check_whole("The quality", quality, 1, 100)


def file_format_named(name: str) -> str:
    """Return the format as people spell it ("JPEG" for "jpg"); PhotoError if it cannot be written."""
    known = {written.upper(): written for written in LARGEST_SIDES} | {
        "JPG": "JPEG",
        "TIF": "TIFF",
    }
    try:
        return known[name.upper()]
    except (KeyError, AttributeError):
        written = ", ".join(LARGEST_SIDES)
        raise PhotoError(f"The format {name!r} cannot be written; choose one of {written}.") from None


def as_json(settings: Mapping[str, object]) -> str:
    """Return settings (dict) as ASCII JSON with sorted keys; PhotoError if they cannot be."""
    try:
        return json.dumps(settings, sort_keys=True, ensure_ascii=True, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise PhotoError(f"The settings cannot be recorded as JSON: {error}. Use text, numbers and lists.") from error
