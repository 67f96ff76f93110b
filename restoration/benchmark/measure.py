"""What every benchmark shares: images, and fresh processes."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from restoration.inference import hardware
from restoration.photo import Photo

SUFFIXES = {".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".bmp"}


def read_images(folder, limit=None):
    """Return the images (H, W, C) float32 below a folder, in name order."""
    paths = sorted(path for path in Path(folder).iterdir() if path.suffix.lower() in SUFFIXES)[:limit]
    if not paths:
        raise SystemExit(f"No image lies in {folder}; give a folder of {', '.join(sorted(SUFFIXES))} files.")
    return [Photo.open(path).pixels for path in paths]


def tiled(picture, megapixels):
    """Return a picture of so many megapixels, made of a smaller one (H, W, C) beside itself."""
    repeats = int(np.ceil((megapixels * 1e6 / picture[..., 0].size) ** 0.5))
    large = np.tile(picture, (repeats, repeats, 1))
    return large[: round(megapixels * 1e6 / large.shape[1])]


def in_turns(runs, rounds):
    """Return {name: seconds} of functions without arguments, the shortest of some rounds.

    Called one after the other in each round, so that all meet the same disturbances.
    """
    best = dict.fromkeys(runs, np.inf)
    for _ in range(rounds):
        for name, run in runs.items():
            best[name] = min(best[name], hardware.seconds(run))
    return best


def in_fresh_process(function, *arguments):
    """Return what a function returns in a new process, so that its memory and its loading are its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()
