"""Blending: the ends are exact, the ways are the ways, and codes give likenesses where pixels give ghosts."""

import io

import numpy as np
import pytest
from PIL import Image

import restoration
from restoration.explore import animation, datasets, interpolation, pretrained
from restoration.explore.center_crop import center_crop
from restoration.explore.nearest_neighbor import NearestNeighbor
from restoration.explore.pretrained_card import cards
from restoration.image.checks import ImageError
from restoration.tasks.blend import NETWORKS, blends

WEIGHTS = [0.0, 0.3, 1.0]


@pytest.mark.parametrize("data", NETWORKS)
def test_content_ends_are_the_pictures_themselves(data):
    first, second = datasets.load(data).images[[0, 50]]
    for weight, end in ((0, first), (1, second)):
        assert np.array_equal(restoration.blend(first, second, weight, space="content", data=data), end)
    middle = restoration.blend(first, second, 0.5, space="content", data=data)
    assert np.allclose(middle, (first + second) / 2, atol=1e-6)


@pytest.mark.parametrize("data", NETWORKS)
@pytest.mark.parametrize("path", interpolation.PATHS)
def test_representation_ends_are_the_reconstructions(data, path):
    pictures = datasets.load(data).images[[0, 50]]
    network = pretrained.load(NETWORKS[data])
    made = blends(*pictures, WEIGHTS, data=data, path=path)
    assert made.shape == (3, *pictures.shape[1:])
    assert made.min() >= 0
    assert made.max() <= 1
    assert np.allclose(made[[0, -1]], np.clip(network.reconstruct(pictures), 0, 1), atol=1e-5)


def test_larger_pictures_are_cropped_and_reduced_and_smaller_ones_refused():
    large = np.zeros((90, 200, 3), np.float32)
    large[:, 55:145] = 0.5
    fitted = center_crop(large, (28, 28, 1))
    assert fitted.shape == (28, 28, 1)
    assert np.allclose(fitted, 0.5, atol=1e-6)
    assert restoration.blend(large, large, 0.3, data="photos").shape == (64, 64, 3)
    assert center_crop(np.full((80, 70, 1), 0.25, np.float32), (64, 64, 3)).shape == (64, 64, 3)
    with pytest.raises(ImageError, match=r"20 x 40 pixels and at least 28 x 28"):
        restoration.blend(large[:40, :20], large, 0.5, data="digits")


@pytest.mark.parametrize(
    "wrong", [{"weight": 1.2}, {"space": "latent"}, {"data": "cats"}, {"path": "zigzag"}, {"first": np.zeros((4, 4))}]
)
def test_bad_settings_are_sentences(wrong):
    picture = datasets.load("digits").images[0]
    with pytest.raises(ImageError, match=r"^[A-Za-z].*"):
        restoration.blend(**{"first": picture, "second": picture, "weight": 0.5, "data": "digits"} | wrong)


@pytest.mark.parametrize("weight", [2, -0.5, np.nan])
def test_each_of_several_weights_is_checked(weight):
    picture = np.zeros((28, 28, 1), np.float32)
    with pytest.raises(ImageError, match="weight is"):
        blends(picture, picture, np.array([0.5, weight]), data="digits")


def test_a_mixture_of_noisy_pixels_is_a_picture():
    noisy = np.full((28, 28, 1), 1.5, np.float32)
    mixed = restoration.blend(noisy, -noisy, 0, space="content", data="digits")
    assert mixed.max() == 1
    assert restoration.blend(-noisy, noisy, 0, space="content", data="digits").min() == 0


def test_the_arc_keeps_the_length_and_halves_the_angle():
    generator = np.random.default_rng(0)
    first, second = generator.normal(size=(2, 16))
    second *= np.linalg.norm(first) / np.linalg.norm(second)
    way = interpolation.interpolate(first, second, np.linspace(0, 1, 9), "sphere")
    assert np.allclose(np.linalg.norm(way, axis=1), np.linalg.norm(first), rtol=1e-5)
    steps = np.sum(way[1:] * way[:-1], axis=1) / np.linalg.norm(first) ** 2
    assert np.allclose(np.arccos(steps), np.arccos(steps).mean(), atol=1e-3)
    assert np.array_equal(way[0], first.astype(np.float32))
    assert np.array_equal(way[-1], second.astype(np.float32))
    for other in (first, -first, 0 * first):  # no arc: along the line
        assert np.isfinite(interpolation.interpolate(first, other, [0.5], "sphere")).all()


def test_a_square_has_its_corners():
    corners = np.random.default_rng(0).random((4, 5)).astype(np.float32)
    square = interpolation.interpolate_square(corners, 7)
    assert square.shape == (7, 7, 5)
    assert np.array_equal(square[[0, 0, -1, -1], [0, -1, 0, -1]], corners)
    assert np.allclose(square[3, 3], corners.mean(axis=0), atol=1e-6)


def test_nearest_is_the_brute_force():
    generator = np.random.default_rng(0)
    known, asked = (generator.random((count, 5, 4, 1), np.float32) for count in (50, 7))
    index, distance = NearestNeighbor(known)(asked)
    every = np.sqrt(np.mean((asked[:, None] - known[None]) ** 2, axis=(2, 3, 4)))
    assert np.array_equal(index, every.argmin(axis=1))
    assert np.allclose(distance, every.min(axis=1))
    assert NearestNeighbor(known)(known[3:4])[1][0] == 0


@pytest.mark.parametrize("data", ["digits", "fashion"])
def test_half_way_codes_are_nearer_to_real_pictures_than_half_way_pixels(data):
    tested = cards()[NETWORKS[data]].tested
    ghost, likeness = (tested[f"half way to the nearest, {space}"] for space in ("content", "representation"))
    assert likeness < 0.9 * ghost


def test_a_strip_and_an_animation_hold_the_pictures():
    rows = np.random.default_rng(0).random((2, 7, 5, 6, 1), np.float32)
    strip = animation.strip(rows)
    assert strip.shape == (2 * 5 + animation.GAP, 7 * 6 + 6 * animation.GAP, 1)
    assert np.array_equal(strip[-5:, -6:], rows[1, 6])
    frames = np.linspace(0, 1, 4, dtype=np.float32)[:, None, None, None] * np.ones((1, 28, 28, 3), np.float32)
    made = Image.open(io.BytesIO(animation.gif(frames)))
    assert made.n_frames == 6
    assert made.size == (168, 168)
    levels = []
    for frame in range(6):
        made.seek(frame)
        levels.append(made.convert("L").getpixel((0, 0)))
    assert levels == pytest.approx([0, 85, 170, 255, 170, 85], abs=2)
