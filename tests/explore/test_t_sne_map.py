"""t-SNE."""

import numpy as np

from restoration.explore.t_sne_map import t_sne

RED, GREEN, BLUE = ((255, 0, 0), (0, 255, 0), (0, 0, 255))


def test_t_sne_keeps_neighbours_together():
    random = np.random.default_rng(0)
    labels = np.repeat(range(3), 40)
    codes = (10 * np.eye(8)[labels] + random.normal(size=(120, 8))).astype(np.float32)
    places = t_sne(codes)
    np.testing.assert_array_equal(places, t_sne(codes))
    distances = np.linalg.norm(places[:, None] - places, axis=-1) + 1e9 * np.eye(120)
    assert (labels[distances.argmin(axis=1)] == labels).mean() > 0.98
