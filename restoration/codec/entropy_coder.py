"""Whole numbers to bytes and back, by range coding with fixed tables of counts."""

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import constriction
import numpy as np
import numpy.typing as npt

Integers: TypeAlias = npt.NDArray[Any]  # of any integer type, or whole numbers in float64

_WORD = np.dtype("<u4")
COUNT_BITS = 24  # a row of a table adds up to 2 ** COUNT_BITS


def encode(hyper_code: Integers, code: Integers, indices: Callable[[Integers], Integers], tables: "Tables") -> bytes:
    """Code the second code, then the code.

    Parameters
    ----------
    hyper_code : ndarray of shape (h, w, d), int32
    code : ndarray of shape (4h, 4w, c), int32
        Numbers beyond the tables are clipped.
    indices
        From the second code to the row of `tables.code` that each number of the code is coded with, (4h, 4w, c).
    tables

    Returns
    -------
    bytes
    """
    encoder = constriction.stream.queue.RangeEncoder()
    for row, channel in enumerate(np.moveaxis(tables.clip(hyper_code), -1, 0)):
        encoder.encode(tables.symbols(channel.ravel()), tables.hyper_model(row))
    code = tables.clip(code)
    for row, chosen in _groups(indices(hyper_code)):
        encoder.encode(tables.symbols(code[chosen]), tables.model(row))
    return encoder.get_compressed().astype(_WORD).tobytes()


def decode(
    data: bytes, shape: tuple[int, int, int], indices: Callable[[Integers], Integers], tables: "Tables"
) -> tuple[Integers, Integers]:
    """Read what `encode` wrote.

    Parameters
    ----------
    data
    shape
        Of the second code, (h, w, d).
    indices, tables
        As in `encode`.

    Returns
    -------
    hyper_code : ndarray of shape (h, w, d), int32
    code : ndarray of shape (4h, 4w, c), int32
    """
    words = np.frombuffer(data[: len(data) // 4 * 4], _WORD).astype(np.uint32)
    decoder = constriction.stream.queue.RangeDecoder(words)
    height, width, channels = shape
    hyper_code = np.empty(shape, np.int32)
    for row in range(channels):
        symbols = decoder.decode(tables.hyper_model(row), height * width)
        hyper_code[..., row] = tables.numbers(symbols).reshape(height, width)
    rows = indices(hyper_code)
    code = np.empty(rows.shape, np.int32)
    for row, chosen in _groups(rows):
        code[chosen] = tables.numbers(decoder.decode(tables.model(row), len(chosen[0])))
    return hyper_code, code


def bits(
    hyper_code: Integers, code: Integers, indices: Callable[[Integers], Integers], tables: "Tables"
) -> npt.NDArray[np.float64]:
    """Return the bits that each place of a code takes, (4h, 4w): its share of the second code's among them.

    Parameters
    ----------
    hyper_code, code, indices, tables
        As in `encode`.
    """
    channels = np.arange(hyper_code.shape[-1])
    first = tables.hyper_bits(tables.symbols(tables.clip(hyper_code)), channels).sum(axis=-1)
    second = tables.bits(tables.symbols(tables.clip(code)), indices(hyper_code)).sum(axis=-1)
    return second + first.repeat(4, axis=0).repeat(4, axis=1) / 16


def _groups(rows: Integers) -> Iterator[tuple[int, Any]]:
    """Yield each row of the tables that is used, and where, in a fixed order."""
    for row in np.unique(rows):
        yield int(row), np.nonzero(rows == row)


class Tables:
    """Counts of the symbols, and the models of the range coder that are made of them.

    Parameters
    ----------
    code : ndarray of shape (scales, symbols)
        Whole numbers; the middle symbol stands for 0.
    hyper_code : ndarray of shape (channels, symbols)
    """

    def __init__(self, code: Integers, hyper_code: Integers) -> None:
        self._code, self._hyper_code = code.astype(np.float64), hyper_code.astype(np.float64)
        self._models: dict[tuple[str, int], Any] = {}
        self.largest = code.shape[1] // 2

    def clip(self, numbers: Integers) -> Integers:
        """Return numbers that the tables hold."""
        return np.clip(numbers, -self.largest, self.largest)

    def symbols(self, numbers: Integers) -> Integers:
        """Return the symbols of numbers."""
        return (numbers + self.largest).astype(np.int32)

    def numbers(self, symbols: Integers) -> Integers:
        """Return the numbers of symbols."""
        return symbols - self.largest

    def bits(self, symbols: Integers, rows: Integers) -> Integers:
        """Return the bits of symbols, each coded with a row of the scales' table."""
        return COUNT_BITS - np.log2(self._code[rows, symbols] + 1)  # the coder adds one to each count

    def hyper_bits(self, symbols: Integers, rows: Integers) -> Integers:
        """Return the bits of symbols of the second code (..., channels)."""
        return COUNT_BITS - np.log2(self._hyper_code[rows, symbols] + 1)

    def model(self, row: int) -> Any:
        """Return the model of a scale."""
        return self._model("code", row, self._code)

    def hyper_model(self, row: int) -> Any:
        """Return the model of a channel of the second code."""
        return self._model("hyper", row, self._hyper_code)

    def _model(self, kind, row, counts):
        if (kind, row) not in self._models:
            # Counts below 2 ** 24: exact in float64, so every machine makes the same model of them.
            self._models[kind, row] = constriction.stream.model.Categorical(counts[row], perfect=False)
        return self._models[kind, row]
