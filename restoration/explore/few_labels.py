"""Few labels: a classifier on an encoder that has learned from pictures without labels; the live experiment."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from restoration.explore.datasets import DataSet
from restoration.explore.pca import Pca
from restoration.image.checks import ImageError, check_whole
from restoration.image.types import Array

LABELS = (1, 3, 10, 30, 100)  # of each class
SEEDS = 5
PRETRAINING_EPOCHS, BATCH, LEARNING_RATE = 12, 64, 0.002
NOISE = 0.5  # share of the pixels that are hidden while pretraining
STEPS, STEP_RATE = 100, 0.002  # of each classifier that is trained
HIDDEN, CODE_SIZE = (16, 32), 32
TESTED = 1000
METHODS = ("scratch", "frozen", "tuned", "pca", "pixels")


def pretrained_classifier(encoder: Any, classes: int, *, frozen: bool = False, seed: int = 0) -> Any:
    """Return a classifier on top of an encoder.

    Parameters
    ----------
    encoder : keras.Model
        Images (n, ...) -> codes (n, code_size), for example the `encoder` of an Autoencoder. It is part of the
        classifier: what is trained there changes it, unless it is frozen.
    classes : int
        At least 2.
    frozen : bool
        Leave the encoder as it is and train the last layer alone: its code are features.
    seed : int
        Of the weights of the last layer.

    Returns
    -------
    keras.Model
        Images -> probabilities (n, classes), untrained.

    Raises
    ------
    ImageError
        If there are fewer than two classes.

    Examples
    --------
    >>> from restoration.explore.small_autoencoders import build
    >>> encoder = build("deep", (8, 8, 1), 4).encoder
    >>> pretrained_classifier(encoder, 3)(np.zeros((5, 8, 8, 1), np.float32)).shape
    TensorShape([5, 3])
    """
    import keras

    check_whole("The number of classes", classes, 2)
    image = keras.Input(encoder.input.shape[1:])
    initializer = keras.initializers.GlorotUniform(1000 * seed)
    last = keras.layers.Dense(classes, "softmax", kernel_initializer=initializer, name="classes")
    encoder.trainable = not frozen
    return keras.Model(image, last(encoder(image)), name="classifier")


@dataclass(frozen=True)
class Accuracies:
    """What was found so far.

    Parameters
    ----------
    losses : tuple of float
        Of the pretraining, an epoch each.
    accuracy : dict of str to dict of int to tuple of float
        Method -> {labels of each class: accuracy of each seed so far}.
    classes, tested : int
    """

    losses: tuple[float, ...]
    accuracy: dict[str, dict[int, tuple[float, ...]]]
    classes: int
    tested: int


def epochs(seeds: int = SEEDS) -> int:
    """Return how many times `learn_from_few` finds something."""
    return PRETRAINING_EPOCHS + seeds


def learn_from_few(
    data: DataSet, *, points: int = 5000, seeds: int = SEEDS, seed: int = 0, code_size: int = CODE_SIZE
) -> Iterator[Accuracies | None]:
    """Pretrain an autoencoder without labels, then train classifiers on few labels in several ways.

    Scratch: encoder and last layer from random weights. Frozen: the pretrained encoder's code as features (Coates, Ng
    and Lee 2011), for a logistic regression. Tuned: the pretrained encoder trained on, with a last layer that begins
    as that regression. PCA and pixels: logistic regressions on PCA's code of the same size, and on the pixels.

    Parameters
    ----------
    data : DataSet
        Of images, with at least two classes.
    points : int
        The most training images, whose labels are known for few.
    seeds : int
        Choices of labels, of which each is a repetition of all.
    seed : int
    code_size : int

    Yields
    ------
    Accuracies or None
        The former after each epoch of the pretraining, and after each repetition.

    Raises
    ------
    ImageError
        If there are fewer than two classes of two training images and one test image.
    """
    from restoration.explore.autoencoder_trainer import AutoencoderTrainer
    from restoration.explore.small_autoencoders import build

    train, test = data.train.first(points), data.test.first(TESTED)
    known = [label for label in range(len(data.label_names)) if (train.labels == label).sum() >= 2]
    train, test = _of_classes(train, known), _of_classes(test, known)
    if len(known) < 2 or not len(test.labels):
        raise ImageError("A classifier needs at least two classes of two training pictures, and pictures to test.")
    random = np.random.default_rng(seed)
    convolutional = len(data.shape) == 3
    network = build(
        "convolutional" if convolutional else "deep",
        data.shape,
        code_size,
        hidden=HIDDEN if convolutional else (64,),
        seed=seed,
    )

    def hide(batch: Array) -> Array:
        return batch * (random.random(batch.shape, np.float32) > NOISE)

    trainer = AutoencoderTrainer(
        network, train.images, seed=seed, learning_rate=LEARNING_RATE, batch=BATCH, corrupt=hide
    )
    accuracy: dict[str, dict[int, tuple[float, ...]]] = {method: {} for method in METHODS}
    for _ in range(PRETRAINING_EPOCHS):
        for _ in range(trainer.steps_per_epoch):
            trainer.step()
            yield None
        yield Accuracies(tuple(trainer.losses), _copied(accuracy), len(known), len(test.labels))

    pca = Pca(train.images, min(code_size, len(train.labels) - 1, int(np.prod(data.shape))))
    features = {
        "frozen": (network.encode(train.images), network.encode(test.images)),
        "pca": (pca.encode(train.images), pca.encode(test.images)),
        "pixels": (_rows(train.images), _rows(test.images)),
    }
    yield None
    classifiers = _Classifiers(network.encoder, len(known), seed)
    most = min(np.bincount(train.labels)[: len(known)])
    for repetition in range(seeds):
        order = np.random.default_rng((seed, repetition)).permutation(len(train.labels))
        for count in [count for count in LABELS if count <= most]:
            few = np.concatenate([order[train.labels[order] == label][:count] for label in range(len(known))])
            regressions = {}
            for method, (learned, unseen) in features.items():
                regressions[method] = _Regression(learned[few], train.labels[few])
                _note(accuracy, method, count, regressions[method].predict(unseen) == test.labels)
                yield None
            for method in ("scratch", "tuned"):
                start = regressions["frozen"] if method == "tuned" else None
                yield from classifiers.fit(train.images[few], train.labels[few], start, (seed, repetition, count))
                _note(accuracy, method, count, classifiers.predict(test.images) == test.labels)
                yield None
        yield Accuracies(tuple(trainer.losses), _copied(accuracy), len(known), len(test.labels))


class _Regression:
    """A logistic regression on features over their common spread; its weights are those of a last layer."""

    def __init__(self, features, labels):
        from sklearn.linear_model import LogisticRegression
        from threadpoolctl import threadpool_limits

        spread = features.std() or 1.0
        with threadpool_limits(1):  # for products so small, several threads of BLAS mostly wait for each other
            fitted = LogisticRegression(max_iter=300).fit(features / spread, labels)
        weights, bias = fitted.coef_ / spread, fitted.intercept_
        if len(weights) == 1:  # of two classes scikit-learn keeps one row
            weights, bias = np.concatenate([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
        self.weights, self.bias = weights.T.astype(np.float32), bias.astype(np.float32)

    def predict(self, features):
        return (features @ self.weights + self.bias).argmax(axis=1)


class _Classifiers:
    """One network that is trained again and again, from random weights or from the pretrained ones."""

    def __init__(self, encoder, classes, seed):
        import keras

        from restoration.explore.optimizers import Adam

        self._pretrained = encoder.get_weights()
        copy = keras.models.clone_model(encoder)  # with random weights of the same seeds
        self._random = copy.get_weights()
        self._encoder, self._network = copy, pretrained_classifier(copy, classes, seed=seed)
        self._head = self._network.get_layer("classes").get_weights()
        self._network.compile(Adam(STEP_RATE), "sparse_categorical_crossentropy")
        self._network.optimizer.build(self._network.trainable_variables)
        self._optimizer = [variable.numpy() for variable in self._network.optimizer.variables]

    def fit(self, images, labels, start, seed):
        """Train on batches drawn with replacement, or on all images where they are fewer than a batch."""
        self._encoder.set_weights(self._random if start is None else self._pretrained)
        head = self._head if start is None else [start.weights, start.bias]
        self._network.get_layer("classes").set_weights(head)
        for variable, value in zip(self._network.optimizer.variables, self._optimizer, strict=True):
            variable.assign(value)
        random = np.random.default_rng(seed)
        for _ in range(STEPS):
            which = random.integers(0, len(images), BATCH) if len(images) > BATCH else np.arange(len(images))
            self._network.train_on_batch(images[which], labels[which])
            yield None

    def predict(self, images):
        return np.asarray(self._network(images, training=False)).argmax(axis=1)


def _of_classes(data, known):
    """Return images and labels of the known classes, whose labels are numbered anew."""
    which = np.isin(data.labels, known)
    return _Labelled(data.images[which], np.searchsorted(known, data.labels[which]))


@dataclass(frozen=True)
class _Labelled:
    images: Array
    labels: np.ndarray


def _rows(images):
    return images.reshape(len(images), -1)


def _note(accuracy, method, count, right):
    accuracy[method][count] = (*accuracy[method].get(count, ()), float(np.mean(right)))


def _copied(accuracy):
    return {method: dict(found) for method, found in accuracy.items()}
