"""A CSV table as a data set: rows are points, numeric columns are standardised; and a synthetic questionnaire."""

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from restoration.explore.datasets import DataSet, shuffled
from restoration.explore.text_encoding import ENCODINGS, decode_text, likeliest_encoding
from restoration.image.checks import ImageError, check_one_of

MAX_BYTES, MAX_ROWS, MAX_COLUMNS = 20_000_000, 20_000, 1000
LEAST_ROWS, LEAST_COLUMNS = 10, 2
NUMERIC_SHARE = 0.9  # of a column's filled cells, else it is text
MOST_CLASSES = 20  # different values in a column that names classes

# In the order in which they are preferred: a comma may be a decimal mark too.
DELIMITERS = {"\t": "tab", ";": "semicolon", "|": "bar", ",": "comma"}
DECIMALS = {".": "point", ",": "comma"}
THOUSANDS = {"": "none", ",": "comma", ".": "point", " ": "space", "'": "apostrophe"}

ROWS_TO_RECOGNISE, COLUMNS_TO_RECOGNISE, PREVIEW_ROWS = 1000, 200, 8
WITH_MARKS = re.compile(r"[+-]?[\d.,][\d.,' ]*(?:[eE][+-]?\d+)?")


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
    numbers = {heading: _numbers(cells[heading], found) for heading in cells.columns}
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


def synthetic_questionnaire(people: int = 300, seed: int = 0) -> str:
    """Return a synthetic questionnaire of 49 columns as CSV.

    Forty-eight statements are answered from 1 to 5 according to four latent traits, twelve statements each, and
    noise; the first column names a group, which shifts the traits. So the right answer is known: four principal axes
    explain nearly all that the statements have in common.

    Parameters
    ----------
    people : int
        Lines of the table.
    seed : int

    Returns
    -------
    str
        CSV with a line of headings, which says that it is made up.

    Examples
    --------
    >>> lines = synthetic_questionnaire(20).splitlines()
    >>> len(lines), len(lines[0].split(",")), lines[0].split(",")[:2]
    (21, 49, ['made-up group', 'curious 1'])
    """
    random = np.random.default_rng(seed)
    traits, statements = ("curious", "sociable", "orderly", "calm"), 12
    groups = ("painters", "nurses", "engineers")
    shifts = np.array([[1.2, 0.0, -0.8, 0.0], [0.0, 1.2, 0.0, 0.6], [0.3, -0.8, 1.2, 0.0]])
    group = random.integers(len(groups), size=people)
    hidden = random.normal(size=(people, len(traits))) + shifts[group]
    weights = random.uniform(0.5, 1.1, (len(traits), statements)) * random.choice([-1, 1], (len(traits), statements))
    answers = 3 + hidden[..., None] * weights + random.normal(0, 0.7, (people, len(traits), statements))
    answers = np.clip(np.rint(answers), 1, 5).astype(int).reshape(people, -1)
    headings = ["made-up group", *(f"{trait} {number + 1}" for trait in traits for number in range(statements))]
    lines = [headings, *([groups[index], *row] for index, row in zip(group, answers.tolist(), strict=True))]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    return text.getvalue()


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
    decimal, thousands = _marks(rows[1:], delimiter, given)
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


def _marks(rows, delimiter, given):
    """Return the decimal and the thousands mark that the rows are written with, as far as they are not given."""
    decimals, thousands, either, grouped = Counter(), Counter(), Counter(), Counter()
    for column in zip(*(row[:COLUMNS_TO_RECOGNISE] for row in rows[:ROWS_TO_RECOGNISE]), strict=True):
        numbers = {_plain_marks(cell) for cell in column}
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


def _plain_marks(cell):
    """Return a cell with plain spaces, apostrophes and minus signs for the typographic ones."""
    return re.sub("[\u00a0\u2009\u202f]", " ", cell).replace("\u2019", "'").replace("\u2212", "-")


def _is_grouped(cell, mark):
    """Tell whether a mark separates the thousands of a number as it should, whatever the decimal mark."""
    return re.fullmatch(rf"[+-]?[1-9]\d{{0,2}}(?:{re.escape(mark)}\d{{3}})+(?:[.,]\d+)?", cell) is not None


def _undecided_mark(cell):
    """Return the mark of a number such as 1,050, which may be 1050 or 1.05."""
    marks = re.findall("[.,]", cell) if WITH_MARKS.fullmatch(cell) else []
    return marks[0] if len(marks) == 1 and _is_grouped(cell, marks[0]) and not re.search("[' eE]", cell) else None


def _decided_marks(cell, decimals, thousands):
    """Return (counter, mark) for each mark of a number that can only be the one or the other."""
    marks = re.findall("[.,' ]", cell) if WITH_MARKS.fullmatch(cell) else []
    if not marks or _undecided_mark(cell):
        return []
    first, last = marks[0], marks[-1]
    if len(set(marks)) == 1 and (len(marks) > 1 or first in "' "):
        return [(thousands, first)] if _is_grouped(cell, first) else []
    if len(marks) == 1:
        return [(decimals, first)]
    is_both = marks.count(last) == 1 and last in DECIMALS and len(set(marks)) == 2 and _is_grouped(cell, first)
    return [(decimals, last), (thousands, first)] if is_both else []


def _first_is_heading(rows, table_format):
    """Tell whether the first row names the columns: a number over numbers like it is data."""
    if len(rows) < 2:
        return True
    looked_at = zip(*(row[:COLUMNS_TO_RECOGNISE] for row in rows[: ROWS_TO_RECOGNISE + 1]), strict=True)
    numeric = [
        (cells[0], values)
        for cells in looked_at
        if (values := _numbers(pd.Series(cells[1:], dtype=object), table_format)) is not None
    ]
    above = [_numbers(pd.Series([cell], dtype=object), table_format) for cell, _ in numeric]
    if not numeric or any(one is None for one in above):
        return True
    first = np.concatenate(above)
    if len(first) > 2 and np.all(np.diff(first) == 1):  # years, or the numbers of pixels
        return True
    low, high = (np.array([find(values) for _, values in numeric]) for find in (np.nanmin, np.nanmax))
    return bool((np.abs(first - (low + high) / 2) > 1.5 * (high - low) + 1e-9).mean() > 0.5)


def _numbers(cells: pd.Series, table_format: TableFormat) -> np.ndarray | None:
    """Return a column as floats, NaN where it is empty or no number, or None if it is text."""
    filled = int((cells != "").sum())
    values = _as_floats(cells, table_format)
    return None if not filled or np.isfinite(values).sum() < NUMERIC_SHARE * filled else values


def _as_floats(cells, table_format):
    decimal, thousands = table_format.decimal, table_format.thousands
    plain = cells
    if decimal == ",":  # a point is no decimal mark then
        plain = cells.where(~cells.str.contains(".", regex=False), "").str.replace(",", ".", regex=False)
    values = pd.to_numeric(plain, errors="coerce").to_numpy(float, copy=True)  # most cells, fast
    rest = np.isnan(values) & (cells != "").to_numpy()
    values[rest] = [_as_float(cell, decimal, thousands) for cell in cells[rest]]
    values[np.abs(values) < 1e-100] = 0  # their squares would vanish
    values[np.abs(values) >= 1e100] = np.nan  # squares of larger ones would overflow
    return values


def _as_float(cell, decimal, thousands):
    number = _plain_marks(cell)
    if thousands and thousands in number and _is_grouped(number, thousands):
        number = number.replace(thousands, "")
    if decimal != "." and "." in number:
        return np.nan
    try:
        return float(number.replace(decimal, "."))
    except ValueError:
        return np.nan


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
    odd = int(np.isnan(_as_floats(filled, table_format)).sum())
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
                if found.thousands in _plain_marks(cell) and _is_grouped(_plain_marks(cell), found.thousands)
            ),
            None,
        )
        meant = f": {example} is {_as_float(example, found.decimal, found.thousands):.12g}" if example else ""
        notes.append(f"The {THOUSANDS[found.thousands]} separates thousands{meant}.")
    return notes


def _preview(cells, numbers):
    """Return the first rows, numeric columns as numbers."""
    shown = cells.head(PREVIEW_ROWS).copy()
    for heading, values in numbers.items():
        if values is not None:
            shown[heading] = values[:PREVIEW_ROWS]
    return shown
