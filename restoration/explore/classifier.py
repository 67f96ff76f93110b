"""A small classifier: how sure it is tells how much a made picture looks like any of the classes."""

import keras
import numpy as np
from keras import layers, ops

CHUNK = 1024


def build_classifier(shape, classes, *, widths=(16, 32), dense=64, seed=0):
    """Build a convolutional classifier with random weights.

    Parameters
    ----------
    shape : tuple of int
        (h, w, c) of a picture.
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


def classify(classifier, images):
    """Return what each picture is taken for, and how surely.

    Parameters
    ----------
    classifier : keras.Model
        As from `build_classifier`.
    images : ndarray of shape (n, h, w, c), float32 in [0, 1]

    Returns
    -------
    labels : ndarray of shape (n,), int
    confidence : ndarray of shape (n,), float32
        The probability of that label; 1 / classes is the least there can be.
    """
    probabilities = np.concatenate(
        [
            ops.convert_to_numpy(classifier(images[start : start + CHUNK], training=False))
            for start in range(0, len(images), CHUNK)
        ]
    )
    return probabilities.argmax(axis=1), probabilities.max(axis=1)
