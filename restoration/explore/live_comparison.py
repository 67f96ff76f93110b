"""The live experiment of losses and shapes: two autoencoders that differ in what the visitor chose, side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from restoration.explore.datasets import DataSet
from restoration.explore.live_training import Settings, autoencoder_and_trainer
from restoration.explore.pca import Pca
from restoration.image.checks import check_whole

EPOCHS = 30
UNSEEN = 500  # test images that are measured


@dataclass(frozen=True)
class Errors:
    """Errors on new images: {name: a value of each finished epoch}."""

    squared: tuple[float, ...] = ()
    absolute: tuple[float, ...] = ()


@dataclass(frozen=True)
class Compared:
    """What was measured of one autoencoder.

    Parameters
    ----------
    losses : tuple of float
        What was minimised, in each epoch.
    errors : Errors
    parameters : int
        Of encoder and decoder.
    codes : ndarray of shape (n, code_size)
        Of the new images.
    restored : ndarray of their shape
    """

    losses: tuple[float, ...]
    errors: Errors
    parameters: int
    codes: np.ndarray = field(repr=False)
    restored: np.ndarray = field(repr=False)


@dataclass(frozen=True)
class Comparison:
    """What an epoch of all has led to, the new images, and PCA's codes and reconstructions of the first code size."""

    found: tuple[Compared, ...]
    tested: DataSet = field(repr=False)
    pca_codes: np.ndarray = field(repr=False)
    pca_restored: np.ndarray = field(repr=False)


def compare(
    data: DataSet, several: Sequence[Settings], *, points: int = 2000, epochs: int = EPOCHS
) -> Iterator[Comparison | None]:
    """Train autoencoders of several settings side by side on the same data.

    Parameters
    ----------
    data : DataSet
    several : sequence of Settings
        Of the linear kind an epoch is one step, since it learns from all images at once; so it makes ten.
    points : int
        The most training images.
    epochs : int

    Yields
    ------
    Comparison or None
        The former after each epoch.
    """
    check_whole("The number of points", points, 2)
    train = data.train.images[:points]
    tested = data.test.first(UNSEEN) if len(data.test) else data.first(UNSEEN)
    images = tested.images
    pca = Pca(train, min(several[0].code_size, len(train) - 1, int(np.prod(data.shape))))
    pca_codes = pca.encode(images)
    pca_restored = pca.decode(pca_codes)
    yield None
    pairs = []
    for settings in several:
        pairs.append(autoencoder_and_trainer(train, settings))
        yield None
    errors = [Errors() for _ in several]
    for _ in range(epochs):
        for settings, (_, trainer) in zip(several, pairs, strict=True):
            for _ in range(max(trainer.steps_per_epoch, 10 if settings.kind == "linear" else 1)):
                trainer.step()
                yield None
        found = []
        for index, (autoencoder, trainer) in enumerate(pairs):
            codes = autoencoder.encode(images)
            restored = autoencoder.decode(codes)
            errors[index] = Errors(
                (*errors[index].squared, float(np.mean((images - restored) ** 2))),
                (*errors[index].absolute, float(np.mean(np.abs(images - restored)))),
            )
            network = trainer.autoencoder
            parameters = network.encoder.count_params() + network.decoder.count_params()
            found.append(Compared(tuple(trainer.losses), errors[index], int(parameters), codes, restored))
            yield None
        yield Comparison(tuple(found), tested, pca_codes, pca_restored)
