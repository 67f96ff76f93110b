"""Resizing is what Matlab's `imresize` does, and leaves a plain image plain."""

import numpy as np
import pytest

from restoration.image.resample import bicubic_weights, resize, shrink
from restoration.photo import Photo


def test_small_pictures_of_the_benchmarks_are_made_again(shared):
    """Matlab's bicubic reduction, up to the rounding of what lies at the picture's edge."""
    folder = shared("bench") / "set5"
    for scale in (2, 3, 4):
        for path in sorted(folder.glob("???.png")):
            large = folder / f"{path.stem}_hr_x{scale}.png"
            made = shrink(Photo.open(large if large.exists() else path).pixels, scale)
            given = Photo.open(folder / f"{path.stem}_x{scale}.png").pixels
            assert made.shape == given.shape
            assert np.abs(made - given)[4:-4, 4:-4].max() < 1.01 / 255
            assert (np.abs(made - given) > 0.5 / 255).mean() < 0.03


@pytest.mark.parametrize("kernel", ["nearest", "bilinear", "bicubic", "lanczos"])
def test_resizing_keeps_a_plain_picture_plain_up_to_its_edges(kernel):
    plain = np.full((9, 7, 3), 0.3, np.float32)
    for size in [(1, 1), (3, 20), (18, 14), (31, 2)]:
        np.testing.assert_allclose(resize(plain, *size, kernel), np.full((*size, 3), 0.3), atol=1e-6)


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_bicubic_weights_are_those_of_resize(scale):
    impulse = np.zeros((1, 9, 1), np.float32)
    impulse[0, 4] = 1
    places = resize(impulse, 1, 9 * scale)[0, :, 0].reshape(9, scale)
    np.testing.assert_allclose(places[2:7][::-1].T, bicubic_weights(scale), atol=1e-6)
