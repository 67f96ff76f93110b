"""Denoising helps, keeps its promises for any size, and refuses what is no image."""

import numpy as np
import pytest

import restoration
from restoration.degrade import noise
from restoration.image.checks import ImageError, blend_strength
from restoration.inference.card import card_for, presets
from restoration.inference.model import Model
from restoration.photo.sample_photos import sample

# dB gained on the sample by the landed weights, less a margin: a floor under every later version.
FLOOR = {"gaussian": 10.0, "camera": 7.5, "poisson": 9.0, "salt and pepper": 14.0, "jpeg": 0.3}


@pytest.fixture(scope="module")
def cat():
    return sample("Cat").pixels[:256, :256]


def gain(noisy, truth, **settings):
    return restoration.psnr(restoration.denoise(noisy, **settings), truth) - restoration.psnr(noisy, truth)


@pytest.mark.parametrize("kind", noise.NOISE_KINDS)
def test_it_helps_against_every_noise_that_the_page_offers(cat, kind):
    level = {"salt and pepper": 0.1, "jpeg": 0.85}.get(kind, 25 / 255)
    assert gain(noise.add_noise(cat, kind, level, seed=1), cat) > FLOOR[kind]


def test_it_helps_against_correlated_noise(cat):
    assert gain(noise.add_correlated_noise(cat, 20 / 255, softness=0.8, seed=1), cat) > 5


@pytest.mark.parametrize("preset", ["best", "fast"])
def test_a_cropped_jpeg_gains_as_much_as_a_whole_one(cat, preset):
    gains = [
        gain(noise.compress(cat, 15, corner=corner), cat, preset=preset) for corner in [(0, 0), (2, 2), (6, 1), (5, 3)]
    ]
    assert min(gains) > gains[0] - 0.15
    assert gains[0] > 0.5


@pytest.mark.parametrize("sigma_255", [5, 15, 50, 75])
def test_it_judges_every_level_itself(cat, sigma_255):
    noisy = noise.add_noise(cat, "gaussian", sigma_255 / 255, seed=1, clip=False)
    assert gain(noisy, cat) > 1.0 + sigma_255 / 10


def test_a_clean_picture_is_left_nearly_as_it_is(cat):
    assert restoration.psnr(restoration.denoise(cat), cat) > 40


def test_a_wrong_level_does_not_destroy_the_picture(cat):
    noisy = noise.add_noise(cat, "gaussian", 25 / 255, seed=1, clip=False)
    for told in (12 / 255, 50 / 255):
        assert gain(noisy, cat, sigma=told) > 2


@pytest.mark.parametrize("channels", [1, 3])
def test_the_mean_of_eight_runs_is_better_than_one_and_counts_all_its_tiles(cat, channels):
    truth = cat[:97, :120, :channels]
    noisy = noise.add_noise(truth, "gaussian", 25 / 255, seed=1, clip=False)
    told = []
    eight = restoration.denoise(noisy, ensemble=True, progress=lambda *done: told.append(done))
    assert eight.shape == truth.shape
    assert restoration.psnr(eight, truth) > restoration.psnr(restoration.denoise(noisy), truth) + 0.03
    assert told[0] == (0, 8)
    assert told[-1] == (8, 8)


@pytest.mark.parametrize("preset", presets("denoise"))
@pytest.mark.parametrize("ensemble", [False, True])
def test_three_equal_channels_stay_equal(cat, preset, ensemble):
    gray = noise.add_noise(cat[:40, :56].mean(axis=-1, keepdims=True), "gaussian", 25 / 255, seed=1)
    restored = restoration.denoise(np.repeat(gray, 3, axis=-1), preset=preset, ensemble=ensemble, strength=0.7)
    assert (restored == restored[..., :1]).all()
    np.testing.assert_allclose(
        restored[..., :1], restoration.denoise(gray, preset=preset, ensemble=ensemble, strength=0.7), atol=1e-6
    )


def test_gray_stays_gray_and_gains(cat):
    gray = cat.mean(axis=-1, keepdims=True)
    noisy = noise.add_noise(gray, "gaussian", 25 / 255, seed=1)
    restored = restoration.denoise(noisy)
    assert restored.shape == gray.shape
    assert restoration.psnr(restored, gray) > restoration.psnr(noisy, gray) + 4


def test_every_size_comes_back():
    generator = np.random.default_rng(0)
    for height in range(1, 41):
        for width in range(1, 41):
            image = generator.random((height, width, 3), np.float32)
            restored = restoration.denoise(image)
            assert restored.shape == image.shape
            assert restored.dtype == np.float32
            assert np.isfinite(restored).all()


@pytest.mark.parametrize("preset", ["best", "fast", "lecture"])
def test_tiled_equals_whole(cat, preset):
    card = card_for("denoise", preset)
    noisy = noise.add_noise(cat, "gaussian", 25 / 255, seed=1, clip=False)
    whole = Model(card, "float32", tile=1024)(noisy, (0.0, 0.0))
    tiled = Model(card, "float32", tile=2 * card.halo + 40)(noisy, (0.0, 0.0))
    np.testing.assert_allclose(tiled, whole, atol=1e-5)


def test_strength_zero_gives_the_input_back_and_half_is_between(cat):
    noisy = noise.add_noise(cat, "gaussian", 25 / 255, seed=1)
    np.testing.assert_array_equal(restoration.denoise(noisy, strength=0), noisy)
    full, half = restoration.denoise(noisy), restoration.denoise(noisy, strength=0.5)
    np.testing.assert_allclose(half, (noisy + full) / 2, atol=1e-6)
    np.testing.assert_array_equal(blend_strength(noisy, full, 0.5), half)


def test_the_input_is_not_touched_and_repeats(cat):
    noisy = noise.add_noise(cat, "gaussian", 25 / 255, seed=1, clip=False)
    before = noisy.copy()
    first = restoration.denoise(noisy)
    np.testing.assert_array_equal(noisy, before)
    np.testing.assert_array_equal(first, restoration.denoise(noisy))
    assert first.min() >= 0
    assert first.max() <= 1


def test_progress_is_monotone_and_may_cancel():
    image = np.zeros((300, 1300, 3), np.float32)
    seen = []
    restoration.denoise(image, preset="lecture", progress=lambda done, total: seen.append((done, total)))
    assert seen == [(done, seen[0][1]) for done in range(seen[0][1] + 1)]
    assert len(seen) > 2

    def cancel(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restoration.denoise(image, preset="lecture", progress=cancel)
    restoration.denoise(image[:8, :8], preset="lecture")  # and the turn was handed on


@pytest.mark.parametrize(
    ("image", "settings", "words"),
    [
        (np.zeros((4, 4)), {}, "shape"),
        (np.zeros((4, 4, 2), np.float32), {}, "shape"),
        (np.zeros((0, 4, 3), np.float32), {}, "empty"),
        (np.zeros((4, 4, 3), np.uint8), {}, "255"),
        (np.full((4, 4, 3), np.nan, np.float32), {}, "NaN"),
        (np.full((4, 4, 3), np.inf, np.float32), {}, "infinity"),
        (np.zeros((4, 4, 3), np.float32), {"strength": 1.5}, "strength is 1.5"),
        (np.zeros((4, 4, 3), np.float32), {"sigma": 25}, "sigma is 25"),
        (np.zeros((4, 4, 3), np.float32), {"preset": "magic"}, "best"),
    ],
)
def test_bad_input_is_one_sentence(image, settings, words):
    with pytest.raises(ImageError, match=words) as caught:
        restoration.denoise(image, **settings)
    assert "\n" not in str(caught.value)


def test_too_little_memory_is_told_before_the_work(monkeypatch):
    import psutil

    monkeypatch.setattr(psutil, "virtual_memory", type("Memory", (), {"available": 1_000_000}))
    with pytest.raises(ImageError, match="GB"):
        restoration.denoise(np.zeros((200, 200, 3), np.float32))


def test_an_image_of_another_scale_is_refused_and_not_taken_for_white():
    with pytest.raises(restoration.ImageError, match="from 0 to 255, but black is 0"):
        restoration.denoise(np.float32([[[0.0], [255.0]]]))


@pytest.mark.parametrize("strength", ["1", None, float("nan"), 1.5])
def test_a_setting_is_a_number_within_its_range(strength):
    with pytest.raises(restoration.ImageError, match="it must be a number between 0 and 1"):
        restoration.denoise(np.zeros((8, 8, 1), np.float32), strength=strength)


def test_only_images_alike_are_compared():
    image = np.zeros((8, 8, 3), np.float32)
    for measure in (restoration.psnr, restoration.ssim):
        with pytest.raises(restoration.ImageError, match="by dividing by 255"):
            measure(image.astype(np.uint8), image)
        with pytest.raises(restoration.ImageError, match="only equal ones"):
            measure(image, image[:4])
        assert measure(image + 0.5, image[..., :1]) == measure(image + 0.5, image)  # gray is three equal channels


@pytest.mark.parametrize("wrong", [np.full((8, 8, 3), np.nan, np.float32), np.zeros((8, 8)), None])
def test_what_is_no_image_is_one_sentence_everywhere(wrong):
    for function in (restoration.denoise, restoration.to_gray, restoration.add_noise, restoration.estimate_sigma):
        with pytest.raises(restoration.ImageError):
            function(wrong)
