"""Named columns, codes among them, as the text of a CSV file."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

# Where a spreadsheet would begin a formula: at the start of a cell, also of one that it splits at a semicolon or tab.
# The last four are the full-width signs, which a Japanese Excel takes for the others.
FORMULA_START = re.compile(r"(^|[;\t])(?=\t| *[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])")


def csv_table(columns: Mapping[str, Sequence[Any] | np.ndarray]) -> str:
    """Write columns of equal length, one line a row, under a line of headings.

    Text that a spreadsheet would run as a formula, such as a file's name that begins with ``=``, gets an apostrophe in
    front (https://owasp.org/www-community/attacks/CSV_Injection); a text that is a plain number does not. Line breaks
    become spaces.

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
    writer.writerow([_cell(heading) for heading in headings])
    writer.writerows([_cell(value) for value in row] for row in zip(*parts, strict=True))
    return text.getvalue()


def _cell(value):
    if isinstance(value, float | np.floating):
        return f"{value:.6g}"
    if not isinstance(value, str) or _is_number(value):
        return value
    one_line = re.sub(r"[\r\n]+", " ", value)  # many programs begin a row at either
    return FORMULA_START.sub(r"\1'", one_line)


def _is_number(text):
    return re.fullmatch(r"[+-]?\d+([.,]\d+)?", text, re.ASCII) is not None
