"""The estimate of noise: right on photographs with white noise, and on pages, screens and patterns without any."""

import cv2
import numpy as np
import pytest

import restoration
from restoration.benchmark.clean_graphics import GRAPHICS
from restoration.degrade import noise
from restoration.photo.sample_photos import SAMPLES, sample

ROWS, COLUMNS = np.mgrid[:192, :256].astype(np.float32)


def checkerboard(side):
    return ((ROWS // side + COLUMNS // side) % 2)[..., None]


def halftone(period):
    """Return a ramp of tones as a printed screen at 45 degrees, in two tones."""
    across, along = (COLUMNS + ROWS) / period / np.sqrt(2), (COLUMNS - ROWS) / period / np.sqrt(2)
    screen = 0.5 + 0.25 * (np.cos(2 * np.pi * across) + np.cos(2 * np.pi * along))
    return (screen < COLUMNS / 255)[..., None].astype(np.float32)


PATTERNS = {f"checkerboard of {side}": checkerboard(side) for side in (1, 2, 3, 4)}
PATTERNS |= {f"halftone of {period}": halftone(period) for period in (4, 6, 9)}
PATTERNS |= {"gray checkerboard": 0.3 + 0.4 * checkerboard(1)}
PAGES = {name: draw() for name, draw in GRAPHICS.items()}
LARGE_TEXT = cv2.resize(PAGES["text, 9 to 14 pixels"], None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)


@pytest.mark.parametrize("name", [*PAGES, *PATTERNS])
def test_what_is_drawn_is_no_noise(name):
    assert 255 * restoration.estimate_sigma((PAGES | PATTERNS)[name]) < 3


@pytest.mark.parametrize("clip", [True, False])
@pytest.mark.parametrize("name", [*PAGES, "gray checkerboard"])
def test_noise_on_a_page_is_found(name, clip):
    noisy = noise.add_noise((PAGES | PATTERNS)[name], level=10 / 255, seed=1, clip=clip)
    assert 255 * restoration.estimate_sigma(noisy) == pytest.approx(10, abs=2.5)


@pytest.mark.parametrize("ink", ["black", "#224488"])
@pytest.mark.parametrize("paper", ["white", "#e8e0d0"])
def test_large_and_coloured_text(ink, paper):
    from restoration.benchmark.clean_graphics import draw_text

    for page in (draw_text(ink, paper), np.clip(np.rint(255 * LARGE_TEXT) / 255, 0, 1).astype(np.float32)):
        assert 255 * restoration.estimate_sigma(page) < 3
        noisy = noise.add_noise(page, level=10 / 255, seed=1)
        assert 255 * restoration.estimate_sigma(noisy) == pytest.approx(10, abs=2.5)


@pytest.mark.parametrize(("sigma_255", "error"), [(0, 4), (5, 1.5), (10, 1), (25, 1.5), (50, 3)])
def test_white_noise_on_photographs(sigma_255, error):
    for name in SAMPLES:
        noisy = noise.add_noise(sample(name).pixels, level=sigma_255 / 255, seed=1, clip=False)
        assert 255 * restoration.estimate_sigma(noisy) == pytest.approx(sigma_255, abs=error), name


def test_estimate_sigma_of_a_large_picture_looks_everywhere():
    noisy = np.zeros((1500, 1500, 1), np.float32)
    noisy += np.random.default_rng(0).normal(0.5, 0.1, noisy.shape).astype(np.float32)
    assert restoration.estimate_sigma(noisy) == pytest.approx(0.1, rel=0.05)
    for shape in [(1, 1, 3), (1, 2000, 1), (3, 5, 3), (1, 2_000_000, 1)]:
        assert restoration.estimate_sigma(np.full(shape, 0.5, np.float32)) == pytest.approx(0, abs=1e-3)
