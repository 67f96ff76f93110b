"""How the numbers of a table are written: decimal and thousands marks are recognised, cells become floats."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from restoration.explore.tables import TableFormat

NUMERIC_SHARE = 0.9  # of a column's filled cells, else it is text
DECIMALS = {".": "point", ",": "comma"}
THOUSANDS = {"": "none", ",": "comma", ".": "point", " ": "space", "'": "apostrophe"}
ROWS_TO_RECOGNISE, COLUMNS_TO_RECOGNISE = 1000, 200
WITH_MARKS = re.compile(r"[+-]?[\d.,][\d.,' ]*(?:[eE][+-]?\d+)?")


def find_marks(rows: Sequence[Sequence[str]], delimiter: str, given: "TableFormat") -> tuple[str, str]:
    """Return the decimal and the thousands mark that the rows are written with, as far as they are not given."""
    decimals, thousands, either, grouped = (Counter[str]() for _ in range(4))
    for column in zip(*(row[:COLUMNS_TO_RECOGNISE] for row in rows[:ROWS_TO_RECOGNISE]), strict=True):
        numbers = {plain_marks(cell) for cell in column}
        found = Counter(mark for cell in numbers if (mark := _undecided_mark(cell)))
        for cell in numbers:
            for counter, mark in _decided_marks(cell, decimals, thousands):
                counter[mark] += 1
        whole = [int(cell) for cell in numbers if re.fullmatch(r"[+-]?\d{1,15}", cell)]
        either.update(found)
        if whole and max(map(abs, whole)) < 1000:  # 640 beside 1,050: decimals would be written as 640,000
            grouped.update(found)

    others = {".": ",", ",": "."}
    decimal = given.decimal
    if decimal is None and given.thousands in others:
        decimal = others[given.thousands]
    if decimal is None and decimals:
        decimal = decimals.most_common(1)[0][0]
    if decimal is None and given.thousands is None:
        groups = [mark for mark in (*thousands, *grouped) if mark in others]
        if groups or (delimiter == "," and either[","]):  # a decimal comma in a table of commas is not usual
            decimal = others[groups[0] if groups else ","]
    if decimal is None:
        decimal = max(either, key=either.__getitem__, default=".")
    if given.thousands is not None:
        return decimal, given.thousands
    groups = [mark for mark, _ in (thousands + either).most_common() if mark != decimal]
    return decimal, groups[0] if groups else ""


def plain_marks(cell: str) -> str:
    """Return a cell with plain spaces, apostrophes and minus signs for the typographic ones."""
    return re.sub("[\u00a0\u2009\u202f]", " ", cell).replace("\u2019", "'").replace("\u2212", "-")


def is_grouped(cell: str, mark: str) -> bool:
    """Tell whether a mark separates the thousands of a number as it should, whatever the decimal mark."""
    return re.fullmatch(rf"[+-]?[1-9]\d{{0,2}}(?:{re.escape(mark)}\d{{3}})+(?:[.,]\d+)?", cell) is not None


def _undecided_mark(cell):
    """Return the mark of a number such as 1,050, which may be 1050 or 1.05."""
    marks = re.findall("[.,]", cell) if WITH_MARKS.fullmatch(cell) else []
    return marks[0] if len(marks) == 1 and is_grouped(cell, marks[0]) and not re.search("[' eE]", cell) else None


def _decided_marks(cell, decimals, thousands):
    """Return (counter, mark) for each mark of a number that can only be the one or the other."""
    marks = re.findall("[.,' ]", cell) if WITH_MARKS.fullmatch(cell) else []
    if not marks or _undecided_mark(cell):
        return []
    first, last = marks[0], marks[-1]
    if len(set(marks)) == 1 and (len(marks) > 1 or first in "' "):
        return [(thousands, first)] if is_grouped(cell, first) else []
    if len(marks) == 1:
        return [(decimals, first)]
    is_both = marks.count(last) == 1 and last in DECIMALS and len(set(marks)) == 2 and is_grouped(cell, first)
    return [(decimals, last), (thousands, first)] if is_both else []


def read_numbers(cells: pd.Series, table_format: "TableFormat") -> np.ndarray | None:
    """Return a column as floats, NaN where it is empty or no number, or None if it is text."""
    filled = int((cells != "").sum())
    values = as_floats(cells, table_format)
    return None if not filled or np.isfinite(values).sum() < NUMERIC_SHARE * filled else values


def as_floats(cells: pd.Series, table_format: "TableFormat") -> np.ndarray:
    """Return a column as floats, NaN where it is empty or no number."""
    decimal, thousands = table_format.decimal or ".", table_format.thousands or ""
    plain = cells
    if decimal == ",":  # a point is no decimal mark then
        plain = cells.where(~cells.str.contains(".", regex=False), "").str.replace(",", ".", regex=False)
    values = pd.to_numeric(plain, errors="coerce").to_numpy(float, copy=True)  # most cells, fast
    rest = np.isnan(values) & (cells != "").to_numpy()
    values[rest] = [as_float(cell, decimal, thousands) for cell in cells[rest]]
    values[np.abs(values) < 1e-100] = 0  # their squares would vanish
    values[np.abs(values) >= 1e100] = np.nan  # squares of larger ones would overflow
    return values


def as_float(cell: str, decimal: str, thousands: str) -> float:
    """Return a cell as a float, NaN if it is no number that is written so."""
    number = plain_marks(cell)
    if thousands and thousands in number and is_grouped(number, thousands):
        number = number.replace(thousands, "")
    if decimal != "." and "." in number:
        return np.nan
    try:
        return float(number.replace(decimal, "."))
    except ValueError:
        return np.nan
