"""What this machine can do, and is spared: its cores, what they multiply, the time and memory that a call takes."""

import gc
import os
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np

from restoration.image.checks import ImageError

PRECISIONS = ("float32", "bfloat16")


@cache
def spare_loaded() -> None:
    """Let the garbage collector pass over all that is loaded by now; only the first call does anything.

    With Keras that is half a million objects and a fifth of a second, in which no other thread runs, and Streamlit
    collects twice after each run of a page: a training beside the page stalled.
    """
    gc.collect()
    gc.freeze()


def has_spared() -> bool:
    """Tell whether `spare_loaded` was called, so that Keras is loaded."""
    return spare_loaded.cache_info().currsize > 0


@cache
def has_bfloat16() -> bool:
    """Tell whether this processor multiplies bfloat16 in hardware (elsewhere it is slower than float32).

    Returns
    -------
    bool
        False also where the processor cannot be asked (only Linux lists its instructions in a file).
    """
    try:
        listed = Path("/proc/cpuinfo").read_text()
    except OSError:
        return False
    return any(instruction in listed for instruction in ("avx512_bf16", "amx_bf16"))


def best_precision() -> str:
    """Return what to compute in on this processor: "bfloat16" or "float32"."""
    return "bfloat16" if has_bfloat16() else "float32"


def precisions() -> tuple[str, ...]:
    """Return what networks are measured in here: both precisions where the processor has bfloat16, else float32."""
    return PRECISIONS if has_bfloat16() else ("float32",)


def threads() -> int:
    """Return the number of cores that one picture may use: the physical ones, as far as this process may have them."""
    import psutil

    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(psutil.cpu_count(logical=False) or allowed, allowed)


def too_little_memory(needed: int, free: int, height: int, width: int) -> ImageError:
    """Return the error for an image of a size that needs more bytes than are free."""
    return ImageError(
        f"This picture of {width} x {height} pixels needs about {needed / 1e9:.1f} GB of memory and "
        f"{free / 1e9:.1f} GB are free; reduce it, or close other programs."
    )


def describe() -> str:
    """Describe this machine: cores, and what it multiplies."""
    bfloat16 = "with" if has_bfloat16() else "without"
    return f"{os.cpu_count()} cores, {bfloat16} bfloat16, {product_speed():.0f} GFLOP/s in NumPy's float32 product"


def product_speed(side: int = 3000, rounds: int = 5) -> float:
    """Return the GFLOP/s of a float32 product of two square matrices in NumPy: the yardstick of all speeds."""
    square = np.random.default_rng(0).random((side, side), np.float32)
    return 2 * side**3 / min(worked_seconds(lambda: square @ square) for _ in range(rounds)) / 1e9


def worked_seconds(function: Callable[[], object]) -> float:
    """Return how long a call keeps the cores at work, as if all shared it evenly: other programs disturb it least."""
    began = time.process_time()
    function()
    return (time.process_time() - began) / threads()


def seconds(function: Callable[[], object]) -> float:
    """Return how many seconds a call takes."""
    began = time.perf_counter()
    function()
    return time.perf_counter() - began


def peak_megabytes() -> float:
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
