"""Tone: a known fading is taken back, nothing is clipped, sepia is kept, neutralised or put back."""

import numpy as np
import pytest

import restoration
from restoration.image.lab import lightness, to_lab, toning
from restoration.photo.sample_photos import sample
from restoration.tasks.tone import toning_to_put_back

COFFEE = sample("Coffee cup").pixels
GRAY = restoration.to_gray(COFFEE)
SEPIA = GRAY ** np.float32([1.0, 1.15, 1.5])


def faded(image, black=0.25, white=0.75):
    return (np.float32(black) + image * (np.float32(white) - np.float32(black))).astype(np.float32)


def test_a_known_fading_of_a_gray_picture_is_taken_back():
    ramp = np.linspace(0, 1, 256, dtype=np.float32).reshape(16, 16, 1)
    np.testing.assert_allclose(restoration.tone(faded(ramp)), ramp, atol=0.03)
    assert restoration.psnr(restoration.tone(faded(GRAY)), GRAY) > restoration.psnr(faded(GRAY), GRAY) + 8


def test_a_known_cast_and_fading_of_a_coloured_picture_are_taken_back():
    cast = faded(COFFEE, black=(0.2, 0.1, 0.05), white=(0.9, 0.8, 0.6))
    assert restoration.psnr(restoration.tone(cast), COFFEE) > restoration.psnr(cast, COFFEE) + 6


@pytest.mark.parametrize("image", [COFFEE, GRAY, faded(COFFEE), faded(GRAY), faded(SEPIA)])
def test_at_most_a_thousandth_of_the_pixels_is_clipped(image):
    toned = restoration.tone(image)
    before, after = (np.any((one < 0.5 / 255) | (one > 254.5 / 255), axis=-1) for one in (image, toned))
    assert (after & ~before).mean() <= 0.001
    assert 0 <= toned.min() <= toned.max() <= 1


def test_strength_0_gives_the_same_bits_and_half_of_it_half_the_change():
    image = faded(COFFEE)
    np.testing.assert_array_equal(restoration.tone(image, strength=0), image)
    half, whole = (restoration.tone(image, strength=strength) for strength in (0.5, 1))
    np.testing.assert_allclose(half, (image + whole) / 2, atol=1e-6)


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (3, 5), (700, 2)])
@pytest.mark.parametrize("channels", [1, 3])
def test_every_size_is_kept(size, channels):
    image = np.random.default_rng(0).random((*size, channels), np.float32)
    assert restoration.tone(image).shape == image.shape
    np.testing.assert_allclose(restoration.tone(np.full_like(image, 0.5)), 0.5, atol=1e-3)


def test_gray_that_was_saved_as_colour_stays_gray():
    toned = restoration.tone(faded(np.repeat(GRAY, 3, axis=-1)))
    assert (toned == toned[..., :1]).all()


def test_sepia_is_kept_neutralised_or_put_back():
    image = faded(SEPIA, 0.2, 0.8)
    kept, neutral, taken = (restoration.tone(image, toning=choice) for choice in ("keep", "neutralise", "put-back"))
    assert toning(kept) == "toned"
    assert toning(neutral) == toning(taken) == "gray"
    put_back = toning_to_put_back(image, strength=1.0, toning="put-back")(neutral)
    np.testing.assert_allclose(lightness(put_back), lightness(neutral), atol=0.5)
    assert toning(put_back) == "toned"
    assert np.abs(to_lab(put_back) - to_lab(image))[..., 1:].mean() < 3
    assert np.ptp(lightness(kept)) > np.ptp(lightness(image)) + 20
    assert toning_to_put_back(image, strength=1.0, toning="keep") is None
    assert toning_to_put_back(COFFEE, strength=1.0, toning="put-back") is None


def test_a_pipeline_puts_the_toning_back_behind_its_last_step():
    photo = restoration.Photo(faded(SEPIA, 0.2, 0.8)[:64, :64])
    result = restoration.Pipeline.parse("tone toning=put-back; upscale preset=lecture").run(photo)
    assert toning(photo.pixels) == toning(result.pixels) == "toned"
    assert result.pixels.shape == (128, 128, 3)


@pytest.mark.parametrize("wrong", [{"strength": 2}, {"toning": "none"}])
def test_wrong_settings_are_refused(wrong):
    with pytest.raises(restoration.ImageError):
        restoration.tone(GRAY, **wrong)
