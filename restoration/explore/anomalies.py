"""Anomalies: what an autoencoder of normal data reconstructs badly; the live experiment, and measures of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from restoration.explore.datasets import DataSet
from restoration.explore.pca import Pca, reconstruction_errors
from restoration.image.checks import ImageError, check_whole
from restoration.image.types import Array

EPOCHS, LEARNING_RATE, BATCH = 40, 0.002, 64
LEAST_NORMAL, MOST_NORMAL = 5, 2000  # training images of the normal class
HELD_BACK = 5  # of so many of them one is not learned from
MOST_TESTED = 2000
TREES = 100  # of the isolation forest
METHODS = ("autoencoder", "pca", "isolation forest")


class Reconstructs(Protocol):
    """What `anomaly_scores` needs of a model: an Autoencoder or a Pca has it."""

    def reconstruct(self, images: Array) -> Array:
        """Encode and decode images."""


def anomaly_scores(model: Reconstructs, images: Array) -> np.ndarray:
    """Return how badly a model of what is normal reconstructs each image.

    Parameters
    ----------
    model : Autoencoder, Pca, or another object with ``reconstruct(images)``
    images : ndarray of shape (n, h, w, c) or (n, columns), float32

    Returns
    -------
    ndarray of shape (n,), float64
        Mean squared error per number; the larger, the more of an anomaly.

    Examples
    --------
    >>> images = np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32) * [3, 2, 0]
    >>> model = Pca(images, 2)
    >>> anomaly_scores(model, np.array([[1.0, 1, 0], [1, 1, 3]])).round(2).tolist()
    [0.0, 3.0]
    """
    return reconstruction_errors(images, model.reconstruct(images))


def roc_area(scores: ArrayLike, is_anomaly: ArrayLike) -> float:
    """Return the area under the receiver operating characteristic.

    It is the probability that an anomaly has a higher score than a normal one, a tie counting half (Hanley and McNeil
    1982, doi:10.1148/radiology.143.1.7063747), computed from ranks.

    Parameters
    ----------
    scores : array of shape (n,)
        Finite; higher means more of an anomaly.
    is_anomaly : array of shape (n,), bool

    Returns
    -------
    float in [0, 1]
        1 where the scores separate both, 0.5 where they tell nothing.

    Raises
    ------
    ImageError
        If the lengths differ, a score is not finite, or all are of one sort.

    Examples
    --------
    >>> roc_area([1, 2, 3, 4], [False, False, True, True]), roc_area([1, 1], [False, True])
    (1.0, 0.5)
    """
    from scipy.stats import rankdata

    scores, anomalous = np.asarray(scores, float), np.asarray(is_anomaly, bool)
    if scores.ndim != 1 or scores.shape != anomalous.shape:
        raise ImageError(f"Give one score for each sample; these are {scores.shape} and {anomalous.shape}.")
    if not np.isfinite(scores).all():
        raise ImageError("The scores hold values that are not finite numbers (NaN or infinity); replace them.")
    count = int(anomalous.sum())
    if not 0 < count < len(scores):
        raise ImageError("The area needs at least one normal sample and one anomaly.")
    above = rankdata(scores)[anomalous].sum() - count * (count + 1) / 2
    return float(above / (count * (len(scores) - count)))


@dataclass(frozen=True)
class Confusion:
    """What happens to normal samples and anomalies at a threshold: four counts."""

    hits: int
    missed: int
    false_alarms: int
    passed: int


def confusion(scores: np.ndarray, is_anomaly: np.ndarray, threshold: float) -> Confusion:
    """Return the counts of scores over a threshold (alarms) and not.

    Examples
    --------
    >>> confusion(np.array([1, 2, 3, 4]), np.array([False, True, False, True]), 2.5)
    Confusion(hits=1, missed=1, false_alarms=1, passed=1)
    """
    alarm = scores > threshold
    return Confusion(
        int((alarm & is_anomaly).sum()),
        int((~alarm & is_anomaly).sum()),
        int((alarm & ~is_anomaly).sum()),
        int((~alarm & ~is_anomaly).sum()),
    )


@dataclass(frozen=True)
class Detection:
    """What was found after an epoch.

    Parameters
    ----------
    losses : tuple of float
        Of each epoch.
    tested : DataSet
        What is tested, of all classes.
    is_anomaly : ndarray of shape (n,), bool
    scores : dict of str to ndarray of shape (n,)
        Of each of `METHODS`.
    normal_scores : ndarray
        The autoencoder's, of normal samples that nothing has learned from and that are not tested either, in which a
        threshold is chosen: samples that were learned from have smaller errors than new ones.
    areas : dict of str to float
        `roc_area` of each method.
    class_areas : dict of str to float
        The autoencoder's `roc_area` for each class of anomalies alone.
    restored : ndarray of the shape of ``tested.images``
    """

    losses: tuple[float, ...]
    tested: DataSet = field(repr=False)
    is_anomaly: np.ndarray = field(repr=False)
    scores: dict[str, np.ndarray] = field(repr=False)
    normal_scores: np.ndarray = field(repr=False)
    areas: dict[str, float]
    class_areas: dict[str, float]
    restored: np.ndarray = field(repr=False)


def detect(
    data: DataSet, normal: int, *, code_size: int = 16, seed: int = 0, epochs: int = EPOCHS
) -> Iterator[Detection | None]:
    """Train an autoencoder on one class, and test it on all; beside PCA and an isolation forest of the same.

    Isolation forest: Liu, Ting and Zhou 2008, doi:10.1109/ICDM.2008.17, by scikit-learn.

    Parameters
    ----------
    data : DataSet
        Trained on its training part, tested on its test part.
    normal : int
        The class that is normal.
    code_size : int
        Of the autoencoder, and PCA's; less where the data have fewer dimensions or samples.
    seed : int
    epochs : int

    Yields
    ------
    Detection or None
        The former after each epoch.

    Raises
    ------
    ImageError
        If there are too few normal samples, or none or only normal ones to test.
    """
    from sklearn.ensemble import IsolationForest

    from restoration.explore.autoencoder_trainer import AutoencoderTrainer
    from restoration.explore.small_autoencoders import build

    check_whole("The normal class", normal, 0, len(data.label_names) - 1)
    samples = data.train.images[data.train.labels == normal][:MOST_NORMAL]
    count = len(samples)
    held_back, train = samples[: count // HELD_BACK], samples[count // HELD_BACK :]
    tested = data.test if len(data.test) <= MOST_TESTED else data.test.first(MOST_TESTED)
    is_anomaly = tested.labels != normal
    if count < LEAST_NORMAL or is_anomaly.all() or not is_anomaly.any():
        raise ImageError(
            f"{data.label_names[normal]} has {count} samples to learn from and {int((~is_anomaly).sum())} to "
            f"test, beside {int(is_anomaly.sum())} others; give at least {LEAST_NORMAL}, 1 and 1."
        )
    code_size = min(code_size, len(train) - 1, int(np.prod(data.shape)))
    pca = Pca(train, code_size)
    forest = IsolationForest(n_estimators=TREES, random_state=seed).fit(train.reshape(len(train), -1))
    yield None
    others = {
        "pca": anomaly_scores(pca, tested.images),
        "isolation forest": -forest.score_samples(tested.images.reshape(len(tested), -1)),
    }
    yield None
    autoencoder = build("deep", data.shape, code_size, hidden=(128,), seed=seed)
    trainer = AutoencoderTrainer(autoencoder, train, seed=seed, learning_rate=LEARNING_RATE, batch=BATCH)
    for _ in range(epochs):
        for _ in range(trainer.steps_per_epoch):
            trainer.step()
            yield None
        restored = autoencoder.reconstruct(tested.images)
        scores = {"autoencoder": reconstruction_errors(tested.images, restored), **others}
        class_areas = {}
        for label in np.unique(tested.labels[is_anomaly]):
            which = ~is_anomaly | (tested.labels == label)
            class_areas[data.label_names[label]] = roc_area(scores["autoencoder"][which], is_anomaly[which])
        yield Detection(
            tuple(trainer.losses),
            tested,
            is_anomaly,
            scores,
            anomaly_scores(autoencoder, held_back),
            {method: roc_area(values, is_anomaly) for method, values in scores.items()},
            class_areas,
            restored,
        )
