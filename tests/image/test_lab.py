"""CIELAB agrees with scikit-image's, keeps lightness where sRGB ends, and tells gray and toned from coloured."""

import numpy as np

from restoration.image import lab
from restoration.photo.sample_photos import sample


def test_cielab_is_that_of_scikit_image_and_comes_back():
    from skimage.color import rgb2lab

    image = np.random.default_rng(0).random((40, 50, 3), np.float32)
    found = lab.to_lab(image)
    np.testing.assert_allclose(found, rgb2lab(image), atol=0.02)
    np.testing.assert_allclose(lab.from_lab(found[..., 0], found[..., 1:]), image, atol=1e-4)
    np.testing.assert_allclose(lab.lightness(lab.to_gray(image)), found[..., 0], atol=0.01)


def test_a_colour_that_srgb_lacks_gets_paler_and_neither_lighter_nor_another_hue():
    light = np.linspace(2, 98, 40, dtype=np.float32)
    for hue in np.linspace(0, 2 * np.pi, 12, endpoint=False):
        wanted = np.tile(np.float32([np.cos(hue), np.sin(hue)]), (40, 1))
        found = lab.to_lab(lab.from_lab(light, 130 * wanted))
        np.testing.assert_allclose(found[:, 0], light, atol=0.1)
        along = (found[:, 1:] * wanted).sum(axis=1)
        assert (along > 0).all()
        across = found[:, 1:] - along[:, None] * wanted
        assert np.abs(across).max() < 0.5
        assert np.abs(lab.from_lab(light, found[:, 1:]) - lab.from_lab(light, 130 * wanted)).max() < 0.02


def test_toned_prints_are_told_from_coloured_and_gray_ones():
    cat = sample("Cat").pixels
    gray = lab.to_gray(cat)
    assert lab.toning(cat) == "coloured"
    assert lab.toning(gray) == lab.toning(np.repeat(gray, 3, axis=-1)) == "gray"
    for tone in ([1.0, 0.85, 0.65], [0.7, 0.85, 1.0]):
        assert lab.toning(gray ** np.float32([[tone]])) == "toned"
        assert lab.toning(gray * np.float32([[tone]])) == "toned"
