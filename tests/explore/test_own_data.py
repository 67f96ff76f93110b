"""The visitor's own pictures and tables: what becomes of them, and what an attacker gets."""

import io
import re
import stat
import tracemalloc
import zipfile

import numpy as np
import pytest
from PIL import Image

from restoration.explore import image_set, tables
from restoration.explore.image_set import read_image_set
from restoration.explore.pca import Pca
from restoration.explore.t_sne_map import codes_as_csv, t_sne
from restoration.explore.tables import read_table, synthetic_questionnaire
from restoration.image.checks import ImageError
from restoration.photo import PhotoError


def picture(color, size=(40, 30), kind="PNG"):
    file = io.BytesIO()
    Image.new("RGB", size, color).save(file, kind)
    return file.getvalue()


RED, GREEN, BLUE = ((255, 0, 0), (0, 255, 0), (0, 0, 255))


def zipped(members, method=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return file.getvalue()


def test_several_files_become_one_set():
    made = read_image_set([(f"{index}.png", picture(RED)) for index in range(10)], side=16)
    assert made.data.images.shape == (10, 16, 16, 3)
    assert made.data.images.dtype == np.float32
    np.testing.assert_allclose(made.data.images, np.broadcast_to([1, 0, 0], (10, 16, 16, 3)), atol=1e-6)
    assert len(made.data.train) == 8
    assert made.data.label_names == ("pictures",)
    assert made.left_out == ()
    assert (
        read_image_set([("a.zip", zipped([(f"{i}.png", picture(RED)) for i in range(4)]))], color=False).data.shape[-1]
        == 1
    )


def test_folders_of_a_zip_are_classes_and_junk_is_nothing():
    members = [(f"set/red/{index}.png", picture(RED)) for index in range(3)]
    members += [(f"set\\blue\\{index}.jpg", picture(BLUE, kind="JPEG")) for index in range(3)]
    members += [
        ("__MACOSX/set/red/._0.png", b"x"),
        ("set/red/.DS_Store", b"x"),
        ("set/Thumbs.db", b"x"),
        ("set/red/", b""),
    ]
    made = read_image_set([("set.zip", zipped(members))])
    assert made.left_out == ()
    assert made.data.label_names == ("blue", "red")
    for image, label in zip(made.data.images, made.data.labels, strict=True):
        assert image[..., 0 if label == 1 else 2].mean() > 0.9


def test_the_middle_square_is_taken_and_a_small_picture_enlarged():
    file = io.BytesIO()
    wide = np.zeros((8, 24, 3), np.uint8)
    wide[:, 8:16] = 255
    Image.fromarray(wide).save(file, "PNG")
    made = read_image_set([("a", file.getvalue())] * 4, side=32)
    assert made.data.images.min() > 0.99


def test_what_is_no_picture_is_named_and_left_out():
    members = [(f"{index}.png", picture(GREEN)) for index in range(4)] + [
        ("notes.txt", b"hello"),
        ("cut.png", picture(RED)[:60]),
    ]
    made = read_image_set([("all.zip", zipped(members))])
    assert len(made.data) == 4
    assert len(made.left_out) == 2
    assert {one.split(":")[0] for one in made.left_out} == {"notes.txt", "cut.png"}


def with_a_link(content):
    file = io.BytesIO(content)
    with zipfile.ZipFile(file, "a") as archive:
        link = zipfile.ZipInfo("link.png")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    return file.getvalue()


def test_members_that_are_tricks_are_left_out_by_name():
    good = [(f"{index}.png", picture(GREEN)) for index in range(4)]
    tricks = [
        ("../up.png", picture(RED)),
        ("/etc/abs.png", picture(RED)),
        ("C:/windows.png", picture(RED)),
        ("inner.zip", zipped(good)),
        ("bomb.png", bytes(20_000_000)),
    ]
    made = read_image_set([("tricks.zip", with_a_link(zipped(good + tricks)))])
    assert len(made.data) == 4
    said = " ".join(made.left_out)
    for name, why in [
        ("up.png", "out of the archive"),
        ("abs.png", "out of the archive"),
        ("windows.png", "out of the archive"),
        ("inner.zip", "zip inside"),
        ("bomb.png", "100 times"),
        ("link.png", "link"),
    ]:
        assert f"{name}: left out" in said
        assert why in said


def test_a_picture_of_too_many_pixels_is_left_out_before_it_is_decoded():
    file = io.BytesIO()
    Image.new("1", (6000, 6000)).save(file, "PNG")
    made = read_image_set([("huge.png", file.getvalue()), *[("a.png", picture(RED))] * 4])
    assert "36 megapixels" in made.left_out[0]


def refused(uploads, words):
    with pytest.raises(PhotoError, match=words) as caught:
        read_image_set(uploads)
    assert str(caught.value).endswith((".", ". "))


def test_limits_of_a_zip(monkeypatch):
    good = [(f"{index}.png", picture(GREEN)) for index in range(6)]
    refused([("broken.zip", zipped(good)[:-30])], "damaged")
    damaged = bytearray(zipped(good, zipfile.ZIP_STORED))
    damaged[damaged.find(b"IDAT") + 6] ^= 255
    refused([("checksum.zip", bytes(damaged))], "damaged")
    refused([("empty.zip", zipped([("a.txt", b"x")]))], "0 pictures")
    refused([("one.png", picture(RED))], "needs 4")
    monkeypatch.setattr(image_set, "MAX_BYTES", 500)
    refused([("large.zip", zipped(good))], "unpacks to more")
    refused([(name, content) for name, content in good], "together")
    monkeypatch.undo()
    monkeypatch.setattr(image_set, "MAX_FILES", 5)
    refused([("many.zip", zipped(good))], "6 files; the limit is 5")
    refused(good, "6 files; the limit is 5")
    refused([("millions.zip", zipped([(f"{i}.txt", b"") for i in range(21)]))], "21 entries")


def test_a_size_that_lies_unpacks_no_further():
    """A member that declares fewer bytes than it holds is damaged, not unpacked."""
    content = bytearray(zipped([("a.png", bytes(100_000)), *[(f"{i}.png", picture(RED)) for i in range(4)]]))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = content.find(signature) + offset
        content[at : at + 4] = (1000).to_bytes(4, "little")
    refused([("lies.zip", bytes(content))], "damaged")


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_bomb_that_lies_about_its_size_takes_no_memory(method):
    """It declares less than the ratio forbids, and holds a hundred times as much."""
    content = bytearray(zipped([("a.png", bytes(90_000_000))], method))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = content.find(signature) + offset
        content[at : at + 4] = (900_000).to_bytes(4, "little")
    tracemalloc.start()
    with pytest.raises(PhotoError, match=r"damaged|pictures could be read"):
        read_image_set([("bomb.zip", bytes(content))])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10_000_000


def test_progress_is_told_and_may_end_the_work():
    told = []
    read_image_set([("a", picture(RED))] * 4, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


# ---- tables


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


def test_t_sne_keeps_neighbours_together():
    random = np.random.default_rng(0)
    labels = np.repeat(range(3), 40)
    codes = (10 * np.eye(8)[labels] + random.normal(size=(120, 8))).astype(np.float32)
    places = t_sne(codes)
    np.testing.assert_array_equal(places, t_sne(codes))
    distances = np.linalg.norm(places[:, None] - places, axis=-1) + 1e9 * np.eye(120)
    assert (labels[distances.argmin(axis=1)] == labels).mean() > 0.98


def test_codes_go_home_as_a_table():
    text = codes_as_csv(
        np.array([0, 1]), ("a", "b"), {"pca": np.array([[1.0, 2], [3, 4]]), "error": np.array([0.5, 0.25])}
    )
    assert text == "point,class,pca 1,pca 2,error\n0,a,1,2,0.5\n1,b,3,4,0.25\n"


def test_codes_can_be_joined_to_the_table_or_the_files_they_came_from():
    lines = [f"{row},{row * row % 7},{'even' if row % 2 == 0 else 'odd'}" for row in range(1, 21)]
    data = read_table("\n".join(["a,b,kind", *lines]).encode()).data
    assert sorted(data.points) == list(range(1, 21))
    for part in (data.train, data.test):
        assert [data.label_names[label] == "even" for label in part.labels] == [row % 2 == 0 for row in part.points]
    members = [
        (f"{name}/{index}.png", picture(color)) for name, color in (("red", RED), ("blue", BLUE)) for index in range(4)
    ]
    data = read_image_set([("set.zip", zipped(members))]).data
    assert sorted(data.points) == sorted(name for name, _ in members)
    for image, point in zip(data.images, data.points, strict=True):
        assert ("red" if image[0, 0, 0] > image[0, 0, 2] else "blue") == point.split("/")[0]
    text = codes_as_csv(data.labels, data.label_names, {"error": np.zeros(8)}, data.points)
    assert text.splitlines()[1] == f"{data.points[0]},{data.label_names[data.labels[0]]},0"
