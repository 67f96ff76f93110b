"""The networks of the exploration pages that were trained ahead, each with its card in ``weights/explore/``."""

from functools import lru_cache

import keras

from restoration.explore import datasets
from restoration.explore.classifier import build_classifier
from restoration.explore.pretrained_card import FOLDER, cards
from restoration.explore.small_autoencoders import Autoencoder, build
from restoration.inference.card import WeightsError
from restoration.inference.turn_queue import inference


@lru_cache(maxsize=16)
def load(name):
    """Return a network that was trained ahead, its weights verified.

    Parameters
    ----------
    name : str
        The card's name.

    Returns
    -------
    Autoencoder or keras.Model
        The latter for a classifier. The same object for every caller.

    Raises
    ------
    WeightsError
        If there is no such card, or its weights are missing or changed.
    """
    known = cards()
    if name not in known:
        raise WeightsError(f"No network is called {name}; there are {', '.join(known)}.")
    card = known[name]
    weights = card.weights(FOLDER)
    with inference.mine():  # networks are built one at a time
        network, whole = empty(card)
        whole.load_weights(weights)
    return network


def empty(card):
    """Build the network of a card with random weights.

    Returns
    -------
    network : Autoencoder or keras.Model
    whole : keras.Model
        What its weights are saved from and loaded into.
    """
    data = datasets.load(card.data)
    if not card.config:
        classifier = build_classifier(data.shape, len(data.label_names))
        return classifier, classifier
    autoencoder = build(shape=data.shape, **card.config)
    return autoencoder, saved_part(autoencoder)


def saved_part(autoencoder: Autoencoder):
    """Return the network of encoder and decoder, without what only training needs (the spread of the codes)."""
    image = autoencoder.encoder.input
    return keras.Model(image, autoencoder.decoder(autoencoder.encoder(image)), name="saved")
