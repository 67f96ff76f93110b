"""Drawn and photographed digits and clothes in the format of MNIST and Fashion-MNIST."""

import numpy as np
import pytest

from restoration.explore import datasets, pretrained
from restoration.explore.classifier import classify
from restoration.explore.mnist_format import to_fashion_mnist_format, to_mnist_format
from restoration.image.checks import ImageError


@pytest.mark.parametrize("negative", [False, True])
@pytest.mark.parametrize("place", [(5, 10), (60, 40)])
def test_a_large_digit_anywhere_is_read_as_itself(negative, place):
    """A test digit, enlarged and put anywhere on paper or on black, comes back as nearly the same digit."""
    test = datasets.load("digits").test
    digits = test.images[:20]
    paper = np.zeros((20, 160, 170, 1), np.float32)
    paper[:, place[0] : place[0] + 84, place[1] : place[1] + 84] = digits.repeat(3, axis=1).repeat(3, axis=2)
    mine = np.stack([to_mnist_format(0.9 - 0.8 * one if negative else one) for one in paper])
    assert mine.shape == digits.shape
    assert np.abs(mine - digits).mean() < 0.03
    labels, _ = classify(pretrained.load_classifier("digits"), mine)
    assert (labels == test.labels[:20]).mean() >= 0.95


def test_nothing_written_is_a_sentence():
    with pytest.raises(ImageError, match="Nothing is written"):
        to_mnist_format(np.full((40, 40, 3), 0.7, np.float32))


def test_clothes_on_white_are_turned_to_black():
    shoe = datasets.load("fashion").test.images[0]
    assert np.allclose(to_fashion_mnist_format(1 - shoe), shoe, atol=1e-6)
    assert np.array_equal(to_fashion_mnist_format(shoe), shoe)
