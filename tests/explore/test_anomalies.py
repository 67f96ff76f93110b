"""Anomaly scores: the area against scikit-learn's, the experiment on a table and on digits."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from restoration import explore
from restoration.explore import datasets
from restoration.explore.anomalies import METHODS, confusion, detect
from restoration.image.checks import ImageError


@pytest.mark.parametrize("seed", range(5))
def test_the_area_is_that_of_scikit_learn(seed):
    random = np.random.default_rng(seed)
    is_anomaly = random.random(200) < 0.3
    scores = random.integers(0, 12, 200) + 3 * is_anomaly  # with many ties
    assert explore.roc_area(scores, is_anomaly) == pytest.approx(roc_auc_score(is_anomaly, scores), abs=1e-12)


@pytest.mark.parametrize(
    ("scores", "is_anomaly", "said"),
    [
        ([1.0, 2], [True], "one score for each"),
        ([1.0, np.nan], [True, False], "finite"),
        ([1.0, 2], [True, True], "at least one normal"),
    ],
)
def test_what_has_no_area_is_a_sentence(scores, is_anomaly, said):
    with pytest.raises(ImageError, match=said):
        explore.roc_area(scores, is_anomaly)


def test_scores_are_the_error_of_each_sample():
    images = datasets.load("digits8").test.images[:30]
    pca = explore.Pca(datasets.load("digits8").train.images, 5)
    by_hand = [np.mean((image - pca.reconstruct(image[None])[0]) ** 2) for image in images]
    np.testing.assert_allclose(explore.anomaly_scores(pca, images), by_hand, rtol=1e-5)


def found(*arguments, **settings):
    return [one for one in detect(*arguments, **settings) if one is not None][-1]


def test_ill_tissue_is_an_anomaly_of_healthy_tissue():
    data = datasets.load("cancer")
    assert data.images.shape == (569, 30)
    np.testing.assert_allclose(data.train.images.mean(axis=0), 0, atol=1e-5)
    detection = found(data, data.label_names.index("benign"), code_size=16, epochs=12)
    assert set(detection.areas) == set(METHODS)
    assert min(detection.areas.values()) > 0.85, detection.areas
    assert detection.is_anomaly.sum() == (data.test.labels == 0).sum()
    again = roc_auc_score(detection.is_anomaly, detection.scores["autoencoder"])
    assert detection.areas["autoencoder"] == pytest.approx(again)
    assert detection.class_areas == {"malignant": detection.areas["autoencoder"]}
    counts = confusion(detection.scores["pca"], detection.is_anomaly, np.median(detection.scores["pca"]))
    assert counts.hits + counts.missed == detection.is_anomaly.sum()
    assert counts.hits + counts.false_alarms == len(detection.is_anomaly) // 2


def test_a_threshold_gives_as_many_false_alarms_on_new_samples_as_it_says():
    data = datasets.load("digits")
    detection = found(data, 0, epochs=15)
    normal = detection.scores["autoencoder"][~detection.is_anomaly]
    for share in (0.05, 0.2):
        threshold = np.quantile(detection.normal_scores, 1 - share)
        assert np.mean(normal > threshold) == pytest.approx(share, abs=0.05)


def test_too_few_normal_samples_are_a_sentence():
    faces = datasets.load("faces")
    with pytest.raises(ImageError, match="beside 0 others"):
        next(detect(faces, 0))
