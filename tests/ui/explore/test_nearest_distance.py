"""Captions with the distance to the nearest training image."""

import numpy as np

from restoration.explore import datasets
from restoration.ui.explore import nearest_distance


def test_a_training_image_is_at_distance_0_and_a_changed_one_farther():
    images = datasets.load("digits").train.images[:3].copy()
    assert nearest_distance.captions("digits", images) == ["0.000"] * 3
    images[1] = 1 - images[1]
    first, changed, last = nearest_distance.distances("digits", images)
    assert first == last == 0
    assert changed > 0.1


def test_photographs_have_no_distance():
    photos = np.zeros((2, 64, 64, 3), np.float32)
    assert nearest_distance.distances("photos", photos) is None
    assert nearest_distance.captions("photos", photos) == []


def test_the_caption_names_the_size_of_the_code_and_the_error_of_both_images():
    images = np.zeros((2, 28, 28, 1), np.float32)
    text = nearest_distance.describe("digits", images, images + np.float32(0.1), 16)
    assert "A code is 16 numbers for 784" in text
    assert "a PSNR of 20.0 dB and 20.0 dB" in text
