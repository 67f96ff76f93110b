"""What every benchmark shares: images, fresh processes, peak memory, and what the machine can do."""

import multiprocessing
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from restoration.photo import Photo

SUFFIXES = {".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".bmp"}


def read_images(folder, limit=None):
    """Return the images (H, W, C) float32 below a folder, in name order."""
    paths = sorted(path for path in Path(folder).iterdir() if path.suffix.lower() in SUFFIXES)[:limit]
    if not paths:
        raise SystemExit(f"No image lies in {folder}; give a folder of {', '.join(sorted(SUFFIXES))} files.")
    return [Photo.open(path).pixels for path in paths]


def in_fresh_process(function, *arguments):
    """Return what a function returns in a new process, so that its memory and its loading are its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


def peak_megabytes():
    """Return the most memory this process ever held, in 10^6 bytes."""
    status = Path("/proc/self/status")
    if status.exists():  # not from getrusage, which on Linux also counts the parent before this program began
        kilobytes = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM")).split()[1]
        return int(kilobytes) * 1024 / 1e6
    if sys.platform == "win32":
        import psutil

        return psutil.Process().memory_info().peak_wset / 1e6
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6  # bytes on macOS


def machine():
    """Describe this machine: cores, and what it multiplies (a float32 product of 3000 x 3000 in NumPy)."""
    from restoration.engine import has_bfloat16

    square = np.random.default_rng(0).random((3000, 3000), np.float32)
    best = min(seconds(lambda: square @ square) for _ in range(5))
    bfloat16 = "with" if has_bfloat16() else "without"
    speed = 2 * 3000**3 / best / 1e9
    return f"{os.cpu_count()} cores, {bfloat16} bfloat16, {speed:.0f} GFLOP/s in NumPy's float32 product"


def seconds(function):
    """Return how many seconds a call takes."""
    began = time.perf_counter()
    function()
    return time.perf_counter() - began
