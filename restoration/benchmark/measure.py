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


def tiled(picture, megapixels):
    """Return a picture of so many megapixels, made of a smaller one (H, W, C) beside itself."""
    repeats = int(np.ceil((megapixels * 1e6 / picture[..., 0].size) ** 0.5))
    large = np.tile(picture, (repeats, repeats, 1))
    return large[: round(megapixels * 1e6 / large.shape[1])]


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
    """Describe this machine: cores, and what it multiplies."""
    from restoration.engine import has_bfloat16

    bfloat16 = "with" if has_bfloat16() else "without"
    return f"{os.cpu_count()} cores, {bfloat16} bfloat16, {product_speed():.0f} GFLOP/s in NumPy's float32 product"


def precisions():
    """Return what networks are measured in here: both precisions where the processor has bfloat16, else float32."""
    from restoration import engine

    return engine.PRECISIONS if engine.has_bfloat16() else ("float32",)


def product_speed(side=3000, rounds=5):
    """Return the GFLOP/s of a float32 product of two square matrices in NumPy: the yardstick of all speeds."""
    square = np.random.default_rng(0).random((side, side), np.float32)
    return 2 * side**3 / min(worked_seconds(lambda: square @ square) for _ in range(rounds)) / 1e9


def worked_seconds(function):
    """Return how long a call keeps the cores at work, as if all shared it evenly: other programs disturb it least."""
    from restoration.engine import threads

    began = time.process_time()
    function()
    return (time.process_time() - began) / threads()


def seconds(function):
    """Return how many seconds a call takes."""
    began = time.perf_counter()
    function()
    return time.perf_counter() - began
