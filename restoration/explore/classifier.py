"""A small convolutional classifier; its confidence says how much a decoded image looks like one of the classes."""

from collections.abc import Callable, Sequence

import keras
import numpy as np
from keras import layers

from restoration.image.types import Array


def build_classifier(
    shape: tuple[int, int, int],
    classes: int,
    *,
    widths: Sequence[int] = (16, 32),
    dense: int = 64,
    seed: int = 0,
) -> keras.Model:
    """Build a convolutional classifier with random weights.

    Parameters
    ----------
    shape : tuple of int
        (h, w, c) of an image.
    classes : int
    widths : sequence of int
        Channels after each halving.
    dense : int
        Units before the classes.
    seed : int
        Of the random weights and the dropout.

    Returns
    -------
    keras.Model
        (n, h, w, c) in [0, 1] -> (n, classes), probabilities.
    """

    def weights(level):
        return {"kernel_initializer": keras.initializers.GlorotUniform(1000 * seed + level)}

    image = keras.Input(tuple(shape), name="image")
    features = image
    for level, width in enumerate(widths):
        features = layers.Conv2D(width, 5, 2, "same", activation="relu", name=f"conv{level}", **weights(level))(
            features
        )
    features = layers.Flatten(name="flat")(features)
    features = layers.Dense(dense, "relu", name="dense", **weights(len(widths)))(features)
    features = layers.Dropout(0.4, seed=seed, name="dropout")(features)
    probabilities = layers.Dense(classes, "softmax", name="classes", **weights(len(widths) + 1))(features)
    return keras.Model(image, probabilities, name="classifier")


def classify(classifier: Callable[[Array], Array], images: Array) -> tuple[np.ndarray, Array]:
    """Return the most probable class of each image, and its probability.

    Parameters
    ----------
    classifier : callable
        Images (n, h, w, c) -> probabilities (n, classes), as `restoration.explore.pretrained.load` gives it.
    images : ndarray of shape (n, h, w, c), float32 in [0, 1]

    Returns
    -------
    labels : ndarray of shape (n,), int
    confidence : ndarray of shape (n,), float32
        The probability of that label; 1 / classes is the least there can be.
    """
    probabilities = classifier(images)
    return probabilities.argmax(axis=1), probabilities.max(axis=1)
