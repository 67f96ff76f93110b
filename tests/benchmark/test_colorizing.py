"""The colorizers on the benchmark set: closer than gray, vivid, and better with hints."""

from restoration.benchmark.colorizing import colorizers, score_colorizer
from restoration.benchmark.images import read_images

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
