"""The boxes of AVIF files: what other encoders write is no damage."""

import io
import struct

import numpy as np
import pytest
from PIL import Image

from restoration.photo import Photo, PhotoError, heif_boxes

SPLIT = 16  # bytes of one box more: size, kind, version, number of entries


@pytest.fixture(scope="module")
def avif():
    """Give an AVIF file with alpha, as libavif writes it: one box tells the properties of both pictures."""
    samples = np.random.default_rng(0).integers(0, 256, (24, 32, 4), np.uint8)
    file = io.BytesIO()
    Image.fromarray(samples).save(file, "AVIF", quality=90)
    return file.getvalue()


def with_a_box_each(data):
    """Tell the properties of each picture in a box of its own, as Nokia's encoder does."""
    at = data.index(b"ipma")
    (size,) = struct.unpack_from(">I", data, at - 4)
    head, entries = data[at : at + 8], data[at + 12 : at + size - 4]
    cut = 3 + entries[2]  # item, number of properties, properties
    parts = [head + struct.pack(">I", 1) + part for part in (entries[:cut], entries[cut:])]
    boxes = b"".join(struct.pack(">I", 4 + len(part)) + part for part in parts)
    file = bytearray(data[: at - 4] + boxes + data[at - 4 + size :])
    assert len(file) == len(data) + SPLIT
    for box in (b"iprp", b"meta"):
        place = file.index(box) - 4
        struct.pack_into(">I", file, place, SPLIT + struct.unpack_from(">I", file, place)[0])
    place = file.index(b"iloc") + 8
    assert file[place : place + 2] == b"\x44\0"  # places and lengths of four bytes each
    for item in range(2):
        where = place + 4 + item * 14 + 6
        struct.pack_into(">I", file, where, SPLIT + struct.unpack_from(">I", file, where)[0])
    return bytes(file)


def test_properties_told_in_a_box_for_each_picture_are_no_damage(avif):
    other = with_a_box_each(avif)
    assert len(heif_boxes.one_association(other)) == len(other)
    expected, photo = Photo.open(avif), Photo.open(other)
    assert np.array_equal(photo.pixels, expected.pixels)
    assert np.array_equal(photo.alpha, expected.alpha)
    assert np.ptp(photo.alpha) > 0.5
    assert photo.notes == photo.damage == ()
    assert heif_boxes.main_properties(heif_boxes.one_association(other)) == heif_boxes.main_properties(avif)


def test_nothing_else_is_changed_and_damage_is_one_sentence(avif):
    assert heif_boxes.one_association(avif) is avif
    other = bytearray(with_a_box_each(avif))
    generator = np.random.default_rng(0)
    boxes = other.index(b"iprp"), other.index(b"mdat")
    for _ in range(300):
        broken = bytearray(other)
        broken[generator.integers(*boxes)] ^= int(generator.integers(1, 256))
        heif_boxes.one_association(bytes(broken))
    for length in (40, boxes[0] + 30, boxes[1]):
        with pytest.raises(PhotoError):
            Photo.open(bytes(other[:length]))
