"""A CSV table as a data set: rows are points, numeric columns are standardised."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from restoration.explore.datasets import DataSet, shuffled
from restoration.explore.table_numbers import (
    COLUMNS_TO_RECOGNISE,
    DECIMALS,
    ROWS_TO_RECOGNISE,
    THOUSANDS,
    as_float,
    as_floats,
    find_marks,
    is_grouped,
    plain_marks,
    read_numbers,
)
from restoration.explore.text_encoding import ENCODINGS, decode_text, likeliest_encoding
from restoration.image.checks import ImageError, check_one_of

MAX_BYTES, MAX_ROWS, MAX_COLUMNS = 20_000_000, 20_000, 1000
LEAST_ROWS, LEAST_COLUMNS = 10, 2
MOST_CLASSES = 20  # different values in a column that names classes

# In the order in which they are preferred: a comma may be a decimal mark too.
DELIMITERS = {"\t": "tab", ";": "semicolon", "|": "bar", ",": "comma"}

PREVIEW_ROWS = 8


@dataclass(frozen=True)
class TableFormat:
    """How a table is written; what is None is recognised.

    Parameters
    ----------
    encoding : str, optional
        A key of `restoration.explore.text_encoding.ENCODINGS`.
    delimiter : str, optional
        Between cells, a key of `DELIMITERS`.
    decimal : str, optional
        A key of `DECIMALS`.
    thousands : str, optional
        The mark that groups the digits of large numbers, a key of `THOUSANDS`.
    has_heading : bool, optional
        Whether the first line names the columns.
    """

    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    has_heading: bool | None = None

    def __post_init__(self) -> None:
        """Take only what is known."""
        for what, known in (
            ("encoding", ENCODINGS),
            ("delimiter", DELIMITERS),
            ("decimal", DECIMALS),
            ("thousands", THOUSANDS),
        ):
            if (value := getattr(self, what)) is not None:
                check_one_of(f"The {what}", value, known)
        if self.decimal is not None and self.decimal == self.thousands:
            mark = DECIMALS[self.decimal]
            raise ImageError(f"The {mark} cannot be the decimal mark and separate thousands too. Choose another one.")


@dataclass(frozen=True)
class Table:
    """A table's numbers as a data set, how it was understood, and how the numbers were standardised.

    Parameters
    ----------
    data : DataSet
        Images of shape (n, columns), each column with mean 0 and standard deviation 1.
    columns : tuple of str
    means, deviations : ndarrays of shape (columns,)
        Of the columns before they were standardised.
    left_out : tuple of str
        One sentence for each column that could not be used, or not wholly.
    notes : tuple of str
        One sentence for each thing that was recognised and could be otherwise.
    format : TableFormat
        As it was given and, for the rest, recognised.
    preview : DataFrame
        The first rows of all columns as they were understood.
    class_column : str or None
    possible_classes : tuple of str
        Columns of few different values.
    """

    data: DataSet
    columns: tuple[str, ...]
    means: np.ndarray
    deviations: np.ndarray
    left_out: tuple[str, ...]
    notes: tuple[str, ...]
    format: TableFormat
    preview: pd.DataFrame
    class_column: str | None
    possible_classes: tuple[str, ...]


def read_table(
    content: bytes,
    name: str = "your table",
    *,
    table_format: TableFormat | None = None,
    class_column: str | None = None,
    without: Sequence[str] = (),
    seed: int = 0,
) -> Table:
    """Make a data set of a CSV file.

    Parameters
    ----------
    content : bytes
        Empty cells of a numeric column count as its mean, and so do a few that hold no number.
    name : str
        Title of the data set.
    table_format : TableFormat, optional
        All of it is recognised when omitted.
    class_column : str, optional
        The column that names the classes, "" for none; the first text column of few different values when omitted.
    without : sequence of str
        Columns that are left out.
    seed : int
        Of the order, and so of which fifth is the test part.

    Returns
    -------
    Table

    Raises
    ------
    ImageError
        If the file is no such table, it is too large or too small, a column does not exist, or the class column has
        one value or more than `MOST_CLASSES`.
    """
    cells, found = _cells(content, table_format or TableFormat())
    numbers = {heading: read_numbers(cells[heading], found) for heading in cells.columns}
    for heading in (*without, *filter(None, [class_column])):
        check_one_of("The column", heading, numbers)
    used = [heading for heading in numbers if heading not in without]
    possible = tuple(heading for heading in used if 2 <= cells[heading].nunique() <= _most_classes(cells))
    if class_column is None:
        class_column = next((heading for heading in possible if numbers[heading] is None), "")
    elif class_column and class_column not in possible:
        raise ImageError(
            f"The column {class_column} has {cells[class_column].nunique()} different values; classes are 2 to "
            f"{_most_classes(cells)}. Choose another column."
        )

    values: dict[str, np.ndarray] = {}
    left_out, notes = [f"{heading}: left out, as chosen." for heading in without], _notes(cells, found)
    for heading in used:
        if heading == class_column:
            continue
        if (column := numbers[heading]) is None:
            left_out.append(f"{heading}: left out, {_why_text(cells[heading], found)}.")
        elif np.nanmin(column) == np.nanmax(column):  # the deviation of equal values may round to more than 0
            left_out.append(f"{heading}: left out, all its values are equal.")
        else:
            values[heading] = column
            filled = int((cells[heading] != "").sum())
            if odd := filled - int(np.isfinite(column).sum()):
                left_out.append(f"{heading}: cells that are no numbers below 1e100 ({odd}) count as its mean.")
            if empty := len(column) - filled:
                notes.append(f"{heading}: empty cells ({empty}) count as its mean.")
    if len(values) < LEAST_COLUMNS:
        raise ImageError(
            f"This table has {len(values)} columns of different numbers; at least {LEAST_COLUMNS} are needed. "
            "Check the delimiter, the decimal mark and what is left out."
        )
    rows = np.stack(list(values.values()), axis=1)
    means, deviations = np.nanmean(rows, axis=0), np.nanstd(rows, axis=0)
    standardised = np.nan_to_num((rows - means) / deviations).astype(np.float32)
    labels, label_names = _classes(cells, numbers, class_column)
    # Rows count from 1, the first below the headings, so that codes can be joined to the uploaded table.
    data = shuffled(name, standardised, labels, label_names, points=1 + np.arange(len(rows)), seed=seed)
    return Table(
        data=data,
        columns=tuple(values),
        means=means,
        deviations=deviations,
        left_out=tuple(left_out),
        notes=tuple(notes),
        format=found,
        preview=_preview(cells, numbers),
        class_column=class_column or None,
        possible_classes=possible,
    )


def _cells(content: bytes, given: TableFormat) -> tuple[pd.DataFrame, TableFormat]:
    """Return the cells as stripped text under their headings, and the format with what was recognised."""
    if isinstance(content, str):
        raise ImageError("A table is given as the bytes of its file; read it first, pathlib.Path(name).read_bytes().")
    if len(content) > MAX_BYTES:
        raise ImageError(f"This table is {len(content) / 1e6:.0f} MB; the limit is {MAX_BYTES // 10**6}. Shorten it.")
    encoding = given.encoding or likeliest_encoding(content)
    text, declared = _without_excel_line(decode_text(content, encoding))
    if "\0" in text:
        raise ImageError("This file is no text; save the table as CSV.")
    delimiter = given.delimiter or declared or max(DELIMITERS, key=lambda one: _regularity(text, one))
    rows, lines = _rows(text, delimiter)
    if rows and len(rows[0]) > MAX_COLUMNS:
        raise ImageError(f"This table has {len(rows[0])} columns; the limit is {MAX_COLUMNS}. Leave some out.")
    for line, row in zip(lines, rows, strict=True):
        if len(row) != len(rows[0]):
            raise ImageError(
                f"Line {line} of this table has {len(row)} cells and the first has {len(rows[0])}; "
                "give every line as many."
            )

    rows = [[cell.strip() for cell in row] for row in rows]
    decimal, thousands = find_marks(rows[1:], delimiter, given)
    found = replace(given, encoding=encoding, delimiter=delimiter, decimal=decimal, thousands=thousands)
    has_heading = _first_is_heading(rows, found) if given.has_heading is None else given.has_heading
    count = len(rows) - has_heading
    if count > MAX_ROWS:
        raise ImageError(f"This table has more than {MAX_ROWS} rows, the limit. Shorten it.")
    if count < LEAST_ROWS:
        raise ImageError(f"This table has {max(0, count)} rows; {LEAST_ROWS} to {MAX_ROWS} can be used.")
    named = _column_names(rows[0] if has_heading else [""] * len(rows[0]))
    return pd.DataFrame(rows[has_heading:], columns=named, dtype=object), replace(found, has_heading=has_heading)


def _without_excel_line(text):
    """Return the text without the line by which Excel declares the delimiter, and that delimiter."""
    declared = re.match(r"\s*sep=(.)\r?\n", text)
    if not declared:
        return text, None
    return f"\n{text[declared.end() :]}", declared[1] if declared[1] in DELIMITERS else None


def _column_names(headings):
    """Return the headings, each once, and a number for those that are empty."""
    named = [heading or f"column {number}" for number, heading in enumerate(headings, 1)]
    return [f"{name} ({number})" if name in named[: number - 1] else name for number, name in enumerate(named, 1)]


def _regularity(text, delimiter):
    """Return how well a delimiter divides the first rows: whether most have the first one's cells, and how many."""
    try:
        reader = csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=delimiter)
        lengths = [len(row) for row, _ in zip(filter(any, reader), range(50), strict=False)]
    except csv.Error:
        return False, 0
    if not lengths or lengths[0] == 1:
        return False, 0
    return lengths.count(lengths[0]) > 0.8 * len(lengths), lengths[0]


def _rows(text, delimiter):
    """Return the rows that are not empty, one more than can be used at most, and the lines on which they end."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows, lines = [], []
    try:
        for row in reader:
            if any(row):
                rows.append(row)
                lines.append(reader.line_num)
            if len(rows) > MAX_ROWS + 1:  # millions of rows would take a gigabyte only to be counted
                break
    except csv.Error as error:
        raise ImageError(f"This table cannot be read ({error}); save it as CSV again.") from error
    return rows, lines


def _first_is_heading(rows, table_format):
    """Tell whether the first row names the columns: a number over numbers like it is data."""
    if len(rows) < 2:
        return True
    looked_at = zip(*(row[:COLUMNS_TO_RECOGNISE] for row in rows[: ROWS_TO_RECOGNISE + 1]), strict=True)
    numeric = [
        (cells[0], values)
        for cells in looked_at
        if (values := read_numbers(pd.Series(cells[1:], dtype=object), table_format)) is not None
    ]
    above = [read_numbers(pd.Series([cell], dtype=object), table_format) for cell, _ in numeric]
    if not numeric or any(one is None for one in above):
        return True
    first = np.concatenate(above)
    if len(first) > 2 and np.all(np.diff(first) == 1):  # years, or the numbers of pixels
        return True
    low, high = (np.array([find(values) for _, values in numeric]) for find in (np.nanmin, np.nanmax))
    return bool((np.abs(first - (low + high) / 2) > 1.5 * (high - low) + 1e-9).mean() > 0.5)


def _most_classes(cells):
    return min(MOST_CLASSES, len(cells) // 2)


def _classes(cells, numbers, class_column):
    """Return labels (n,) and their names."""
    if not class_column:
        return np.zeros(len(cells), int), ("rows",)
    texts, values = cells[class_column].tolist(), numbers[class_column]
    names = sorted(set(texts))
    if values is not None:
        names.sort(key=dict(zip(texts, np.nan_to_num(values, nan=np.inf), strict=True)).__getitem__)
    return np.array([names.index(text) for text in texts]), tuple(name or "(empty)" for name in names)


def _why_text(cells, table_format):
    """Return why a column is not numeric."""
    filled = cells[cells != ""]
    odd = int(np.isnan(as_floats(filled, table_format)).sum())
    if not len(filled):
        return "it is empty"
    return "it is text" if odd == len(filled) else f"{odd} of its {len(filled)} cells are no numbers; empty those"


def _notes(cells, found):
    """Return a sentence for each thing about the format that a visitor should know."""
    notes = []
    if not found.has_heading:
        notes.append("The first line holds no headings; it is the first row, and the columns are numbered.")
    if found.encoding not in ("utf-8", "utf-16"):
        notes.append(f"The text is read as {ENCODINGS[found.encoding]}.")
    if found.decimal == ",":
        notes.append("The comma is the decimal mark.")
    if found.thousands:
        example = next(
            (
                cell
                for heading in cells.columns
                for cell in cells[heading]
                if found.thousands in plain_marks(cell) and is_grouped(plain_marks(cell), found.thousands)
            ),
            None,
        )
        meant = f": {example} is {as_float(example, found.decimal, found.thousands):.12g}" if example else ""
        notes.append(f"The {THOUSANDS[found.thousands]} separates thousands{meant}.")
    return notes


def _preview(cells, numbers):
    """Return the first rows, numeric columns as numbers."""
    shown = cells.head(PREVIEW_ROWS).copy()
    for heading, values in numbers.items():
        if values is not None:
            shown[heading] = values[:PREVIEW_ROWS]
    return shown
