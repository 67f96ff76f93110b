"""K-means and purity."""

import numpy as np
import pytest

from restoration.explore.clusters import k_means, purity


def test_k_means_finds_clusters_and_purity_measures_them():
    generator = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], 50)
    codes = np.array([[0, 0], [9, 0], [0, 9]])[labels] + generator.normal(0, 0.5, (150, 2))
    assigned, centres = k_means(codes, 3)
    assert purity(assigned, labels) == 1
    assert sorted(np.rint(centres).astype(int).tolist()) == [[0, 0], [0, 9], [9, 0]]
    assert purity(np.zeros(150, int), labels) == pytest.approx(1 / 3)
    assert np.array_equal(k_means(codes, 3)[0], assigned)
