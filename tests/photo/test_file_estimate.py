"""How large a file will be, told from tiles of the photograph."""

import numpy as np
import pytest

from restoration.photo import Photo
from restoration.photo.file_estimate import estimate_file
from restoration.photo.sample_photos import sample


@pytest.fixture(scope="module")
def photo():
    """Give 0.6 megapixels of two photographs, with some noise: no part is as compressible as another."""
    pixels = np.vstack([np.resize(sample(name).pixels, (350, 900, 3)) for name in ("Cat", "Coffee cup")])
    noisy = pixels + np.random.default_rng(0).normal(0, 2 / 255, pixels.shape)
    return Photo(noisy.clip(0, 1).astype(np.float32), alpha=np.ones(pixels.shape[:2], np.float32), bits=16)


@pytest.mark.parametrize("file_format", ["PNG", "TIFF", "JPEG", "WebP"])
def test_the_size_is_about_that_of_the_file(photo, file_format):
    estimate = estimate_file(photo, file_format)
    assert estimate.size == pytest.approx(len(photo.to_bytes(file_format)), rel=0.1)
    assert estimate.seconds > 0


@pytest.mark.parametrize("shape", [(1, 1, 1), (3, 2000, 3)])
def test_of_a_small_photo_the_size_is_exact_but_for_metadata(shape):
    photo = Photo(np.random.default_rng(0).random(shape, np.float32))
    assert estimate_file(photo, "PNG").size == pytest.approx(len(photo.to_bytes("PNG")), rel=0.2)
