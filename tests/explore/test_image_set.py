"""Uploaded images and zips as data sets, and hostile zips."""

import io
import stat
import tracemalloc
import zipfile

import numpy as np
import pytest
from PIL import Image

from restoration.explore import image_set, text_encoding
from restoration.explore.csv_table import csv_table
from restoration.explore.image_set import read_image_set
from restoration.explore.tables import read_table
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
    monkeypatch.undo()
    monkeypatch.setattr(image_set, "MAX_SUM_MEGAPIXELS", 0.005)  # of 40 x 30 pixels, 1200 each
    refused([("solid.zip", zipped(good))], "0.005 megapixels together")
    assert len(read_image_set(good[:4]).data.images) == 4


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


class RawName(zipfile.ZipInfo):
    """A member of a zip whose name is written as the given bytes, declared as nothing."""

    def __init__(self, name):
        super().__init__(name.hex())
        self.raw = name

    def _encodeFilenameFlags(self):  # noqa: N802
        return self.raw, 0


def zip_of_folders(folders, encoding):
    """Return a zip of two pictures a folder; it does not declare the encoding of their names."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for folder in folders:
            for index in range(2):
                archive.writestr(RawName(f"{folder}/{index}.png".encode(encoding)), picture(RED))
    return file.getvalue()


@pytest.mark.parametrize(
    ("folders", "encoding"),
    [
        (("Käs", "Mül"), "utf-8"),
        (("Käs", "Mül"), "cp1252"),
        (("Käs", "Mül"), "cp437"),
        (("Кошка", "Собака"), "cp866"),
        (("ねこ", "写真"), "cp932"),
        (("ねこ", "写真"), "utf-8"),
    ],
)
def test_names_of_a_zip_that_does_not_declare_their_encoding(folders, encoding):
    made = read_image_set([("set.zip", zip_of_folders(folders, encoding))])
    assert made.data.label_names == tuple(sorted(folders))
    (note,) = made.notes
    assert text_encoding.ENCODINGS[made.name_encoding] in note


def test_the_encoding_of_names_can_be_chosen():
    content = zip_of_folders(("Käs", "Mül"), "utf-8")
    assert read_image_set([("set.zip", content)], name_encoding="cp437").data.label_names == ("K├ñs", "M├╝l")
    with pytest.raises(PhotoError, match="names in this zip are not in the encoding UTF-8"):
        read_image_set([("set.zip", zip_of_folders(("Käs", "Mül"), "cp1252"))], name_encoding="utf-8")
    declared = read_image_set([("set.zip", zipped([(f"Käs/{index}.png", picture(RED)) for index in range(4)]))])
    assert declared.data.label_names == ("Käs",)
    assert (declared.notes, declared.name_encoding) == ((), None)


def glyph(index, ink):
    """Return a shape that only the alpha channel draws, and where it is drawn."""
    alpha = np.zeros((32, 32), np.uint8)
    alpha[4 : 10 + 2 * index, 4 + 3 * index : 12 + 3 * index] = 255
    file = io.BytesIO()
    Image.fromarray(np.dstack([np.full((32, 32, 3), ink, np.uint8), alpha])).save(file, "PNG")
    return file.getvalue(), alpha > 0


@pytest.mark.parametrize(("ink", "paper"), [(0, 1), (255, 0)])
def test_shapes_that_only_transparency_draws_differ(ink, paper):
    files, shapes = zip(*(glyph(index, ink) for index in range(6)), strict=True)
    made = read_image_set([(str(index), content) for index, content in enumerate(files)], color=False)
    assert made.data.images.std(axis=0).max() > 0.2
    for image, point in zip(made.data.images, made.data.points, strict=True):
        assert np.array_equal(image[..., 0], np.where(shapes[int(point)], 1 - paper, paper))
    assert made.notes == ("Pictures with transparency (6) are laid on white, or on black if white hides them.",)


def test_progress_is_reported_and_may_stop_the_reading():
    reported = []
    read_image_set([("a", picture(RED))] * 4, progress=lambda done, total: reported.append((done, total)))
    assert reported == [(1, 4), (2, 4), (3, 4), (4, 4)]


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
    text = csv_table({"point": data.points, "error": np.zeros(8)})
    assert text.splitlines()[1] == f"{data.points[0]},0"
