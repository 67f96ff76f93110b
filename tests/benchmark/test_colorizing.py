"""The colorizers on the benchmark set: closer than gray, vivid, and better with hints."""

import numpy as np

from restoration.benchmark.colorizing import colorizers, even_regions, even_spread, score_colorizer
from restoration.benchmark.images import read_images
from restoration.image.lab import from_lab

# What the published weights reach, less a margin.
SET_GAIN, SET_ERROR, SET_COLORFULNESS, SET_HINTED = 1.3, 0.845, 0.5, 3.5


def test_the_benchmark_set(shared):
    images = read_images(shared("bench") / "cbsd68")[::4]
    rows = {name: score_colorizer(name, method, images) for name, method in colorizers().items()}
    best = rows["best"]
    assert best.psnr > rows["gray"].psnr + SET_GAIN
    assert best.ab_rmse_to_gray < SET_ERROR
    assert best.colorfulness > SET_COLORFULNESS
    assert best.ab_rmse < rows["lecture"].ab_rmse
    assert best.ab_rmse < rows["mean chroma"].ab_rmse
    assert rows["best, 10 true hints"].psnr > rows["gray"].psnr + SET_HINTED


def test_blotches_in_even_regions_are_measured():
    lightness = np.full((80, 120), 40, np.float32)
    lightness[:, 60:] = 70
    ab = np.zeros((80, 120, 2), np.float32)
    ab[:, 60:] = (10, 20)
    truth = from_lab(lightness, ab)
    regions = even_regions(truth)
    assert len(regions) == 2
    assert even_spread(truth, regions) < 0.1
    blotched = ab.copy()
    blotched[::2, :60] += (8, 0)
    assert 1.5 < even_spread(from_lab(lightness, blotched), regions) < 2.5  # 4 in one of the two regions
