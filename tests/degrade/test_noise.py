"""Noise is what it says, and repeatable."""

import cv2
import numpy as np
import pytest

from restoration.degrade.noise import (
    NOISE_KINDS,
    add_banding,
    add_correlated_noise,
    add_dust,
    add_film_grain,
    add_noise,
    compress,
)
from restoration.image.resample import resize
from restoration.photo.sample_photos import sample


@pytest.mark.parametrize("kind", NOISE_KINDS)
@pytest.mark.parametrize("channels", [1, 3])
def test_noise_is_repeatable_and_keeps_the_shape(kind, channels):
    image = np.full((33, 40, channels), 0.5, np.float32)
    noisy = add_noise(image, kind, 0.2, seed=7)
    assert noisy.shape == image.shape
    assert noisy.dtype == np.float32
    np.testing.assert_array_equal(noisy, add_noise(image, kind, 0.2, seed=7))
    assert (image == 0.5).all()


def test_level_is_the_standard_deviation():
    gray = np.full((400, 400, 1), 0.5, np.float32)
    for kind in ("gaussian", "poisson"):
        assert add_noise(gray, kind, 0.1, clip=False).std() == pytest.approx(0.1, rel=0.02)
    dark = add_noise(gray / 10, "poisson", 0.1, clip=False)
    assert dark.std() == pytest.approx(0.1 / np.sqrt(10), rel=0.02)
    noisy = add_noise(gray, "salt and pepper", 0.3)
    assert (noisy != 0.5).mean() == pytest.approx(0.3, abs=0.01)


def test_correlated_noise_is_smooth():
    noise = add_correlated_noise(np.zeros((300, 300, 1), np.float32), 0.1, softness=1.0)[..., 0]
    assert noise.std() == pytest.approx(0.1, rel=0.01)
    assert np.corrcoef(noise[:, 1:].ravel(), noise[:, :-1].ravel())[0, 1] > 0.5


def test_grain_is_strongest_in_the_middle_tones_and_dust_is_rare():
    tones = np.repeat(np.linspace(0, 1, 5, dtype=np.float32), 60)[None, :, None].repeat(200, 0)
    grain = (add_film_grain(tones, 0.05, seed=1) - tones).reshape(200, 5, 60).std(axis=(0, 2))
    assert grain[0] == grain[4] == 0
    assert grain[2] == max(grain) == pytest.approx(0.05, rel=0.25)
    flat = np.full((200, 200, 3), 0.5, np.float32)
    covered = (np.abs(add_dust(flat, 10, seed=1) - flat) > 0.05).any(axis=-1).mean()
    assert 0.0005 < covered < 0.05


@pytest.mark.parametrize(("kind", "level"), [("rain", 0.1), ("gaussian", -1), ("gaussian", 25)])
def test_wrong_settings_are_told(kind, level):
    with pytest.raises(ValueError, match=r"choose one of|between"):
        add_noise(np.zeros((2, 2, 1), np.float32), kind, level)


def block_edges(image):
    """Return, for each place in a grid of 8, the mean step between a column and the next, less the median of all."""
    steps = np.abs(np.diff(image.mean(axis=-1), axis=1)).mean(axis=0)
    steps = np.array([steps[place::8].mean() for place in range(8)])
    return steps - np.median(steps)


@pytest.mark.parametrize("corner", [(0, 0), (0, 3), (5, 0), (9, 14)])
def test_jpeg_blocks_begin_where_the_corner_says(corner):
    photo = resize(sample("Cat").pixels[:48, :48], 192, 192)  # soft, so that every sharp step is an edge of a block
    blocky = compress(photo, 10, corner=corner)
    for image, offset in ((blocky, corner[1]), (blocky.swapaxes(0, 1), corner[0])):
        edges = block_edges(image)
        assert np.argmax(edges) == (7 - offset) % 8
        assert edges.max() > 5 * np.sort(edges)[-2]


@pytest.mark.parametrize("shape", [(40, 56, 3), (33, 41, 3), (33, 41, 1)])
def test_jpeg_at_the_corner_zero_is_the_file_that_opencv_writes(shape):
    photo = sample("Cat").pixels[: shape[0], : shape[1], : shape[2]]
    eight_bit = np.rint(photo * 255).astype(np.uint8)
    _, file = cv2.imencode(".jpg", eight_bit[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 30])
    decoded = cv2.imdecode(file, cv2.IMREAD_COLOR if shape[2] == 3 else cv2.IMREAD_GRAYSCALE).reshape(shape)
    np.testing.assert_array_equal(compress(photo, 30), np.float32(decoded[..., ::-1]) / 255)


def test_jpeg_without_subsampling_keeps_finer_colours():
    red_and_green = np.zeros((64, 64, 3), np.float32)
    red_and_green[:, 0::2, 0] = red_and_green[:, 1::2, 1] = 0.6
    halved, whole = (compress(red_and_green, 95, subsampling=kind) for kind in (True, False))
    assert np.abs(halved - red_and_green).mean() > 5 * np.abs(whole - red_and_green).mean()


@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("softness", [0.0, 1.5])
def test_banding_has_its_sigma_its_axis_and_its_colour(axis, softness):
    flat = np.full((200, 240, 3), 0.5, np.float32)
    bands = add_banding(flat, 0.1, axis=axis, softness=softness, seed=5) - flat
    assert bands.std() == pytest.approx(0.1, rel=1e-3)
    assert np.ptp(bands, axis=1 - axis).max() < 1e-6  # one offset for the whole row or column
    offsets = bands.take(0, axis=1 - axis)
    assert (np.corrcoef(offsets[1:, 0], offsets[:-1, 0])[0, 1] > 0.5) == (softness > 0)
    gray = add_banding(flat, 0.1, axis=axis, softness=softness, color=0, seed=5) - flat
    assert np.ptp(gray, axis=-1).max() < 1e-6 < np.ptp(bands, axis=-1).max()
    np.testing.assert_array_equal(add_banding(flat, 0.1, axis=axis, softness=softness, seed=5) - flat, bands)
