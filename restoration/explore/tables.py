"""A CSV table as a data set: rows are points, numeric columns are standardised; and a synthetic questionnaire."""

import codecs
import csv
import io
import re
from dataclasses import dataclass

import numpy as np

from restoration.explore.datasets import DataSet, shuffled
from restoration.image.checks import ImageError

MAX_BYTES, MAX_ROWS, MAX_COLUMNS = 20_000_000, 20_000, 1000
LEAST_ROWS, LEAST_COLUMNS = 10, 2
NUMERIC_SHARE = 0.9  # of a column's filled cells, else it is text
MOST_CLASSES = 20  # different texts in a column that names classes

DELIMITERS = ",;\t|"


@dataclass(frozen=True)
class Table:
    """A table's numbers as a data set, and how they were standardised.

    Parameters
    ----------
    data : DataSet
        Images of shape (n, columns), each column with mean 0 and standard deviation 1.
    columns : tuple of str
    means, deviations : ndarrays of shape (columns,)
        Of the columns before they were standardised.
    left_out : tuple of str
        One sentence for each column that could not be used, or not wholly.
    """

    data: DataSet
    columns: tuple[str, ...]
    means: np.ndarray
    deviations: np.ndarray
    left_out: tuple[str, ...]


def read_table(content: bytes, name: str = "your table", seed: int = 0) -> Table:
    """Make a data set of a CSV file.

    Parameters
    ----------
    content : bytes
        Text with a line of headings; the delimiter (comma, semicolon, tab or bar) and a decimal comma are recognised.
        The first text column with few different values names the classes. Empty cells of a numeric column count as
        its mean, and so do a few that hold no number.
    name : str
        Title of the data set.
    seed : int
        Of the order, and so of which fifth is the test part.

    Returns
    -------
    Table

    Raises
    ------
    ImageError
        If the file is no such table, or it is too large or too small.
    """
    headings, rows = _cells(content)
    numeric: dict[str, np.ndarray] = {}
    text: dict[str, tuple[str, ...]] = {}
    left_out: list[str] = []
    for heading, cells in zip(headings, zip(*rows, strict=True), strict=True):
        values = _numbers(cells)
        if values is None:
            text[heading] = tuple(cell.strip() for cell in cells)
        elif np.nanmin(values) == np.nanmax(values):  # the deviation of equal values may round to more than 0
            left_out.append(f"{heading}: left out, all its values are equal.")
        else:
            numeric[heading] = values
            if odd := sum(map(bool, map(str.strip, cells))) - np.isfinite(values).sum():
                left_out.append(f"{heading}: cells that are no numbers below 1e100 ({odd}) count as its mean.")
    if len(numeric) < LEAST_COLUMNS:
        raise ImageError(
            f"This table has {len(numeric)} columns of different numbers; at least {LEAST_COLUMNS} are needed. "
            "Check that the first line holds the headings."
        )
    labels, label_names = _classes(text, len(rows), left_out)
    values = np.stack(list(numeric.values()), axis=1)
    means, deviations = np.nanmean(values, axis=0), np.nanstd(values, axis=0)
    standardised = np.nan_to_num((values - means) / deviations).astype(np.float32)
    # Rows count from 1, the first below the headings, so that codes can be joined to the uploaded table.
    data = shuffled(name, standardised, labels, label_names, points=1 + np.arange(len(rows)), seed=seed)
    return Table(data, tuple(numeric), means, deviations, tuple(left_out))


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


def _cells(content):
    """Return the headings and the rows of cells, all of one length."""
    if isinstance(content, str):
        raise ImageError("A table is given as the bytes of its file; read it first, pathlib.Path(name).read_bytes().")
    if len(content) > MAX_BYTES:
        raise ImageError(f"This table is {len(content) / 1e6:.0f} MB; the limit is {MAX_BYTES // 10**6}. Shorten it.")
    rows, lines = _rows(_text(content))
    if len(rows) - 1 > MAX_ROWS:
        raise ImageError(f"This table has more than {MAX_ROWS} rows, the limit. Shorten it.")
    if len(rows) - 1 < LEAST_ROWS:
        raise ImageError(f"This table has {max(0, len(rows) - 1)} rows; {LEAST_ROWS} to {MAX_ROWS} can be used.")
    headings, rows = [heading.strip() for heading in rows[0]], rows[1:]
    if len(headings) > MAX_COLUMNS:
        raise ImageError(f"This table has {len(headings)} columns; the limit is {MAX_COLUMNS}. Leave some out.")
    for line, row in zip(lines[1:], rows, strict=True):
        if len(row) != len(headings):
            raise ImageError(
                f"Line {line} of this table has {len(row)} cells and the headings are {len(headings)}; "
                "give every line as many."
            )
    named = [heading or f"column {number}" for number, heading in enumerate(headings, 1)]
    return [f"{name} ({number})" if name in named[: number - 1] else name for number, name in enumerate(named, 1)], rows


def _text(content):
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # Excel's "Unicode Text"
        text = content.decode("utf-16", errors="replace")
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("latin-1")
    if "\0" in text:
        raise ImageError("This file is no text; save the table as CSV.")
    return re.sub(r"\Asep=.\r?\n", "\n", text)  # a line that Excel writes; it is not part of the table


def _rows(text):
    """Return the rows that are not empty, one more than can be used at most, and the lines on which they end."""
    first = re.sub('"[^"]*"', "", text.lstrip().split("\n", 1)[0])  # a quoted heading may contain a delimiter
    delimiter = max(DELIMITERS, key=first.count)
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


def _numbers(cells):
    """Return a column as floats, NaN where it is empty, or None if it is text."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    values = [_number(cell) for cell in cells]
    if not filled or np.isfinite(values).sum() < NUMERIC_SHARE * len(filled):
        return None
    return np.array(values)


def _number(cell):
    try:
        value = float(cell.strip().replace(",", "."))
    except ValueError:
        return np.nan
    if abs(value) < 1e-100:  # their squares would vanish
        return 0.0
    return value if abs(value) < 1e100 else np.nan  # squares of larger ones would overflow


def _classes(text, rows, left_out):
    """Return labels (n,) and their names from the first text column that has few different values."""
    chosen = None
    for heading, cells in text.items():
        if chosen is None and 2 <= len(set(cells)) <= min(MOST_CLASSES, rows // 2):
            chosen = heading
        else:
            left_out.append(f"{heading}: left out, {_why_text(cells)}.")
    if chosen is None:
        return np.zeros(rows, int), ("rows",)
    names = sorted(set(text[chosen]))
    return np.array([names.index(cell) for cell in text[chosen]]), tuple(name or "(empty)" for name in names)


def _why_text(cells):
    """Return why a column is not numeric."""
    filled = [cell for cell in cells if cell]
    odd = int(np.isnan([_number(cell) for cell in filled]).sum())
    if not filled:
        return "it is empty"
    return "it is text" if odd == len(filled) else f"{odd} of its {len(filled)} cells are no numbers; empty those"
