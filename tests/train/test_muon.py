"""Muon's updates are orthogonal."""

import keras
import numpy as np

from restoration.train.muon import ConvolutionalMuon


def test_muon_steps_in_all_directions_of_a_kernel_alike():
    generator = np.random.default_rng(1)
    optimizer = ConvolutionalMuon(0.1, weight_decay=None, adam_weight_decay=None)
    inner = keras.Variable(np.zeros((3, 3, 32, 24), np.float32))
    picture = keras.Variable(np.zeros((3, 3, 3, 24), np.float32))
    # One direction of the gradient is some forty times as steep as the others.
    steep = generator.normal(size=(288, 1)) * generator.normal(size=(1, 24))
    gradient = np.float32(10 * steep + generator.normal(size=(288, 24))).reshape(3, 3, 32, 24)
    optimizer.apply([gradient, np.ones((3, 3, 3, 24), np.float32)], [inner, picture])
    lengths = np.linalg.svd(keras.ops.convert_to_numpy(inner).reshape(288, 24), compute_uv=False)
    assert np.all(lengths > 0.5 * lengths[0])
    # As long as a step of Adam: a fifth of the rate in each weight, times the chance of both signs.
    assert 0.005 < np.sqrt(np.mean(np.square(keras.ops.convert_to_numpy(inner)))) < 0.03
    np.testing.assert_allclose(keras.ops.convert_to_numpy(picture), -0.1, rtol=1e-3)
