"""The pairs that denoising networks learn from show the kinds of noise that their cards name."""

import numpy as np

from restoration.image.metrics import psnr
from restoration.photo.sample_photos import sample
from restoration.train import denoise_pairs
from restoration.train.denoise_pairs import denoising_pair
from restoration.train.denoise_recipes import CAMERA_NOISE


def test_pairs_show_what_they_say():
    patch = np.random.default_rng(0).random((24, 24, 3), np.float32)
    known_levels = 0
    for seed in range(60):
        given, truth = denoising_pair(np.random.default_rng(seed), patch, CAMERA_NOISE)
        assert given.shape == (24, 24, 5)
        assert truth.shape == (24, 24, 3)
        assert np.isfinite(given).all()
        level, known = given[0, 0, 3:]
        assert known in (0, 1)
        assert known or level == 0
        known_levels += known
    assert 5 < known_levels < 35


def pairs_of(kind, patch, count=40):
    """Return (given, truth) pairs of one kind of noise, the gray ones aside."""
    only = {name: 1.0 for name, (degrade, _) in denoise_pairs.KINDS.items() if degrade is kind}
    pairs = (denoising_pair(np.random.default_rng(seed), patch, only) for seed in range(count))
    return [(given[..., :3], truth) for given, truth in pairs if np.ptp(truth, axis=-1).any()]


def rough(image):
    return np.abs(np.diff(image, axis=1)).mean()


def test_half_of_what_a_sensor_sees_is_soft():
    patch = np.random.default_rng(0).random((48, 48, 3), np.float32)
    pairs = pairs_of(denoise_pairs._processed, patch)
    kept = sum(np.array_equal(truth, patch) for _, truth in pairs)
    assert 0.25 < kept / len(pairs) < 0.75
    for given, truth in pairs:
        assert np.array_equal(truth, patch) or rough(truth) < 0.9 * rough(patch)
        assert (given != truth).any()


def test_what_a_camera_makes_without_noise_is_its_truth():
    patch = sample("Cat").pixels[:96, :96]
    pairs = pairs_of(denoise_pairs._developed, patch)
    assert not any(np.array_equal(truth, patch) for _, truth in pairs)
    tones = [np.abs((given - truth).mean(axis=(0, 1))).max() for given, truth in pairs]
    assert np.median(tones) < 0.01  # strong noise alone is clipped, and so brightens the dark


def test_pictures_without_noise_differ_from_the_truth_by_their_file_alone():
    patch = sample("Cat").pixels[:96, :96]
    pairs = pairs_of(denoise_pairs._without_noise, patch)
    assert min(psnr(given, truth) for given, truth in pairs) > 27  # colours at half the resolution
    assert 0.1 < np.mean([np.array_equal(truth, patch) for _, truth in pairs]) < 0.45


def test_bands_cross_the_whole_patch():
    patch = np.full((64, 64, 3), 0.5, np.float32)
    patch[0, 0, 0] = 0.4  # not gray, for `pairs_of`
    for given, truth in pairs_of(denoise_pairs._banded, patch):
        noise = given - truth
        along = [noise.mean(axis=axis).std() for axis in (0, 1)]
        assert max(along) > 3 * min(along)


def test_a_compressed_and_reduced_patch_keeps_its_content():
    patch = sample("Cat").pixels[:96, :96]
    pairs = pairs_of(denoise_pairs._compressed_and_reduced, patch)
    for given, truth in pairs:
        np.testing.assert_array_equal(truth, patch)
        assert 20 < psnr(given, truth) < 45


def test_jpeg_blocks_and_mosaics_lie_anywhere(monkeypatch):
    corners, phases = set(), set()
    compress, photographed = denoise_pairs.noise.compress, denoise_pairs.photographed
    monkeypatch.setattr(
        denoise_pairs.noise,
        "compress",
        lambda *given, corner, **rest: corners.add(tuple(corner)) or compress(*given, corner=corner, **rest),
    )
    monkeypatch.setattr(
        denoise_pairs,
        "photographed",
        lambda *given, phase, **rest: phases.add(tuple(phase)) or photographed(*given, phase=phase, **rest),
    )
    patch = sample("Cat").pixels[:32, :32]
    pairs_of(denoise_pairs._compressed, patch, count=120)
    pairs_of(denoise_pairs._photographed, patch)
    assert {row for row, _ in corners} == {column for _, column in corners} == set(range(16))
    assert phases == {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_a_share_of_the_patches_is_drawn():
    patch = sample("Cat").pixels[:48, :48]
    white = {"white": 1.0}
    truths = [denoising_pair(np.random.default_rng(seed), patch, white, drawn=0.3)[1] for seed in range(200)]
    grays = (patch, patch @ denoise_pairs.LUMA[:, None])
    drawn = sum(not any(np.allclose(truth, known) for known in grays) for truth in truths)
    assert 0.2 < drawn / len(truths) < 0.4
