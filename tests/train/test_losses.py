"""The losses weigh what they say, by Keras operations alone."""

import numpy as np
import pytest

from restoration.train import feature_distance
from restoration.train.losses import LOSSES


@pytest.fixture
def random_encoder(monkeypatch):
    """Give the perceptual loss an encoder with random weights: the true ones are not in the repository."""
    monkeypatch.setattr(feature_distance, "load_into", lambda network, _path: None)
    monkeypatch.setattr(feature_distance, "converted_file", lambda _size: None)
    feature_distance.encoder.cache_clear()
    yield
    feature_distance.encoder.cache_clear()


def test_features_are_apart_by_texture_and_not_by_size(random_encoder):
    generator = np.random.default_rng(0)
    texture = (0.5 + 0.2 * generator.standard_normal((2, 64, 64, 3))).clip(0, 1).astype(np.float32)
    apart = [
        float(feature_distance.feature_distance(texture, other))
        for other in (texture, texture + 0.01, np.full_like(texture, texture.mean()))
    ]
    assert 0 == apart[0] < apart[1] < 0.1 * apart[2] < 0.4


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


@pytest.mark.parametrize(
    "name", [name for name in LOSSES if name not in ("color", "damage", "completion", "rate_distortion")]
)
def test_no_loss_is_less_than_that_of_the_truth(name, random_encoder):
    truth = np.random.default_rng(0).random((2, 16, 16, 3)).astype(np.float32)
    best = float(LOSSES[name](truth, truth))
    for other in (truth + 0.05, truth[:, ::-1], np.clip(truth * 1.1, 0, 1)):
        assert float(LOSSES[name](truth, other)) > best


def test_damage_that_is_missed_costs_three_times_a_false_alarm():
    truth = np.zeros((1, 8, 8, 1), np.float32)
    truth[0, 2, 3] = 1
    right = 20 * (2 * truth - 1)
    missed, alarmed = right.copy(), right.copy()
    missed[0, 2, 3] = -20
    alarmed[0, 5, 5] = 20
    costs = [float(LOSSES["damage"](truth, logits)) for logits in (right, missed, alarmed)]
    assert costs[0] < 1e-6
    assert costs[1] == pytest.approx(3 * costs[2], rel=1e-4)


def test_completion_weighs_the_holes_their_seams_and_a_little_of_the_rest():
    generator = np.random.default_rng(0)
    image = generator.random((2, 16, 16, 3), np.float32)
    mask = np.zeros((2, 16, 16, 1), np.float32)
    mask[:, 4:10, 5:12] = 1
    truth, change = (
        np.concatenate([image, mask], axis=-1),
        0.1 * generator.standard_normal(image.shape).astype(np.float32),
    )
    best, outside, inside = (
        float(LOSSES["completion"](truth, image + part * change)) for part in (0 * mask, 1 - mask, mask)
    )
    assert best < outside < inside
    even, rough = image + 0.1 * mask, image + 0.1 * mask * np.sign(change)
    assert float(LOSSES["completion"](truth, even)) < float(LOSSES["completion"](truth, rough)) - 1
