"""The curves of ICC profiles (ICC.1:2010, 10.5 and 10.15)."""

import struct

import numpy as np
from numpy.typing import NDArray

NODES = 65536  # one per 16-bit sample, so that reading a curve is a look-up
_PARAMETERS = (1, 3, 4, 5, 7)  # of each kind of formula


def read_curve(tag: bytes) -> tuple[NDArray[np.float64], int]:
    """Sample a `curv` or `para` tag at every 16-bit value.

    Parameters
    ----------
    tag : bytes
        May go on behind the curve.

    Returns
    -------
    curve : ndarray of shape (65536,), float64 in [0, 1]
    size : int
        Bytes that the curve takes.

    Raises
    ------
    ValueError, struct.error
        The tag is damaged.
    """
    x = np.linspace(0, 1, NODES)
    if tag[:4] == b"para":
        (kind,) = struct.unpack_from(">H", tag, 8)
        if kind >= len(_PARAMETERS):
            raise ValueError("unknown kind of curve")
        numbers = struct.unpack_from(f">{_PARAMETERS[kind]}i", tag, 12)
        curve, size = _by_formula(x, kind, [number / 65536 for number in numbers]), 12 + 4 * len(numbers)
    elif tag[:4] == b"curv":
        (count,) = struct.unpack_from(">I", tag, 8)
        size = 12 + 2 * count
        if count == 0:
            curve = x
        elif count == 1:
            curve = x ** (struct.unpack_from(">H", tag, 12)[0] / 256)
        else:
            points = np.frombuffer(tag, ">u2", count, 12) / 65535
            curve = np.interp(x, np.linspace(0, 1, count), points)
    else:
        raise ValueError("unknown kind of curve")
    return np.clip(curve, 0, 1), size


def invertible(curve: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a curve that never falls; ValueError if it is flat."""
    curve = np.maximum.accumulate(curve)
    if not curve[-1] > curve[0]:
        raise ValueError("the curve is flat")
    return curve


def _by_formula(x, kind, numbers):
    if kind == 0:
        return x ** numbers[0]
    g, a, b = numbers[:3]
    if kind in (1, 2):
        c, d = 0, -b / a if a else 0
        e = f = numbers[3] if kind == 2 else 0
    else:
        c, d = numbers[3:5]
        e, f = numbers[5:] if kind == 4 else (0, 0)
    return np.where(x >= d, np.maximum(a * x + b, 0) ** g + e, c * x + f)
