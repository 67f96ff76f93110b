"""Colours: they come close, keep the light, spread from hints, and what is asked wrongly is one sentence."""

import numpy as np
import pytest

import restoration
from restoration.benchmark.colorizing import trade_off, true_hints
from restoration.image import lab, metrics
from restoration.image.checks import ImageError
from restoration.image.color_bins import bin_colors
from restoration.photo.sample_photos import sample
from restoration.tasks import color_upsampling
from restoration.tasks.color_prediction import ColorDistribution
from restoration.tasks.colorize import predict

# What the landed weights reach, less a margin: floors under every later version.
GAIN, ERROR = 0.5, 0.97

LIGHT = 100 / 255  # one step of 255, of CIELAB's L


@pytest.fixture(scope="module")
def cat():
    return sample("Cat").pixels


@pytest.fixture(scope="module")
def gray(cat):
    return restoration.to_gray(cat)


@pytest.fixture(scope="module")
def colored(gray):
    return restoration.colorize(gray)


def test_gray_of_any_form_keeps_its_lightness_and_gets_three_channels(gray, colored):
    assert colored.shape == (*gray.shape[:2], 3)
    assert colored.dtype == np.float32
    assert colored.min() >= 0
    assert colored.max() <= 1
    assert np.abs(lab.lightness(colored) - lab.lightness(gray)).max() < LIGHT / 2
    np.testing.assert_allclose(restoration.colorize(np.repeat(gray, 3, axis=-1)), colored, atol=0.02)


def test_a_coloured_input_is_used_by_its_lightness_alone(cat, colored):
    again = restoration.colorize(cat)
    assert np.abs(lab.lightness(again) - lab.lightness(cat)).max() < LIGHT / 2
    assert metrics.psnr(again, colored) > 35


def test_it_comes_closer_than_gray(cat, gray, colored):
    plain = np.repeat(gray, 3, axis=-1)
    assert metrics.psnr(colored, cat) > metrics.psnr(plain, cat) + GAIN
    assert metrics.ab_rmse(colored, cat) < ERROR * metrics.ab_rmse(plain, cat)


def test_more_saturation_is_more_colour(cat):
    rows = trade_off([cat], saturations=(0.0, 0.5, 1.0, 1.5))
    assert rows[0].colorfulness < 0.01
    assert rows[0].ab_rmse_to_gray == pytest.approx(1, abs=0.01)
    ratios = [row.colorfulness for row in rows]
    assert ratios == sorted(ratios)
    assert ratios[-1] > 1.3 * ratios[1]


def test_hints_bring_the_picture_closer_and_do_more_the_more_there_are(cat, gray, colored):
    scores = [metrics.psnr(colored, cat)]
    for count in (10, 40):
        scores.append(metrics.psnr(restoration.colorize(gray, hints=true_hints(cat, 0, count)), cat))
    assert scores[0] < scores[1] < scores[2]


@pytest.mark.parametrize("color", [(0.8, 0.1, 0.1), (0.1, 0.2, 0.9), (0.1, 0.7, 0.1)])
def test_a_hint_gives_its_colour_to_its_place_and_little_to_what_is_far(color):
    gray = np.full((256, 256, 1), 0.5, np.float32)
    gray[:, 128:] = 0.8
    plain = lab.to_lab(restoration.colorize(gray))
    hinted = lab.to_lab(restoration.colorize(gray, hints=[(100, 60, color)]))
    wanted = lab.to_lab(np.float32(color))[1:]
    near = (hinted - plain)[96:104, 56:64, 1:].mean(axis=(0, 1))
    toward = (wanted - plain[100, 60, 1:]) / np.linalg.norm(wanted - plain[100, 60, 1:])
    assert near @ toward > 15
    far = (hinted - plain)[:40, 220:, 1:].mean(axis=(0, 1))
    assert np.linalg.norm(far) < 0.5 * np.linalg.norm(near)


def test_a_hint_is_kept_at_its_place(cat, gray):
    row, column, color = 150, 200, (0.2, 0.3, 0.8)
    found = predict(gray, [(row, column, color)])
    wanted = lab.to_lab(np.float32(color))[1:]
    np.testing.assert_allclose(found.colors()[found.cell(row, column)], wanted, rtol=0.15)


def test_proposals_differ(gray, colored):
    others = [restoration.colorize(gray, proposal=number) for number in (1, 2, 3)]
    for other in others:
        assert metrics.psnr(other, colored) < 45
        assert np.abs(lab.lightness(other) - lab.lightness(gray)).max() < LIGHT / 2


def test_uncertainty_is_higher_where_the_error_is(cat, gray):
    unsure = restoration.color_uncertainty(gray)
    assert unsure.shape == gray.shape
    assert unsure.min() >= 0
    assert unsure.max() <= 1
    images = [sample(name).pixels for name in ("Cat", "Coffee cup", "Astronaut", "Motorcycle")]
    errors, claims = [], []
    for image in images:
        claim = restoration.color_uncertainty(restoration.to_gray(image))
        difference = lab.to_lab(restoration.colorize(restoration.to_gray(image))) - lab.to_lab(image)
        errors.append(np.hypot(difference[..., 1], difference[..., 2])[::8, ::8].ravel())
        claims.append(claim[::8, ::8, 0].ravel())
    errors, claims = np.concatenate(errors), np.concatenate(claims)
    assert errors[claims > np.median(claims)].mean() > 1.15 * errors[claims <= np.median(claims)].mean()


def test_the_palette_of_a_spot_is_plausible_colours_apart_from_each_other(gray):
    prediction = predict(gray)
    found = prediction.palette(150, 200)
    assert 2 <= len(found) <= 6
    for number, one in enumerate(found):
        assert all(np.hypot(one[0] - other[0], one[1] - other[1]) > 8 for other in found[:number])


def test_the_mean_of_the_probabilities_is_the_colour():
    probabilities = np.zeros((1, 1, len(bin_colors())), np.float32)
    probabilities[0, 0, 40] = 1
    prediction = ColorDistribution(probabilities, 8, 8, np.zeros((1, 1), np.float32))
    hue = prediction.colors()[0, 0] / np.linalg.norm(prediction.colors()[0, 0])
    np.testing.assert_allclose(hue, bin_colors()[40] / np.linalg.norm(bin_colors()[40]), atol=1e-5)
    assert prediction.spread()[0, 0] == pytest.approx(0, abs=1e-2)


def test_places_that_are_as_light_and_predicted_alike_agree_on_one_colour():
    height, width = 8, 16
    bins = bin_colors()
    skin, blue = (int(np.square(bins - wanted).sum(axis=1).argmin()) for wanted in ((20, 20), (0, -40)))
    odd = int(np.square(bins - (30, 0)).sum(axis=1).argmin())
    probabilities = np.full((height, width, len(bins)), 1e-4, np.float32)
    probabilities[:, :8, skin], probabilities[:, 8:, blue] = 0.6, 0.6
    probabilities[:, :8, odd], probabilities[4, 3, [skin, odd]] = 0.2, (0.45, 0.4)  # a blotch
    probabilities /= probabilities.sum(axis=-1, keepdims=True)
    lightness = np.full((height, width), 60, np.float32)
    found = ColorDistribution(probabilities, 64, 128, lightness).colors()
    alone = ColorDistribution(probabilities[4:5, 3:4], 8, 8, lightness[:1, :1]).colors()[0, 0]
    around = found[0, 0]
    assert np.linalg.norm(found[4, 3] - around) < 0.5 * np.linalg.norm(alone - around)
    assert np.linalg.norm(found[4, 12] - found[4, 2]) > 0.8 * np.linalg.norm(bins[skin] - bins[blue])


def test_colours_end_where_the_light_does():
    light = np.full((300, 400, 1), 0.25, np.float32)
    light[:, 200:] = 0.75
    ab = np.zeros((10, 14, 2), np.float32)
    ab[:, :7, 0], ab[:, 7:, 0] = 30, -30
    found = lab.to_lab(color_upsampling.upsample_colors(light, ab))[..., 1]
    assert found[150, 190] > 20
    assert found[150, 210] < -20


def test_any_size_comes_back():
    generator = np.random.default_rng(0)
    for height, width in [(1, 1), (1, 40), (40, 1), (2, 3), (31, 33), (97, 41), (5, 3000), (3000, 5), (257, 600)]:
        image = generator.random((height, width, 1), np.float32)
        assert restoration.colorize(image).shape == (height, width, 3)
        assert restoration.color_uncertainty(image).shape == (height, width, 1)


def test_strips_leave_no_seam(gray, monkeypatch):
    whole = restoration.colorize(gray)
    monkeypatch.setattr(color_upsampling, "STRIP_ROWS", 37)
    np.testing.assert_allclose(restoration.colorize(gray), whole, atol=1e-5)


def test_the_input_is_not_touched_and_repeats(gray, colored):
    before = gray.copy()
    np.testing.assert_array_equal(restoration.colorize(gray), colored)
    np.testing.assert_array_equal(gray, before)


def test_progress_is_monotone_and_may_cancel(gray):
    seen = []
    restoration.colorize(gray, proposal=1, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(done, seen[0][1]) for done in range(seen[0][1] + 1)]

    def cancel(done, total):
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restoration.colorize(gray, progress=cancel)


@pytest.mark.parametrize(
    ("image", "settings", "words"),
    [
        (np.zeros((4, 4)), {}, "shape"),
        (np.zeros((4, 4, 1), np.uint8), {}, "255"),
        (np.full((4, 4, 1), np.nan, np.float32), {}, "NaN"),
        (np.zeros((4, 4, 1), np.float32), {"saturation": -1}, "saturation is -1"),
        (np.zeros((4, 4, 1), np.float32), {"saturation": 9}, "between 0 and 3"),
        (np.zeros((4, 4, 1), np.float32), {"saturation": float("nan")}, "saturation is nan"),
        (np.zeros((4, 4, 1), np.float32), {"proposal": 7}, "proposal is 7"),
        (np.zeros((4, 4, 1), np.float32), {"preset": "magic"}, "best"),
        (np.zeros((4, 4, 1), np.float32), {"hints": [(4, 0, (1, 0, 0))]}, "outside the picture of 4 rows"),
        (np.zeros((4, 4, 1), np.float32), {"hints": [(0, -1, (1, 0, 0))]}, "outside"),
        (np.zeros((4, 4, 1), np.float32), {"hints": [(0, 0, (255, 0, 0))]}, "between 0 and 1"),
        (np.zeros((4, 4, 1), np.float32), {"hints": [(0, 0, "red")]}, "none; give"),
        (np.zeros((4, 4, 1), np.float32), {"hints": [(0, 0)]}, "none; give"),
        (np.zeros((4, 4, 1), np.float32), {"hints": 3}, "hints"),
        (np.zeros((4, 4, 1), np.float32), {"hints": [(0, 0, (1, 0, 0))], "preset": "lecture"}, "takes no hints"),
    ],
)
def test_bad_input_is_one_sentence(image, settings, words):
    with pytest.raises(ImageError, match=words) as caught:
        restoration.colorize(image, **settings)
    assert "\n" not in str(caught.value)


def test_the_lecture_network_colours_and_predicts_no_probabilities(cat, gray):
    colored = restoration.colorize(gray, preset="lecture")
    assert np.abs(lab.lightness(colored) - lab.lightness(gray)).max() < LIGHT / 2
    assert metrics.psnr(colored, cat) > metrics.psnr(np.repeat(gray, 3, axis=-1), cat)
    with pytest.raises(ImageError, match="no probabilities"):
        restoration.color_uncertainty(gray, preset="lecture")
