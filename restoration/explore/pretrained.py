"""The networks of the exploration pages that were trained ahead, each with its card in ``weights/explore/``.

They run by the Keras runtime of `restoration.inference`, one inference at a time, in float32. For OpenVINO each encoder
and decoder would first be exported by a process of its own, which takes longer than they ever run.
"""

from functools import lru_cache

import keras
import numpy as np

from restoration.explore import datasets
from restoration.explore.classifier import build_classifier
from restoration.explore.pretrained_card import FOLDER, ExploreCard, cards
from restoration.explore.small_autoencoders import Autoencoder, build
from restoration.image.types import Array
from restoration.inference import keras_runtime
from restoration.inference.card import WeightsError
from restoration.inference.fair_lock import inference_lock
from restoration.inference.runner import to_nchw, to_nhwc

BATCH = 1024  # images or codes at once


class PretrainedNetwork:
    """A Keras network that is ready to run on any number of images or codes.

    Parameters
    ----------
    network : keras.Model
    """

    def __init__(self, network: keras.Model) -> None:
        self._run = keras_runtime.make_runner(network, "float32")

    def __call__(self, values: Array) -> Array:
        """Run the network on `values` (n, ...), float32."""
        with inference_lock.hold():
            starts = range(0, len(values), BATCH)
            parts = [to_nhwc(self._run(to_nchw(values[start : start + BATCH]))) for start in starts]
        return np.concatenate(parts)


class PretrainedAutoencoder:
    """An encoder and a decoder that are ready to run.

    Parameters
    ----------
    autoencoder : Autoencoder
    """

    def __init__(self, autoencoder: Autoencoder) -> None:
        self.shape, self.code_size = autoencoder.shape, autoencoder.code_size
        self._encoder, self._decoder = PretrainedNetwork(autoencoder.encoder), PretrainedNetwork(autoencoder.decoder)

    def encode(self, images: Array) -> Array:
        """Return the codes (n, code_size) of images (n, h, w, c), float32 in [0, 1]."""
        return self._encoder(images)

    def decode(self, codes: Array) -> Array:
        """Return the images (n, h, w, c), float32 in [0, 1], of codes (n, code_size)."""
        return np.clip(self._decoder(codes), 0, 1)

    def reconstruct(self, images: Array) -> Array:
        """Encode and decode images (n, h, w, c)."""
        return self.decode(self.encode(images))


@lru_cache(maxsize=16)
def load_autoencoder(name: str) -> PretrainedAutoencoder:
    """Return an autoencoder that was trained ahead; the same object for every caller.

    Parameters
    ----------
    name : str
        The card's name.

    Raises
    ------
    WeightsError
        If there is no such card, or its weights are missing or changed.
    """
    with inference_lock.hold():  # networks are built one at a time
        return PretrainedAutoencoder(_trained(name))


@lru_cache(maxsize=4)
def load_classifier(data: str) -> PretrainedNetwork:
    """Return the classifier of a data set that was trained ahead; the same object for every caller.

    Parameters
    ----------
    data : {"digits", "fashion"}

    Returns
    -------
    PretrainedNetwork
        Images (n, h, w, c) -> probabilities (n, classes).

    Raises
    ------
    WeightsError
        If its weights are missing or changed.
    """
    with inference_lock.hold():
        return PretrainedNetwork(_trained(f"classifier-{data}-1"))


def _trained(name):
    """Return the Autoencoder, or the classifier's keras.Model, with verified weights."""
    known = cards()
    if name not in known:
        raise WeightsError(f"No network is called {name}; there are {', '.join(known)}.")
    weights = known[name].weights(FOLDER)
    network, saved = untrained(known[name])
    saved.load_weights(weights)
    return network


def untrained(card: ExploreCard) -> tuple[Autoencoder | keras.Model, keras.Model]:
    """Build the network of a card with random weights.

    Returns
    -------
    network : Autoencoder or keras.Model
        The latter of a classifier.
    saved : keras.Model
        What its weights are saved from and loaded into.
    """
    data = datasets.load(card.data)
    if not card.config:
        classifier = build_classifier(datasets.SHAPES[card.data], len(data.label_names))
        return classifier, classifier
    autoencoder = build(shape=data.shape, **card.config)
    return autoencoder, saved_part(autoencoder)


def saved_part(autoencoder: Autoencoder) -> keras.Model:
    """Return the network of encoder and decoder, without what only training needs (the variance of the codes)."""
    image = autoencoder.encoder.input
    return keras.Model(image, autoencoder.decoder(autoencoder.encoder(image)), name="saved")
