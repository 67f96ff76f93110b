"""Interpolation along lines, arcs and over squares."""

import numpy as np

from restoration.explore import interpolation


def test_the_arc_keeps_the_length_and_halves_the_angle():
    generator = np.random.default_rng(0)
    first, second = generator.normal(size=(2, 16))
    second *= np.linalg.norm(first) / np.linalg.norm(second)
    way = interpolation.interpolate(first, second, np.linspace(0, 1, 9), "sphere")
    assert np.allclose(np.linalg.norm(way, axis=1), np.linalg.norm(first), rtol=1e-5)
    steps = np.sum(way[1:] * way[:-1], axis=1) / np.linalg.norm(first) ** 2
    assert np.allclose(np.arccos(steps), np.arccos(steps).mean(), atol=1e-3)
    assert np.array_equal(way[0], first.astype(np.float32))
    assert np.array_equal(way[-1], second.astype(np.float32))
    for other in (first, -first, 0 * first):  # no arc: along the line
        assert np.isfinite(interpolation.interpolate(first, other, [0.5], "sphere")).all()


def test_a_square_has_its_corners():
    corners = np.random.default_rng(0).random((4, 5)).astype(np.float32)
    square = interpolation.interpolate_square(corners, 7)
    assert square.shape == (7, 7, 5)
    assert np.array_equal(square[[0, 0, -1, -1], [0, -1, 0, -1]], corners)
    assert np.allclose(square[3, 3], corners.mean(axis=0), atol=1e-6)
