"""`mutated-files`: good files of every format with random damage: opened, refused in one sentence, or anything else."""

import argparse
import io
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from PIL import Image as PillowImage
from PIL import features

from restoration.photo import Photo, PhotoError
from restoration.photo.sample_photos import sample

LONGEST_SENTENCE = 300  # characters
SAME, NOTED, SILENT, REFUSED, ESCAPED = (
    "the same pixels",
    "other pixels, with a note",
    "other pixels, without",
    "refused",
    "anything else",
)
OUTCOMES = (SAME, NOTED, SILENT, REFUSED, ESCAPED)


@dataclass
class Outcomes:
    """What became of the mutations of one file.

    Attributes
    ----------
    counts
        Outcome -> how many.
    slowest
        Seconds of the one that took the longest.
    escaped
        What was raised that is no `PhotoError`, or a sentence that is too long.
    """

    counts: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    escaped: list[str] = field(default_factory=list)


def good_files() -> dict[str, bytes]:
    """Return {kind: file} of one small photograph in every format that can be written here."""
    pixels = np.rint(sample("Cat").pixels[100:164, 100:196] * 255).astype(np.uint8)
    kinds = {
        "PNG": ("PNG", {}),
        "JPEG": ("JPEG", {"quality": 90}),
        "JPEG, progressive": ("JPEG", {"quality": 90, "progressive": True}),
        "WebP": ("WEBP", {"quality": 90}),
        "WebP, lossless": ("WEBP", {"lossless": True}),
        "TIFF": ("TIFF", {}),
        "TIFF, LZW": ("TIFF", {"compression": "tiff_lzw"}),
        "TIFF, Deflate": ("TIFF", {"compression": "tiff_adobe_deflate"}),
        "BMP": ("BMP", {}),
        "GIF": ("GIF", {}),
    }
    if features.check("avif"):
        kinds["AVIF"] = ("AVIF", {"quality": 90})
    files = {kind: _written(pixels, *options) for kind, options in kinds.items()}
    photo = Photo(pixels.astype(np.float32) * np.float32(0.999 / 255), bits=16)
    for name in ("PNG", "TIFF"):
        files[f"{name}, 16 bits"] = photo.to_bytes(name)
    return files


def _written(pixels, name, options):
    file = io.BytesIO()
    PillowImage.fromarray(pixels).save(file, name, **options)
    return file.getvalue()


def mutations(data: bytes, count: int, seed: int) -> Iterator[bytes]:
    """Yield damaged copies of a file: bytes changed, cut out, put in, repeated, set to zero, or the end cut off."""
    random = np.random.default_rng(seed)
    for number in range(count):
        place = int(random.integers(2, len(data)))
        length = min(len(data) - place, int(random.integers(1, 40)))
        yield _MUTATIONS[number % len(_MUTATIONS)](data, place, length, random)


_MUTATIONS: tuple[Callable[[bytes, int, int, np.random.Generator], bytes], ...] = (
    lambda data, place, _, random: data[:place] + bytes([random.integers(256)]) + data[place + 1 :],
    lambda data, place, length, random: data[:place] + random.bytes(length) + data[place + length :],
    lambda data, place, length, _: data[:place] + data[place + length :],
    lambda data, place, length, random: data[:place] + random.bytes(length) + data[place:],
    lambda data, place, length, _: data[: place + length] + data[place:],
    lambda data, place, length, _: data[:place] + bytes(length) + data[place + length :],
    lambda data, place, *_: data[:place],
    lambda data, place, _, random: data[: place % 64 + 2] + random.bytes(2) + data[place % 64 + 4 :],  # of the header
)


def open_mutations(data: bytes, count: int, seed: int = 0) -> Outcomes:
    """Open damaged copies of a file, and count what becomes of them.

    Parameters
    ----------
    data
        A good file.
    count
        How many copies.
    seed
        Of the damage.
    """
    whole, found = Photo.open(data), Outcomes()
    for mutation in mutations(data, count, seed):
        began = time.perf_counter()
        outcome = _open(mutation, whole, found.escaped)
        found.slowest = max(found.slowest, time.perf_counter() - began)
        found.counts[outcome] += 1
    return found


def _open(data, whole, escaped):
    try:
        photo = Photo.open(data)
    except PhotoError as error:
        if len(str(error)) <= LONGEST_SENTENCE:
            return REFUSED
        escaped.append(f"a sentence of {len(str(error))} characters: {str(error)[:80]}")
        return ESCAPED
    except Exception as error:  # what this benchmark looks for
        escaped.append(f"{type(error).__name__}: {error}")
        return ESCAPED
    if photo.pixels.shape == whole.pixels.shape and np.array_equal(photo.pixels, whole.pixels):
        return SAME
    return NOTED if photo.notes else SILENT


def register(commands: "argparse._SubParsersAction") -> None:
    """Add the command to the parser's."""
    parser = commands.add_parser("mutated-files", help="good files of every format with random damage, opened")
    parser.add_argument("--count", type=int, default=2000, help="of mutations, over all formats")
    parser.add_argument("--seed", type=int, default=0, help="of the damage")
    parser.set_defaults(run=_run)


def _run(chosen):
    files = good_files()
    print(f"| file | mutations | {' | '.join(OUTCOMES)} | slowest, s |")
    print("|---" * (len(OUTCOMES) + 3) + "|")
    for kind, data in files.items():
        found = open_mutations(data, -(-chosen.count // len(files)), chosen.seed)
        counts = [found.counts[outcome] for outcome in OUTCOMES]
        print(f"| {kind} | {sum(counts)} | {' | '.join(map(str, counts))} | {found.slowest:.2f} |", flush=True)
        for text in found.escaped:
            print(f"  {text}")
