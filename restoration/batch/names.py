"""How results are called: by a pattern of their source's name, the steps and the format."""

import os
import string
import unicodedata
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import PurePath

from restoration.batch.errors import BatchError
from restoration.photo.formats import WRITTEN_SUFFIXES
from restoration.pipeline import Pipeline

DEFAULT_NAME = "{stem}_{steps}.{ext}"
FIELDS = ("stem", "steps", "ext")
LONGEST_NAME = 255  # bytes in UTF-8, what the usual file systems hold
PLANNED = "restored"  # in place of the steps, where each photograph has its own


def check_pattern(pattern: str) -> None:
    """Raise BatchError unless a pattern such as "{stem}_{steps}.{ext}" gives the name of a file."""
    try:
        used = {field for _, field, form, conversion in string.Formatter().parse(pattern) if field is not None}
        example = pattern.format(**dict.fromkeys(FIELDS, "a"))
    except (ValueError, KeyError, IndexError, AttributeError):
        used, example = {""}, ""
    if used - set(FIELDS) or not example or any(mark in example for mark in "/\\\0") or example in (".", ".."):
        raise BatchError(
            f"The name pattern {pattern!r} gives no file name; use {{stem}}, {{steps}} and {{ext}}, "
            f"such as {DEFAULT_NAME}."
        )


def result_name(source: str, pattern: str, pipeline: Pipeline | None, format: str | None = None) -> str:
    """Return the name of a result.

    Parameters
    ----------
    source
        The name of the file that is restored.
    pattern
        With {stem} and {ext} of the source, and {steps}.
    pipeline
        None where each photograph has its own.
    format
        Of the result; as the source's, or PNG where that cannot be written, when omitted.

    Examples
    --------
    >>> result_name("old.jpg", "{stem}_{steps}.{ext}", Pipeline.parse("denoise; tone"))
    'old_denoise-tone.jpg'
    >>> result_name("old.bmp", "{stem}.{ext}", None)
    'old.png'
    """
    path = PurePath(source)
    steps = PLANNED if pipeline is None else "-".join(step.name for step in pipeline.steps) or "unchanged"
    if format:
        suffix = "." + {"JPEG": "jpg"}.get(format, format.lower())
    else:
        suffix = path.suffix if path.suffix.lower() in WRITTEN_SUFFIXES else ".png"
    return _fitting(path.stem, lambda stem: pattern.format(stem=stem, steps=steps, ext=suffix[1:]))


def numbered(name: str) -> Iterable[str]:
    """Yield a name, then the same with -2, -3 and so on before the suffix.

    Examples
    --------
    >>> from itertools import islice
    >>> list(islice(numbered("a.png"), 3))
    ['a.png', 'a-2.png', 'a-3.png']
    """
    path, number = PurePath(name), 1
    while True:
        end = path.suffix if number == 1 else f"-{number}{path.suffix}"
        yield _fitting(path.stem, partial(_joined, end))
        number += 1


def alike(path: PurePath) -> bytes:
    """Return what two paths share that are one file on some system: without case, accents composed."""
    return os.fsencode(unicodedata.normalize("NFC", str(path)).casefold())


def _joined(end: str, stem: str) -> str:
    return stem + end


def _fitting(stem: str, name_of: Callable[[str], str]) -> str:
    """Return the name that a stem gives, with as much of the stem as a name can hold."""
    while True:
        name = name_of(stem)
        excess = len(os.fsencode(name)) - LONGEST_NAME
        if excess <= 0 or not stem:
            return name
        stem = stem[: -(excess // 4 + 1)]  # a character has up to four bytes
