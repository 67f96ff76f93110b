"""The table of enlargements: its pairs, its figures of bicubic interpolation, its costs."""

import numpy as np
import pytest

from restoration.benchmark.upscaling import benchmark_upscale, pairs
from restoration.inference.card import card_for
from restoration.photo import Photo
from restoration.photo.sample_photos import sample


def cat(height=40, width=52):
    return sample("Cat").pixels[100 : 100 + height, 120 : 120 + width]


def test_bicubic_figures_are_the_published_ones(shared):
    rows = benchmark_upscale(shared("bench") / "set5", only=["Bicubic"])
    assert [row.psnr for row in rows] == pytest.approx([33.67, 30.39, 28.43], abs=0.03)


def test_pairs_are_found_or_made(tmp_path):
    large = Photo(cat(41, 50))
    large.save(tmp_path / "a.png")
    large.save(tmp_path / "b.png")
    small = np.zeros((20, 25, 3), np.float32)
    Photo(small).save(tmp_path / "b_x2.png")
    made, given = pairs(tmp_path, 2)
    assert made[0].shape == given[0].shape == (20, 25, 3)
    assert made[1].shape == (40, 50, 3)
    assert made[0].max() > 0
    assert given[0].max() == 0
    Photo(small[:10]).save(tmp_path / "b_x2.png")
    with pytest.raises(SystemExit, match="not 1/2"):
        pairs(tmp_path, 2)


def test_benchmark_rows(tmp_path):
    Photo(sample("Cat").pixels[:96, :120]).save(tmp_path / "a.png")
    name = card_for("upscale", "faithful").name
    rows = list(benchmark_upscale(tmp_path, scales=(4,), only=["Bicubic", name, "RLFN's size (random weights)"]))
    bicubic, network, timed = rows
    assert bicubic.gflop_per_megapixel is None
    assert network.psnr > bicubic.psnr
    assert network.gain_per_100_gflop == pytest.approx(
        (network.psnr - bicubic.psnr) / network.gflop_per_megapixel * 100
    )
    assert network.gflop_per_megapixel <= 120
    assert timed.psnr is None
    assert timed.gflop_per_megapixel == pytest.approx(40, rel=0.15)
