"""The pairs that networks of repair learn from are what they say."""

import numpy as np

from restoration.photo.sample_photos import sample
from restoration.train import damage_pairs
from restoration.train.damage_pairs import completion_pair, damage_pair

CAT = sample("Cat").pixels[:96, :96]


def drawn(pair, count=60):
    return [pair(np.random.default_rng(seed), CAT) for seed in range(count)]


def test_damage_pairs_are_an_image_and_a_mask():
    pairs = drawn(damage_pair)
    for given, truth in pairs:
        assert given.shape == (96, 96, 3)
        assert truth.shape == (96, 96, 1)
        assert given.dtype == truth.dtype == np.float32
        assert np.isfinite(given).all()
        assert set(np.unique(truth)) <= {0, 1}
    clean = np.mean([not truth.any() for _, truth in pairs])
    assert 0.2 < clean < 0.5
    gray = np.mean([np.ptp(given, axis=-1).mean() < 0.03 for given, _ in pairs])
    assert 0.1 < gray < 0.6


def test_completion_pairs_are_zero_in_their_holes_and_true_elsewhere():
    for given, truth in drawn(completion_pair):
        assert given.shape == truth.shape == (96, 96, 4)
        assert given.dtype == truth.dtype == np.float32
        holes = given[..., 3] > 0
        assert holes.any()
        assert not holes.all()
        np.testing.assert_array_equal(given[..., 3], truth[..., 3])
        assert not given[holes][:, :3].any()
        np.testing.assert_array_equal(given[~holes], truth[~holes])


def test_validation_pairs_are_the_same_every_time():
    for pair in (
        damage_pairs.damage_validation_pair,
        damage_pairs.undamaged_validation_pair,
        damage_pairs.completion_validation_pair,
    ):
        for first, second in zip(pair(np.random.default_rng(3), CAT), pair(np.random.default_rng(3), CAT), strict=True):
            np.testing.assert_array_equal(first, second)
    _, truth = damage_pairs.undamaged_validation_pair(np.random.default_rng(0), CAT)
    assert not truth.any()
