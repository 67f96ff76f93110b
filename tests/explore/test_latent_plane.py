"""The plane of codes: its extent, grid and gaps; and random codes."""

import numpy as np
import pytest

from restoration.explore import latent_plane


def test_the_extent_is_a_square_with_nearly_all_codes_inside():
    codes = np.random.default_rng(0).normal([3, -1], [1, 0.2], (4000, 2))
    left, right, bottom, top = latent_plane.extent(codes)
    assert right - left == pytest.approx(top - bottom)
    inside = (codes > [left, bottom]).all(axis=1) & (codes < [right, top]).all(axis=1)
    assert inside.mean() > 0.98
    assert right - left < 8


def test_the_grid_runs_from_the_top_left():
    codes = latent_plane.grid((0, 4, 10, 14), 4)
    assert codes[0].tolist() == [0.5, 13.5]
    assert codes[3].tolist() == [3.5, 13.5]
    assert codes[-1].tolist() == [3.5, 10.5]


def test_gaps_are_distances_in_widths():
    far = latent_plane.gaps(np.array([[0.5, 3.5]]), (0, 4, 0, 4), 4)
    assert far[0].tolist() == [0, 0.25, 0.5, 0.75]
    assert far[3, 0] == 0.75


def test_random_codes_are_normal_or_like_others():
    assert np.allclose(latent_plane.sample_codes(4000, 3, 0).std(axis=0), 1, atol=0.05)
    others = np.random.default_rng(1).normal([5, -2], [0.1, 3], (1000, 2))
    drawn = latent_plane.sample_codes(4000, 2, 0, others)
    assert np.allclose(drawn.mean(axis=0), [5, -2], atol=0.2)
    assert np.allclose(drawn.std(axis=0), [0.1, 3], rtol=0.1)
