"""Photo: colours that nobody sees do not spread, and pictures are laid on paper that they show on."""

import numpy as np
import pytest
from photo_fixtures import as_photo, decoded

from restoration.photo import Photo


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("opacity", [0, 1, 7])
def test_colours_under_low_alpha_neither_spread_nor_vanish(bits, opacity):
    step = 1 if bits == 8 else 257
    array = np.full((20, 20, 3), (10, 200, 30), f"uint{bits}") * step
    alpha = np.full((20, 20), 255, f"uint{bits}") * step
    array[:, 12:], alpha[:, 12:] = np.array((255, 0, 255)) * step, opacity * step
    photo = Photo.open(as_photo(array, alpha).to_bytes())
    assert np.abs(photo.pixels - np.float32((10, 200, 30)) / 255).max() < 1e-6
    assert np.array_equal(np.rint(photo.alpha * 255), alpha // step)
    assert np.array_equal(decoded(photo.to_bytes()), np.dstack([array, alpha]))
    written = decoded(photo.with_pixels(photo.pixels * 0.5).to_bytes())
    assert np.array_equal(written[:, 12:], np.dstack([array, alpha])[:, 12:])
    assert np.abs(written[:, :12, :3].astype(int) / step - (5, 100, 15)).max() <= 1


def test_colours_that_are_seen_are_the_files():
    array = np.random.default_rng(0).integers(0, 256, (20, 20, 3), np.uint8)
    alpha = np.full((20, 20), 9, np.uint8)
    assert np.array_equal(np.rint(Photo.open(as_photo(array, alpha).to_bytes()).pixels * 255), array)


@pytest.mark.parametrize(("ink", "paper"), [(0, 1), (0.5, 1), (1, 0)])
@pytest.mark.parametrize("channels", [1, 3])
def test_a_shape_on_transparency_shows_on_paper(ink, paper, channels):
    alpha = np.zeros((16, 16), np.float32)
    alpha[4:12, 4:12] = 1
    alpha[2, 2] = 0.5
    shape = Photo(pixels=np.full((16, 16, channels), ink, np.float32), alpha=alpha).on_paper()
    assert shape.shape == (16, 16, channels)
    assert (shape[0, 0] == paper).all()
    assert (shape[6, 6] == ink).all()
    assert shape[2, 2] == pytest.approx([(ink + paper) / 2] * channels)


def test_an_opaque_photo_needs_no_paper():
    photo = Photo(pixels=np.random.default_rng(0).random((4, 4, 3), np.float32))
    assert photo.on_paper() is photo.pixels
