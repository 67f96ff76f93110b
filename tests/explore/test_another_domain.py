"""A classifier is adapted to another domain: against changes whose answer is known; the experiment."""

from dataclasses import replace

import numpy as np
import pytest

from restoration import explore
from restoration.explore import datasets
from restoration.explore.another_domain import moved, shared_encoder, use_statistics_of
from restoration.image.checks import ImageError


@pytest.fixture(scope="module")
def digits():
    return datasets.load("digits8")


def test_own_statistics_take_a_change_of_contrast_out(digits):
    autoencoder, classifier = shared_encoder((8, 8, 1), 10)
    images = digits.test.images[:100]
    darker = 0.4 * images
    use_statistics_of(autoencoder.encoder, images)
    codes, probabilities = autoencoder.encode(images), np.array(classifier(images))
    assert np.abs(autoencoder.encode(darker) - codes).max() > 0.1 * codes.max()
    use_statistics_of(autoencoder.encoder, darker)
    np.testing.assert_allclose(autoencoder.encode(darker), codes, rtol=0, atol=0.01 * codes.max())
    assert np.mean(np.array(classifier(darker)).argmax(1) == probabilities.argmax(1)) > 0.95


def test_a_domain_that_differs_in_contrast_alone_is_read_without_its_labels(digits):
    faint = replace(digits, images=0.15 * digits.images, label_names=("zero", *"123456789"))
    found = [one for one in explore.adapted(digits, faint, points=640, epochs=4) if one is not None]
    assert len(found) == 4
    last = found[-1]
    assert last.target.label_names == tuple("123456789")  # those in common
    assert np.array_equal(last.target.labels, digits.test.labels[digits.test.labels > 0] - 1)
    for kind, values in last.accuracy.items():
        assert values[-1] == np.mean(last.guessed[kind] == last.target.labels)
    assert last.gain("source") > 0.3
    assert last.accuracy["normalized"][-1] > last.accuracy["target"][-1] - 0.1
    assert last.losses[-1] < found[0].losses[-1]
    for known, new in last.codes.values():
        assert (len(known), len(new)) == (len(last.source), len(last.target))


def test_domains_need_two_classes_in_common(digits):
    with pytest.raises(ImageError, match="at least two must have the same names"):
        next(explore.adapted(digits, datasets.load("fashion")))
    with pytest.raises(ImageError, match="number of points"):
        next(explore.adapted(digits, digits, points=1))


def test_moved_images_stay_images(digits):
    images = digits.images[:20]
    random = np.random.default_rng(0)
    turned = moved(images, random)
    assert turned.shape == images.shape
    assert turned.min() >= 0
    assert turned.max() <= 1
    assert not np.allclose(turned, images)
    assert np.abs(turned - images).mean() < 0.2
    assert np.array_equal(moved(np.ones((2, 8, 8, 3), np.float32), random), np.ones((2, 8, 8, 3)))
