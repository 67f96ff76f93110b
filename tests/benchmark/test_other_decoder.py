"""Files opened here and by OpenCV: the same, other pixels, or refused."""

import io

import numpy as np
import pytest
from PIL import Image

from restoration.benchmark.other_decoder import OTHER, REFUSED_BOTH, REFUSED_HERE, SAME, compare

PIXELS = np.random.default_rng(0).integers(0, 256, (8, 12, 4), np.uint8)


def file_of(pixels, file_format, **settings):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, file_format, **settings)
    return file.getvalue()


def test_colours_are_compared():
    assert compare(file_of(PIXELS[..., :3], "BMP")).outcome == SAME
    assert compare(file_of(PIXELS, "PNG")).outcome == SAME
    exif = Image.Exif()
    exif[274] = 6
    turned = compare(file_of(PIXELS[..., :3], "AVIF", exif=exif))  # OpenCV leaves it as it is
    assert (turned.outcome, turned.told) == (OTHER, "(12, 8) here, (8, 12) there")


@pytest.mark.parametrize(("data", "outcome"), [(b"x" * 99, REFUSED_BOTH), (b"P5 1 1 255\n\x80", REFUSED_HERE)])
def test_a_refusal_is_told(data, outcome):
    found = compare(data)
    assert found.outcome == outcome
    assert found.told.startswith("This file is not a photograph")
