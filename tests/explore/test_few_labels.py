"""A classifier on a pretrained encoder: what is trained, against a logistic regression; the experiment."""

import keras
import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from restoration import explore
from restoration.explore import datasets, few_labels
from restoration.explore.few_labels import METHODS, learn_from_few
from restoration.image.checks import ImageError


@pytest.fixture(scope="module")
def data():
    return datasets.load("digits8")


def test_on_a_frozen_encoder_it_is_a_logistic_regression_on_the_code(data):
    encoder = explore.build("deep", (8, 8, 1), 8, hidden=(16,)).encoder
    before = encoder.get_weights()
    images, labels = data.train.images[:200], data.train.labels[:200]
    classifier = explore.pretrained_classifier(encoder, 10, frozen=True)
    classifier.compile(keras.optimizers.Adam(0.1), "sparse_categorical_crossentropy")
    first = classifier.train_on_batch(images, labels)
    for _ in range(10):
        last = classifier.train_on_batch(images, labels)
    assert last < first
    assert all(np.array_equal(*pair) for pair in zip(before, encoder.get_weights(), strict=True))
    codes = np.array(encoder(images))
    regression = LogisticRegression(max_iter=1000).fit(codes, labels)
    classifier.get_layer("classes").set_weights([regression.coef_.T, regression.intercept_])
    np.testing.assert_allclose(classifier(images), regression.predict_proba(codes), atol=1e-4)


def test_an_encoder_that_is_not_frozen_is_trained_on(data):
    encoder = explore.build("deep", (8, 8, 1), 8, hidden=(16,)).encoder
    before = encoder.get_weights()
    classifier = explore.pretrained_classifier(encoder, 10)
    classifier.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    classifier.train_on_batch(data.train.images[:50], data.train.labels[:50])
    assert not np.array_equal(before[0], encoder.get_weights()[0])


def test_one_class_is_refused():
    with pytest.raises(ImageError, match="number of classes"):
        explore.pretrained_classifier(explore.build("deep", (8, 8, 1), 2).encoder, 1)
    with pytest.raises(ImageError, match="at least two classes"):
        next(learn_from_few(datasets.load("faces")))


def test_the_experiment_repeats_itself_and_more_labels_are_worth_more(data, monkeypatch):
    monkeypatch.setattr(few_labels, "PRETRAINING_EPOCHS", 2)
    monkeypatch.setattr(few_labels, "LABELS", (1, 30, 10_000))
    monkeypatch.setattr(few_labels, "STEPS", 20)
    found = [one for one in learn_from_few(data, seeds=2, points=1000) if one is not None]
    assert len(found) == 4
    accuracy = found[-1].accuracy
    assert set(accuracy) == set(METHODS)
    for method in METHODS:
        assert list(accuracy[method]) == [1, 30]  # no class has so many
        assert np.mean(accuracy[method][30]) > np.mean(accuracy[method][1])
    assert accuracy["pixels"][30][0] > 0.8
    assert found[1].accuracy["pixels"] == {}
