"""Published weights lie in float16, and answer as in float32."""

import h5py
import keras
import numpy as np
import pytest

from restoration.train.publish import halve_precision


def network(seed=0):
    keras.utils.set_random_seed(seed)
    return keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Conv2D(480, 3, name="one"), keras.layers.Dense(40)])


def test_weights_in_float16_are_half_as_large_and_answer_alike(tmp_path):
    path, before = tmp_path / "a.weights.h5", network()
    before.save_weights(path)
    whole = path.stat().st_size
    halve_precision(path)
    assert path.stat().st_size < 0.7 * whole  # the rest is the form of the file
    after = network(seed=1)
    after.load_weights(path)
    given = np.random.default_rng(0).random((1, 8, 8, 3), np.float32)
    assert all(weight.dtype == "float32" for weight in after.weights)
    assert 0 < np.abs(after(given) - before(given)).max() < 2e-3
    assert [file.name for file in tmp_path.iterdir()] == ["a.weights.h5"]


def test_weights_that_float16_cannot_hold_are_refused_and_stay(tmp_path):
    path, large = tmp_path / "a.weights.h5", network()
    large.layers[0].set_weights([np.full_like(value, 1e6) for value in large.layers[0].get_weights()])
    large.save_weights(path)
    before = path.read_bytes()
    with pytest.raises(ValueError, match="beyond the range of float16, 65504"):
        halve_precision(path)
    assert path.read_bytes() == before
    with h5py.File(path) as file:
        assert len(file) > 0
