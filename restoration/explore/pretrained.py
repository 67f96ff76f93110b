"""The networks of the exploration pages that were trained ahead, each with its card in ``weights/explore/``."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import keras

from restoration.card import WEIGHTS, Sealed, WeightsError
from restoration.explore import datasets
from restoration.explore.autoencoders import Autoencoder, build
from restoration.explore.classifier import build_classifier
from restoration.turns import inference

FOLDER = WEIGHTS / "explore"


@dataclass(frozen=True)
class ExploreCard(Sealed):
    """All that is claimed of one small network; a test recomputes every claim.

    Parameters
    ----------
    name : str
        ``purpose-data-...-version``; immutable: better weights are a new version.
    data : str
        The data set whose pictures it takes.
    config : dict
        Arguments of `autoencoders.build` beside the shape; empty for a classifier.
    parameters, bytes : int
        Of encoder and decoder (or of the classifier), and of the weights file.
    sha256 : str
        Of the weights file, verified before it is loaded.
    trained : dict
        data, licence, command, seed, epochs, pictures (seen in all), minutes, machine.
    tested : dict
        What was measured on the test part: see `restoration.explore.scores`.
    limits : str
        What it cannot do.
    """

    name: str
    data: str
    config: dict
    parameters: int
    bytes: int
    sha256: str
    trained: dict
    tested: dict
    limits: str


def cards(folder=FOLDER):
    """Return {name: ExploreCard} of every network that is installed, in alphabetical order."""
    found = (ExploreCard.read(path) for path in sorted(Path(folder).glob("*.json")))
    return {card.name: card for card in found}


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
