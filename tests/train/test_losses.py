"""The losses weigh what they say, by Keras operations alone."""

import numpy as np
import pytest

from restoration.train.losses import LOSSES


@pytest.mark.parametrize(("name", "alike"), [("seen_psnr", True), ("mean_psnr", False)])
def test_gradients_of_every_noise_level_are_alike_with_the_floor_alone(name, alike):
    noise = np.random.default_rng(0).normal(size=(1, 32, 32, 3)).astype(np.float32)

    def gradient(error, step=1e-3):
        """Return the norm of the gradient: the loss is a function of the length of the error alone."""
        longer, shorter = (
            float(LOSSES[name](np.zeros_like(noise), error * (1 + change) * noise)) for change in (step, -step)
        )
        return (longer - shorter) / (2 * step * np.linalg.norm(error * noise))

    # What is left of a file without noise, and of white noise of sigma 15 and 50.
    norms = [gradient(error / 255) for error in (0.8, 5, 10)]
    assert (max(norms) < 2 * min(norms)) == alike


@pytest.mark.parametrize("name", [name for name in LOSSES if name != "color"])
def test_no_loss_is_less_than_that_of_the_truth(name):
    truth = np.random.default_rng(0).random((2, 16, 16, 3)).astype(np.float32)
    best = float(LOSSES[name](truth, truth))
    for other in (truth + 0.05, truth[:, ::-1], np.clip(truth * 1.1, 0, 1)):
        assert float(LOSSES[name](truth, other)) > best
