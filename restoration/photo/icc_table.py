"""The look-up tables of an ICC profile (ICC.1:2010, 10.8 to 10.11), evaluated in float32.

Scanners and printers describe their colours so. LittleCMS could convert them, but through Pillow only with 8 bits.
"""

import math
import struct
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from restoration.image.types import Array
from restoration.photo.icc_curve import read_curve

_MOST_NODES = 1 << 24  # of a grid; the largest real ones have 33 ** 4
Step = Callable[[Array], Array]


class IccTable:
    """A tag such as A2B0 (device to connection space) or B2A0 (back).

    Parameters
    ----------
    tag : bytes
    from_xyz : bool
        The values that go in are XYZ: only then a table of the older kind applies its matrix.

    Attributes
    ----------
    inputs, outputs : int
        Channels.
    lab_scale : ndarray of shape (3,), float32
        CIELAB on the connection side is (L / 100, (a + 128) / 255, (b + 128) / 255), each times this.

    Raises
    ------
    ValueError, struct.error
        The tag is damaged.
    """

    def __init__(self, tag: bytes, *, from_xyz: bool = False) -> None:
        kind, self.inputs, self.outputs = tag[:4], tag[8], tag[9]
        if not (1 <= self.inputs <= 4 and 1 <= self.outputs <= 4):
            raise ValueError("too many channels")
        older = kind in (b"mft1", b"mft2")
        # 16-bit tables of the older kind put white at 0xFF00 (ICC.1:2010, table 42).
        self.lab_scale = np.full(3, 65280 / 65535 if kind == b"mft2" else 1, np.float32)
        if older:
            self._steps = _older_steps(tag, kind == b"mft2", self.inputs, self.outputs, from_xyz)
        elif kind in (b"mAB ", b"mBA "):
            self._steps = _newer_steps(tag, self.inputs, self.outputs, to_device=kind == b"mBA ")
        else:
            raise ValueError("unknown kind of table")

    def __call__(self, values: Array) -> Array:
        """Look values up.

        Parameters
        ----------
        values : ndarray of shape (..., inputs), float32
            Clipped to [0, 1].

        Returns
        -------
        ndarray of shape (..., outputs), float32 in [0, 1]
        """
        values = np.clip(values, 0, 1)
        for step in self._steps:
            values = step(values)
        return np.clip(values, 0, 1)


def _older_steps(tag, wide, inputs, outputs, from_xyz) -> list[Step]:
    side, place = tag[10], 48
    entries = before, after = (256, 256)
    if wide:
        entries = before, after = struct.unpack_from(">HH", tag, place)
        place += 4
    if min(entries) < 2 or max(entries) > 4096:
        raise ValueError("no such curve")

    def numbers(count):
        nonlocal place
        found = np.frombuffer(tag, ">u2" if wide else "u1", count, place) / np.float32(65535 if wide else 255)
        place += count * (2 if wide else 1)
        return found.astype(np.float32)

    first = numbers(inputs * before).reshape(inputs, before)
    grid = _grid_shape((side,) * inputs)
    nodes = numbers(math.prod(grid) * outputs).reshape(*grid, outputs)
    last = numbers(outputs * after).reshape(outputs, after)
    steps = [_curves(first), _lookup(nodes), _curves(last)]
    if from_xyz and inputs == 3:
        steps.insert(0, _matrix(np.array(struct.unpack_from(">9i", tag, 12)).reshape(3, 3) / 65536, np.zeros(3)))
    return steps


def _newer_steps(tag, inputs, outputs, *, to_device) -> list[Step]:
    b_at, matrix_at, m_at, grid_at, a_at = struct.unpack_from(">5I", tag, 12)
    device, connection = (outputs, inputs) if to_device else (inputs, outputs)
    steps: list[Step] = []
    if a_at:
        steps.append(_curves(_read_curves(tag, a_at, device)))
    if grid_at:
        grid = _grid_shape(tuple(tag[grid_at : grid_at + inputs]))
        wide = tag[grid_at + 16] == 2
        count = math.prod(grid) * outputs
        nodes = np.frombuffer(tag, ">u2" if wide else "u1", count, grid_at + 20) / np.float32(65535 if wide else 255)
        steps.append(_lookup(nodes.astype(np.float32).reshape(*grid, outputs)))
    elif inputs != outputs:
        raise ValueError("no grid")
    if m_at:
        steps.append(_curves(_read_curves(tag, m_at, connection)))
    if matrix_at:
        numbers = np.array(struct.unpack_from(">12i", tag, matrix_at)) / 65536
        steps.append(_matrix(numbers[:9].reshape(3, 3), numbers[9:]))
    if b_at:
        steps.append(_curves(_read_curves(tag, b_at, connection)))
    return steps[::-1] if to_device else steps


def _grid_shape(sides):
    if min(sides) < 2 or math.prod(sides) > _MOST_NODES:
        raise ValueError("no such grid")
    return sides


def _read_curves(tag, place, count):
    curves = []
    for _ in range(count):
        curve, size = read_curve(tag[place:])
        curves.append(curve)
        place += size + -size % 4
    return np.stack(curves)


def _curves(tables: NDArray[np.floating]) -> Step:
    nodes = np.linspace(0, 1, tables.shape[1])

    def step(values):
        parts = [np.interp(values[..., index], nodes, table) for index, table in enumerate(tables)]
        return np.stack(parts, axis=-1).astype(np.float32)

    return step


def _matrix(matrix, offsets) -> Step:
    matrix, offsets = matrix.astype(np.float32), offsets.astype(np.float32)
    return lambda values: np.clip(values @ matrix.T + offsets, 0, 1)


def _lookup(nodes: Array) -> Step:
    def step(values):
        from scipy.ndimage import map_coordinates

        sides = np.array(nodes.shape[:-1], np.float32) - 1
        places = (values.reshape(-1, len(sides)) * sides).T
        found = np.empty((places.shape[1], nodes.shape[-1]), np.float32)
        for channel in range(nodes.shape[-1]):
            map_coordinates(nodes[..., channel], places, found[:, channel], order=1, mode="nearest")
        return found.reshape(*values.shape[:-1], -1)

    return step
