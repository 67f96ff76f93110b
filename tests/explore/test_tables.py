"""CSV tables as data sets."""

import re
import tracemalloc

import numpy as np
import pytest

from restoration.explore import tables
from restoration.explore.tables import TableFormat, read_table
from restoration.image.checks import ImageError


def test_columns_are_standardised_and_rows_are_points():
    lines = ["kind,height,weight,same,note"]
    lines += [f"{'ab'[index % 2]},{index},{100 - 3 * index},7,text {index}" for index in range(40)]
    table = read_table("\n".join(lines).encode())
    assert table.columns == ("height", "weight")
    assert {one.split(":")[0] for one in table.left_out} == {"same", "note"}
    np.testing.assert_allclose(table.data.images.mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(table.data.images.std(axis=0), 1, atol=1e-5)
    assert table.means.tolist() == [19.5, 41.5]


def test_the_kinds_of_csv_that_programs_write():
    rows = [(index, index**2, (-1) ** index * index) for index in range(20)]
    plain = "a,b,c\n" + "\n".join(",".join(map(str, row)) for row in rows)
    semicolons = "a;b;c\r\n" + "\r\n".join(";".join(f"{value},0" for value in row) for row in rows)
    tabs = "\ufeffa\tb\tc\n" + "\n".join("\t".join(map(str, row)) for row in rows) + "\n\n"
    expected = read_table(plain.encode())
    for text in (semicolons, tabs, f"sep=;\r\n{semicolons}"):
        np.testing.assert_allclose(read_table(text.encode()).data.images, expected.data.images, atol=1e-6)


def test_empty_cells_are_the_mean_and_text_columns_are_classes_or_left_out():
    lines = ["group,a,b,c,name"] + [f"{'xyz'[i % 3]},{i},{i * i if i % 10 else ''},{-i},n{i}" for i in range(30)]
    table = read_table("\n".join(lines).encode())
    assert table.data.label_names == ("x", "y", "z")
    assert [one.split(":")[0] for one in table.left_out] == ["name"]
    assert np.isfinite(table.data.images).all()
    assert (table.data.images[:, 1] == 0).sum() == 3
    for label, height in zip(
        table.data.labels, table.data.images[:, 0] * table.deviations[0] + table.means[0], strict=True
    ):
        assert round(float(height)) % 3 == label


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_a_table_of_any_encoding_has_its_headings(encoding):
    lines = ["größe\talter", *(f"{index}\t{index**2}" for index in range(12))]
    assert read_table("\r\n".join(lines).encode(encoding)).columns == ("größe", "alter")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "0 rows"),
        (b"a,b,c\n" + b"1,2,3\n" * 5, "5 rows"),
        (b"a,b,c\n" + b"1,2,3\n" * 20, "0 columns"),
        (b"a,b,c\n" + b"1,2,3\n" * 20 + b"1,2\n", "Line 22"),
        (b"a,b\n" + b"".join(b"%d,x\n" % i for i in range(20)), "1 columns"),
        (b"\0\x01" * 100, "no text"),
        (b'a,b,c\n"' + b"x" * 200_000, "read"),
        (b"a,b,c\n" + b"inf,nan,1e999\n" * 20, "columns"),
    ],
)
def test_what_is_no_table_is_a_sentence(content, words):
    with pytest.raises(ImageError, match=words):
        read_table(content)


def column(cells):
    """Return a table of two good columns, and one of these cells."""
    return "a,b,c\n" + "\n".join(f"{index},{index**2},{cell}" for index, cell in enumerate(cells))


@pytest.mark.parametrize(
    ("cells", "used", "said"),
    [
        (["0.1"] * 12, False, "all its values are equal"),  # their deviation rounds to 1e-17
        ([f"{index}e-200" for index in range(12)], False, "all its values are equal"),
        ([""] * 12, False, "it is empty"),
        (["NA" if index % 5 == 0 else index for index in range(20)], False, "4 of its 20 cells are no numbers"),
        (["oops" if index == 3 else index for index in range(20)], True, r"\(1\) count as its mean"),
        ([1e308 if index == 3 else index for index in range(20)], True, r"\(1\) count as its mean"),
    ],
)
def test_what_is_done_to_a_column_is_said(cells, used, said):
    table = read_table(column(cells).encode())
    assert ("c" in table.columns) == used
    assert re.search(rf"^c: .*{said}", table.left_out[0])
    assert len(table.left_out) == 1


def test_blanks_make_no_second_class():
    assert read_table(column(["x", "x ", " y"] * 5).encode()).data.label_names == ("x", "y")


def test_quotes_and_blank_lines_do_not_mislead():
    rows = [f"{index};{index**2}" for index in range(12)]
    assert read_table("\n".join(["", '"age, years";size', *rows]).encode()).columns == ("age, years", "size")
    with pytest.raises(ImageError, match=r"^Line 17 "):
        read_table("\n".join(["a;b", "", '"1\n";2', *rows, "3"]).encode())


def test_a_table_without_end_is_not_read_to_its_end():
    tracemalloc.start()
    with pytest.raises(ImageError, match="more than 20000 rows"):
        read_table(b"1\n" * 2_000_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 40_000_000


def test_limits_of_a_table(monkeypatch):
    monkeypatch.setattr(tables, "MAX_BYTES", 10)
    with pytest.raises(ImageError, match="MB"):
        read_table(b"a,b,c\n1,2,3\n")
    monkeypatch.undo()
    monkeypatch.setattr(tables, "MAX_COLUMNS", 2)
    with pytest.raises(ImageError, match="3 columns"):
        read_table(b"a,b,c\n" + b"1,2,3\n" * 20)


RENTS = ("950", "980", "1,050", "1,200", "1,430", "999", "2,500", "3,100", "875", "1,001", "640", "15,000")
MEAN_RENT = 29725 / 12


def rents(delimiter, marks=None):
    """Return a table of rents, their marks exchanged, in quotes where a cell holds the delimiter."""
    cells = [rent.translate(str.maketrans(marks or {})) for rent in RENTS]
    quoted = [f'"{cell}"' if delimiter in cell else cell for cell in cells]
    lines = [delimiter.join([str(1 + index % 4), str(20 + index), cell]) for index, cell in enumerate(quoted)]
    return "\n".join([delimiter.join(["rooms", "age", "rent"]), *lines]).encode()


@pytest.mark.parametrize(
    ("content", "thousands"),
    [
        (rents(","), "comma"),
        (rents("\t"), "comma"),
        (rents(";", {",": "."}), "point"),
        (rents(";", {",": " "}), "space"),
        (rents(";", {",": "\u202f"}), "space"),  # as French programs write it
        (rents(",", {",": "'"}), "apostrophe"),
        (rents(",", {",": "\u2019"}), "apostrophe"),
    ],
)
def test_marks_of_thousands_are_recognised_and_told(content, thousands):
    table = read_table(content)
    assert table.means[2] == pytest.approx(MEAN_RENT)
    assert any(f"The {thousands} separates thousands" in note and "is 1050." in note for note in table.notes)


def test_the_marks_can_be_chosen():
    assert read_table(rents(","), table_format=TableFormat(decimal=",")).means[2] == pytest.approx(
        np.mean([float(rent.replace(",", ".")) for rent in RENTS])
    )
    with pytest.raises(ImageError, match="comma cannot be"):
        TableFormat(decimal=",", thousands=",")


@pytest.mark.parametrize(
    ("cells", "decimal", "thousands", "third"),
    [
        (["0,5", "1,25", "3,125", "4"] * 3, ",", "", 3.125),  # a decimal comma, for two cells can be nothing else
        (["1.050,5", "2.000", "7", "10,25"] * 3, ",", ".", 7),
        (["1,050.5", "2,000", "7", "10.25"] * 3, ".", ",", 7),
        (["1,234,567", "2,000", "7", "8"] * 3, ".", ",", 7),
        (["5.125", "4.875", "0.625", "6.375"] * 3, ".", "", 0.625),
        (["5.125", "4.875", "1.625", "6.375"] * 3, ".", "", 1.625),
        (["1e-3", "2.5", "7.125", "9"] * 3, ".", "", 7.125),
        (["\u22121,5", "2,5", "-7,5", "9"] * 3, ",", "", -7.5),
    ],
)
def test_a_decimal_mark_and_a_mark_of_thousands_are_told_apart(cells, decimal, thousands, third):
    table = read_table("\n".join(["a;b", *(f"{index};{cell}" for index, cell in enumerate(cells))]).encode())
    assert (table.format.decimal, table.format.thousands) == (decimal, thousands)
    assert table.preview["b"][2] == third
    assert table.left_out == ()


def test_a_number_with_another_mark_is_told_and_not_guessed():
    cells = ["0,5", "1,5", "2,5", "3,5"] * 5 + ["3.5"]
    table = read_table("\n".join(["a;b", *(f"{index};{cell}" for index, cell in enumerate(cells))]).encode())
    assert table.left_out == ("b: cells that are no numbers below 1e100 (1) count as its mean.",)


FLOWERS = [f"{4 + index % 7 / 10},{3 - index % 5 / 10},{'ab'[index % 2]}" for index in range(20)]


def test_a_table_without_headings_keeps_its_first_row():
    table = read_table("\n".join(FLOWERS).encode())
    assert len(table.data) == 20
    assert table.columns == ("column 1", "column 2")
    assert table.data.label_names == ("a", "b")
    assert any("no headings" in note for note in table.notes)
    named = read_table("\n".join(FLOWERS).encode(), table_format=TableFormat(has_heading=True))
    assert len(named.data) == 19
    assert named.columns == ("4.0", "3.0")


@pytest.mark.parametrize(
    "heading",
    ["length,width,kind", "2019,2020,kind", ",,kind", "5.1 cm,b,c"],
)
def test_a_heading_is_no_row(heading):
    table = read_table("\n".join([heading, *FLOWERS]).encode())
    assert table.format.has_heading
    assert len(table.data) == 20


def test_numbered_pixels_are_headings():
    lines = [",".join(map(str, range(9))), *(",".join(str(row * pixel % 7) for pixel in range(9)) for row in range(30))]
    assert read_table("\n".join(lines).encode()).format.has_heading


LABELS = "\n".join(["label,p0,p1", *(f"{row % 10},{row * 37 % 251},{row * 91 % 241}" for row in range(40))]).encode()


def test_a_numeric_column_can_be_the_class_and_columns_can_be_left_out():
    table = read_table(LABELS)
    assert table.columns == ("label", "p0", "p1")
    assert (table.class_column, table.possible_classes) == (None, ("label",))
    table = read_table(LABELS, class_column="label")
    assert table.columns == ("p0", "p1")
    assert table.data.label_names == tuple("0123456789")
    assert [int(table.data.label_names[label]) for label in table.data.labels] == [
        (row - 1) % 10 for row in table.data.points
    ]
    table = read_table(LABELS, without=["label"])
    assert table.columns == ("p0", "p1")
    assert table.data.label_names == ("rows",)
    assert table.left_out == ("label: left out, as chosen.",)
    with pytest.raises(ImageError, match="p0 has 40 different values; classes are 2 to 20"):
        read_table(LABELS, class_column="p0")
    with pytest.raises(ImageError, match="column"):
        read_table(LABELS, class_column="colour")
    text = "\n".join(FLOWERS).encode()
    no_class = read_table(text, class_column="")
    assert no_class.class_column is None
    assert no_class.left_out == ("column 3: left out, it is text.",)


def test_numeric_classes_are_in_the_order_of_their_numbers():
    lines = ["label,a,b", *(f"{(9, 10, 2)[row % 3]},{row},{row * row}" for row in range(30))]
    assert read_table("\n".join(lines).encode(), class_column="label").data.label_names == ("2", "9", "10")


def test_empty_cells_that_count_as_the_mean_are_told():
    lines = ["a,b", *(f"{row},{row * row if row % 5 else ''}" for row in range(20))]
    assert read_table("\n".join(lines).encode()).notes == ("b: empty cells (4) count as its mean.",)


def test_an_encoding_is_recognised_told_and_changeable():
    lines = ["größe;straße", *(f"{row};{row * row}" for row in range(12))]
    content = "\n".join(lines).encode("cp1252")
    table = read_table(content)
    assert table.columns == ("größe", "straße")
    assert table.notes == ("The text is read as Western European (Windows-1252).",)
    with pytest.raises(ImageError, match="not in the encoding UTF-8"):
        read_table(content, table_format=TableFormat(encoding="utf-8"))
    assert read_table(content, table_format=TableFormat(encoding="cp1251")).columns == ("grцЯe", "straЯe")


def test_a_delimiter_is_recognised_beside_decimal_commas_and_without_headings():
    lines = [f"{row},5;{row * row},25;{'ab'[row % 2]}" for row in range(12)]
    table = read_table("\n".join(lines).encode())
    assert (table.format.delimiter, table.format.decimal, table.format.has_heading) == (";", ",", False)
    assert table.means[0] == 6.0
