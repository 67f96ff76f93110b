"""`decoders`: files of folders opened here and by OpenCV, and where the two do not show the same."""

import argparse
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from restoration.photo import Photo, PhotoError

TOLERANCE = 2  # of 255
SAME, OTHER, REFUSED_BOTH, REFUSED_HERE, REFUSED_THERE, ESCAPED = (
    "the same",
    "other pixels",
    "refused by both",
    "refused here alone",
    "refused by OpenCV alone",
    "anything else",
)
OUTCOMES = (SAME, OTHER, REFUSED_BOTH, REFUSED_HERE, REFUSED_THERE, ESCAPED)


@dataclass(frozen=True)
class DecoderComparison:
    """What became of one file.

    Attributes
    ----------
    outcome
    told : str
        How far apart the pixels are and what is noted here, or the sentence of the refusal.
    seconds : float
        Of opening it here.
    """

    outcome: str
    told: str = ""
    seconds: float = 0.0


def compare(data: bytes) -> DecoderComparison:
    """Open a file here, save it as PNG, and compare the colours that OpenCV reads of both: 8 bits, upright.

    OpenCV converts no colour profile; a file that is saved again has the samples and the profile that it had.
    """
    other, began = _by_opencv(data), time.perf_counter()
    try:
        photo = Photo.open(data)
    except PhotoError as error:
        seconds = time.perf_counter() - began
        return DecoderComparison(REFUSED_BOTH if other is None else REFUSED_HERE, str(error), seconds)
    except Exception as error:  # what this benchmark looks for
        return DecoderComparison(ESCAPED, f"{type(error).__name__}: {error}", time.perf_counter() - began)
    seconds = time.perf_counter() - began
    if other is None:
        return DecoderComparison(REFUSED_THERE, " ".join(photo.notes), seconds)
    mine = _by_opencv(photo.to_bytes("PNG", metadata="none"))
    assert mine is not None, "what is saved here opens everywhere"
    is_same_size = mine.shape == other.shape
    apart = int(np.abs(mine - other).max()) if is_same_size else 255
    if apart <= TOLERANCE:
        return DecoderComparison(SAME, "", seconds)
    told = f"up to {apart} of 255 apart" if is_same_size else f"{mine.shape[:2]} here, {other.shape[:2]} there"
    return DecoderComparison(OTHER, ". ".join([told, *photo.notes]), seconds)


def _by_opencv(data: bytes) -> NDArray[np.int16] | None:
    """Return the colours (H, W, 3), without transparency; None where the file is refused."""
    try:
        decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:
        return None
    return None if decoded is None else decoded.astype(np.int16)


def register(commands: "argparse._SubParsersAction") -> None:
    """Add the command to the parser's."""
    parser = commands.add_parser("decoders", help="files of folders opened here and by OpenCV, compared")
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER", help="with files of any kind")
    parser.set_defaults(run=_run)


def _run(chosen):
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)  # what it refuses is counted
    rows, told = [], []
    for folder in chosen.folders:
        counts, slowest = Counter(), 0.0
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            found = compare(path.read_bytes())
            counts[found.outcome] += 1
            slowest = max(slowest, found.seconds)
            if found.outcome in (OTHER, REFUSED_HERE, ESCAPED):
                told.append(f"- {folder.name}/{path.relative_to(folder)}: {found.outcome}; {found.told}")
        numbers = " | ".join(str(counts[outcome]) for outcome in OUTCOMES)
        rows.append(f"| {folder.name} | {counts.total()} | {numbers} | {slowest:.2f} |")
    print(f"| files | number | {' | '.join(OUTCOMES)} | slowest, s |")
    print("|---" * (len(OUTCOMES) + 3) + "|")
    print("\n".join([*rows, "", *told]))
