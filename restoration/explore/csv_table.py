"""Named columns, codes among them, as the text of a CSV file."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np


def csv_table(columns: Mapping[str, Sequence[Any] | np.ndarray]) -> str:
    """Write columns of equal length, one line a row, under a line of headings.

    Parameters
    ----------
    columns : dict of str to sequence
        Heading -> n values, or an ndarray (n, k), which becomes k columns numbered from 1. Floats are written with six
        significant digits.

    Returns
    -------
    str

    Examples
    --------
    >>> print(csv_table({"class": ["cat", "dog"], "code": np.array([[0.5, 2], [1, 1 / 3]])}), end="")
    class,code 1,code 2
    cat,0.5,2
    dog,1,0.333333
    """
    headings, parts = [], []
    for heading, values in columns.items():
        if np.ndim(values) == 2:
            numbered = np.asarray(values).T
            headings += [f"{heading} {number}" for number in range(1, len(numbered) + 1)]
            parts += list(numbered)
        else:
            headings.append(heading)
            parts.append(values)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows([_cell(value) for value in row] for row in zip(*parts, strict=True))
    return text.getvalue()


def _cell(value):
    return f"{value:.6g}" if isinstance(value, float | np.floating) else value
