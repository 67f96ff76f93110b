"""The photographs that networks learn from: read from a folder, and split into training and held-back ones."""

import hashlib
import logging
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage

from restoration.photo.formats import IMAGE_SUFFIXES

HELD_BACK_SHARE = 1 / 100
SHEET_SIDE, TILE_SIDE = 16, 64  # a sheet is an AVIF file of 16 x 16 photographs of 64 x 64 pixels

# SHA-256 of the pixels of photographs that benchmarks hold too: they are never read.
IN_BENCHMARKS = {"0515c6335ec6b31f01aa2394ea49dda181ec09f1634bef02e9394afd455c0586"}  # BSDS500 302003, Set5's woman

Pixels = NDArray[np.uint8]  # (H, W, 3), RGB


class TrainingPhotograph(NamedTuple):
    """A photograph as it was read: where from, its pixels, and whether it is one of many on a sheet."""

    path: Path
    pixels: Pixels
    on_sheet: bool = False


def content_fraction(pixels: Pixels) -> float:
    """Return a number in [0, 1) that depends on the pixels alone: the first 8 bytes of their SHA-256 over 2^64."""
    return int(_sha256(pixels)[:16], 16) / 2**64


def _sha256(pixels):
    return hashlib.sha256(pixels.tobytes()).hexdigest()


def held_back(fractions: Sequence[float]) -> list[bool]:
    """Tell which photographs are held back from training, to choose between networks: for every task by this rule.

    Those are held back whose `content_fraction` is below 1 / 100, and where there is none, the one with the lowest. So
    the same photograph is on the same side in another folder, under another name or in another lossless format.
    """
    limit = max(HELD_BACK_SHARE, math.nextafter(min(fractions, default=0.0), 1))
    return [fraction < limit for fraction in fractions]


def read_photographs(folder: str | Path) -> Iterator[TrainingPhotograph]:
    """Read every photograph below a folder, in the order of their paths; sheets photograph by photograph.

    Those that a benchmark holds too (`IN_BENCHMARKS`) are left out, and with a warning those that cannot be decoded.
    """
    for path in sorted(Path(folder).rglob("*")):
        if path.suffix.lower() not in IMAGE_SUFFIXES:
            continue
        try:
            with PillowImage.open(path) as file:
                pixels = np.asarray(file.convert("RGB"))
        except Exception as error:  # decoders throw nearly every kind of exception at malformed files
            logging.getLogger(__name__).warning("%s is left out: it cannot be decoded (%s).", path, str(error)[:150])
            continue
        if path.suffix.lower() == ".avif" and pixels.shape[:2] == (SHEET_SIDE * TILE_SIDE,) * 2:
            for tile in range(SHEET_SIDE**2):
                row, column = (TILE_SIDE * place for place in divmod(tile, SHEET_SIDE))
                yield TrainingPhotograph(path, pixels[row : row + TILE_SIDE, column : column + TILE_SIDE], True)
        elif _sha256(pixels) not in IN_BENCHMARKS:
            yield TrainingPhotograph(path, pixels)


def load_photos(
    folder: str | Path, least_side: int = 128, folder_repeats: Mapping[str, int] | None = None
) -> tuple[list[Pixels], list[Pixels]]:
    """Read every photograph below a folder and split them.

    Parameters
    ----------
    folder
    least_side
        Smaller photographs are left out.
    folder_repeats
        Folder name -> how many times its photographs are listed for training, so that they are drawn more often.

    Returns
    -------
    training, held_back : lists of ndarray of shape (H, W, 3), uint8

    Raises
    ------
    FileNotFoundError
        If there are fewer than two.
    """
    found = [one for one in read_photographs(folder) if min(one.pixels.shape[:2]) >= least_side]
    kept_out = held_back([content_fraction(one.pixels) for one in found])
    training = []
    for photograph, out in zip(found, kept_out, strict=True):
        if not out:
            training += [photograph.pixels] * (folder_repeats or {}).get(photograph.path.parent.name, 1)
    if not training:
        raise FileNotFoundError(
            f"{folder} has {len(found)} different photographs of at least {least_side} pixels a side; give two or more."
        )
    return training, [photograph.pixels for photograph, out in zip(found, kept_out, strict=True) if out]
