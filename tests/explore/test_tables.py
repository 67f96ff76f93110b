"""CSV tables as data sets."""

import re
import tracemalloc

import numpy as np
import pytest

from restoration.explore import tables
from restoration.explore.pca import Pca
from restoration.explore.tables import read_table, synthetic_questionnaire
from restoration.image.checks import ImageError

RED, GREEN, BLUE = ((255, 0, 0), (0, 255, 0), (0, 0, 255))


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


def test_the_made_up_questionnaire_has_the_four_traits_it_was_made_with():
    text = synthetic_questionnaire(1000)
    assert text == synthetic_questionnaire(1000)
    assert text != synthetic_questionnaire(1000, seed=1)
    table = read_table(text.encode())
    assert len(table.columns) + 1 == 49
    assert "made-up" in text.splitlines()[0]
    assert len(table.data.label_names) == 3
    shares = Pca(table.data.images, 10).shares
    assert shares[3] > 3 * shares[4]  # four axes stand out
