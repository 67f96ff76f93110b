"""Curves of bits against error: the usual formats, and what one curve saves against another."""

import numpy as np
import pytest
from codec.small_codec import some_image

from restoration.codec.rate_distortion import (
    CURVE_QUALITIES,
    FORMATS,
    RatePoint,
    format_curve,
    mean_curve,
    rate_saved,
    rate_where_overtaken,
)
from restoration.photo.sample_photos import sample


def curve(factor=1.0, gained=0.0):
    """Give a curve of 6 dB for twice the bits, with `factor` times the bits and `gained` dB."""
    return [RatePoint(factor * rate, 36 + 6 * np.log2(rate) + gained, 0.9) for rate in (0.05, 0.1, 0.2, 0.4, 0.8)]


@pytest.mark.parametrize("factor", [0.7, 1.0, 1.5])
def test_a_curve_of_a_share_of_the_bits_saves_the_rest(factor):
    assert rate_saved(curve(factor), curve()) == pytest.approx(1 - factor)


def test_six_decibels_more_save_half_of_the_bits():
    assert rate_saved(curve(gained=6.0), curve()) == pytest.approx(0.5)


def test_only_the_rates_between_the_limits_count():
    bent = [*curve(0.5)[:3], *curve()[4:]]  # as good as the other one at the highest rate alone
    assert rate_saved(bent, curve(), 0.05, 0.2) == pytest.approx(0.5, abs=0.01)
    assert rate_saved(bent, curve(), 0.05, 0.8) < 0.45


def test_curves_without_a_common_quality_are_not_compared():
    assert rate_saved(curve(gained=60.0), curve()) is None


def test_the_rate_at_which_another_curve_overtakes():
    flat = [RatePoint(rate, 33 + 3 * np.log2(rate), 0.9) for rate in (0.05, 0.1, 0.2, 0.4, 0.8)]  # meets it at 0.5
    assert rate_where_overtaken(flat, curve()) == pytest.approx(0.5, rel=0.05)
    assert rate_where_overtaken(curve(gained=3.0), curve()) is None


def test_the_mean_is_that_of_each_quality():
    assert mean_curve([curve(), curve(3.0)])[0].bits_per_pixel == pytest.approx(0.1)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("channels", [1, 3])
def test_a_format_gives_its_best_file_of_at_most_so_many_bytes(name, channels):
    image, chosen = sample("Cat").pixels[:64, :96, :channels], FORMATS[name]
    sizes = [len(chosen.encode(image, quality)) for quality in CURVE_QUALITIES[name]]
    wanted = (min(sizes) + max(sizes)) // 2
    data = chosen.at_most(image, wanted)
    assert len(data) <= wanted
    assert len(data) >= max(size for size in sizes if size <= wanted)
    assert chosen.decode(data, channels).shape == image.shape
    assert chosen.at_most(image, 0) == chosen.encode(image, chosen.qualities[0])


def test_a_curve_rises_and_counts_the_whole_file():
    image = some_image(64, 96)
    points = format_curve(image, "JPEG")
    assert points[0].psnr < points[-1].psnr < 60
    size = len(FORMATS["JPEG"].encode(image, CURVE_QUALITIES["JPEG"][0]))
    assert points[0].bits_per_pixel == pytest.approx(8 * size / (64 * 96))
