"""Drawn images are repeatable and clean: what is not an edge is even."""

import numpy as np
import pytest

from restoration.degrade.graphics import GRAPHICS_KINDS, draw_graphics


@pytest.mark.parametrize("kind", [*GRAPHICS_KINDS, None])
def test_drawings_are_repeatable_and_of_8_bits(kind):
    drawn = draw_graphics(50, 70, kind=kind, seed=4)
    assert drawn.shape == (50, 70, 3)
    assert drawn.dtype == np.float32
    assert 0 <= drawn.min() <= drawn.max() <= 1
    np.testing.assert_allclose(drawn * 255, np.rint(drawn * 255), atol=1e-4)
    np.testing.assert_array_equal(drawn, draw_graphics(50, 70, kind=kind, seed=4))
    assert any(not np.array_equal(drawn, draw_graphics(50, 70, kind=kind, seed=seed)) for seed in (5, 6))


@pytest.mark.parametrize("kind", GRAPHICS_KINDS)
def test_drawings_are_clean(kind):
    generator = np.random.default_rng(0)
    for seed in range(20):
        drawn = draw_graphics(96, 96, kind=kind, seed=seed)
        noisy = np.rint(255 * drawn + generator.normal(0, 1, drawn.shape)) / 255
        if kind == "gradient":  # small steps one way, where noise goes up and down
            assert np.median(steps_between_columns(drawn)) < 0.01
            assert changes_of_direction(drawn) < 0.01 < changes_of_direction(noisy)
        else:
            assert (steps_between_columns(drawn) == 0).mean() > 0.45
            assert (steps_between_columns(noisy) == 0).mean() < 0.1


def steps_between_columns(image):
    """Return the largest step of a channel from each pixel to its right neighbour."""
    return np.abs(np.diff(image, axis=1)).max(axis=-1)


def changes_of_direction(image):
    """Return the share of the pixels that are above or below both of their neighbours in the row."""
    steps = np.sign(np.diff(image, axis=1))
    return (steps[:, 1:] * steps[:, :-1] < 0).mean()
