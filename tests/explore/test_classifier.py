"""The small classifier."""

import numpy as np

from restoration.explore.classifier import build_classifier, classify


def test_confidence_is_the_largest_probability():
    classifier = build_classifier((8, 8, 1), 10)
    images = np.random.default_rng(0).random((6, 8, 8, 1), np.float32)
    probabilities = np.asarray(classifier(images))
    labels, sure = classify(lambda batch: np.asarray(classifier(batch)), images)
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    assert np.array_equal(labels, probabilities.argmax(axis=1))
    assert np.allclose(sure, probabilities.max(axis=1))
