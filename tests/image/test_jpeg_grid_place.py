"""Where JPEG's grid lies is found in a crop, and nothing is found where no JPEG was."""

import numpy as np
import pytest

from restoration.degrade.noise import add_noise, compress
from restoration.image.jpeg_grid import blockiness, place_in_jpeg_grid
from restoration.photo.sample_photos import sample

CROP = sample("Coffee cup").pixels[40:204, 60:300]


@pytest.mark.parametrize("corner", [(0, 0), (3, 5), (7, 1), (4, 6)])
@pytest.mark.parametrize(("quality", "sigma"), [(15, 0), (50, 0), (50, 15)])
def test_the_place_is_found_at_any_corner(corner, quality, sigma):
    file = compress(add_noise(CROP, level=sigma / 255), quality, corner=corner)
    assert place_in_jpeg_grid(file) == corner
    large = np.tile(file[4:132, 3:227], (9, 6, 1))[2:, 1:]  # measured in its middle
    assert place_in_jpeg_grid(large) == ((corner[0] + 6) % 8, (corner[1] + 4) % 8)


def test_noise_a_plain_area_and_a_small_image_have_no_grid():
    noise = np.random.default_rng(0).random((200, 300, 3), np.float32)
    for image in (noise, np.full((100, 100, 1), 0.5, np.float32), compress(CROP[:60, :60], 15, corner=(3, 5))):
        assert place_in_jpeg_grid(image) == (0, 0)
    assert blockiness(noise[:20, :20]) == 0
