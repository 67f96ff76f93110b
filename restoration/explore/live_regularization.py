"""The live experiment of regularization: five autoencoders trained side by side on the same data, and measured."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from restoration.explore.datasets import DataSet
from restoration.explore.pca import reconstruction_errors
from restoration.image.checks import check_whole
from restoration.image.types import Array

EPOCHS = 30
LEARNING_RATE, BATCH = 0.003, 128
UNSEEN = 500  # test images that are measured
JACOBIANS = 100  # of them, whose Jacobian is computed
NOISE = 0.4  # spread of the noise that all are tested with
SMALL_MOVE = 0.05  # spread of the small change of a picture that the code's move is measured with
ACTIVE = 0.05  # a unit is active if it is over this share of the largest activation of all units


@dataclass(frozen=True)
class Regularized:
    """What was measured of one autoencoder.

    Parameters
    ----------
    losses : tuple of float
        Of each epoch, penalties included.
    train_error, error, noisy_error : float
        Mean squared error per number on the training part, on new images, and on new images with noise.
    codes : ndarray of shape (n, code_size)
        Of the new images.
    active : float
        Mean share of the units that are active for a new image.
    jacobian : float
        Mean norm of the code's Jacobian.
    move : float
        Mean distance that the code moves when the image moves a little, in units of the code's own spread.
    restored, cleaned : ndarray of the images' shape
        The new images, and the new images with noise, as they are reconstructed.
    filters : ndarray of shape (code_size, *image)
        The weights of each unit.
    """

    losses: tuple[float, ...]
    train_error: float
    error: float
    noisy_error: float
    active: float
    jacobian: float
    move: float
    codes: np.ndarray = field(repr=False)
    restored: np.ndarray = field(repr=False)
    cleaned: np.ndarray = field(repr=False)
    filters: np.ndarray = field(repr=False)


@dataclass(frozen=True)
class SideBySide:
    """What an epoch of all has led to: {kind: Regularized}, and the new images that were measured, clean and noisy."""

    found: dict[str, Regularized]
    images: np.ndarray = field(repr=False)
    noisy: np.ndarray = field(repr=False)


def regularize(
    data: DataSet,
    strengths: dict[str, float],
    *,
    points: int = 2000,
    code_size: int = 256,
    activation: str = "relu",
    noise: float = NOISE,
    seed: int = 0,
    epochs: int = EPOCHS,
) -> Iterator[SideBySide | None]:
    """Train autoencoders side by side, from the same weights, on the same images in the same order.

    Parameters
    ----------
    data : DataSet
    strengths : dict of str to float
        Of each kind, as `restoration.explore.regularized` takes it.
    points : int
        The most training images; at least 2.
    code_size, activation, seed
        As of `restoration.explore.regularized`.
    noise : float
        Spread of the noise that all are tested with.
    epochs : int

    Yields
    ------
    SideBySide or None
        The former after each epoch.
    """
    from restoration.explore.autoencoder_trainer import AutoencoderTrainer
    from restoration.explore.regularization import regularized

    check_whole("The number of points", points, 2)
    train = data.train.images[:points]
    images = data.test.images[:UNSEEN] if len(data.test) else train[:UNSEEN]
    random = np.random.default_rng(seed)
    noisy = with_noise(images, noise, random)
    moved = images + random.normal(0, SMALL_MOVE, images.shape).astype(np.float32)
    trainers = {}
    for kind, strength in strengths.items():
        network = regularized(kind, data.shape, code_size, strength=strength, activation=activation, seed=seed)
        trainers[kind] = AutoencoderTrainer(network, train, seed=seed, learning_rate=LEARNING_RATE, batch=BATCH)
        yield None
    for _ in range(epochs):
        for trainer in trainers.values():
            for _ in range(trainer.steps_per_epoch):
                trainer.step()
                yield None
        found = {}
        for kind, trainer in trainers.items():
            found[kind] = _measure(trainer, train, images, noisy, moved)
            yield None
        yield SideBySide(found, images, noisy)


def with_noise(images: Array, spread: float, random: np.random.Generator) -> Array:
    """Return images with normal noise, kept in [0, 1]; rows of a table have no limits."""
    noisy = images + random.normal(0, spread, images.shape).astype(np.float32)
    return np.clip(noisy, 0, 1) if images.ndim == 4 else noisy


def active_share(codes: Array) -> float:
    """Return the mean share of units that are active: over `ACTIVE` of the largest absolute activation.

    Examples
    --------
    >>> active_share(np.array([[1.0, 0, 0, 0], [0.5, 0.02, 0.2, 0]]))
    0.375
    """
    size = np.abs(codes)
    return float((size > ACTIVE * size.max()).mean()) if size.size else 0.0


def move_in_spreads(codes: Array, moved: Array) -> float:
    """Return the mean distance between codes and moved codes, over the spread of the codes around their mean.

    Twice as large codes, which tell the same, move as far.

    Examples
    --------
    >>> codes = np.array([[0.0, 0], [2, 0]])
    >>> move_in_spreads(codes, codes + [0, 0.5]), move_in_spreads(3 * codes, 3 * (codes + [0, 0.5]))
    (0.5, 0.5)
    """
    spread = np.sqrt(codes.var(axis=0).sum())
    return float(np.linalg.norm(moved - codes, axis=1).mean() / max(spread, np.finfo(float).tiny))


def _measure(trainer, train, images, noisy, moved):
    from restoration.explore.regularization import jacobian_norm

    network = trainer.autoencoder
    codes = network.encode(images)
    restored, cleaned = network.decode(codes), network.reconstruct(noisy)
    few = train[: len(images)]
    kernel = np.asarray(network.encoder.get_layer("code").get_weights()[0])
    return Regularized(
        tuple(trainer.losses),
        float(reconstruction_errors(few, network.reconstruct(few)).mean()),
        float(reconstruction_errors(images, restored).mean()),
        float(reconstruction_errors(images, cleaned).mean()),
        active_share(codes),
        float(jacobian_norm(network.encoder, images[:JACOBIANS]).mean()),
        move_in_spreads(codes, network.encode(moved)),
        codes,
        restored,
        cleaned,
        kernel.T.reshape(-1, *network.shape),
    )
