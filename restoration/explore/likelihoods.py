"""Likelihoods of images given what a decoder draws, and the live experiment of two assumed variances."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from restoration.explore.datasets import DataSet
from restoration.image.checks import ImageError, check_whole
from restoration.image.types import Array

if TYPE_CHECKING:  # it loads Keras
    from restoration.explore.small_autoencoders import Autoencoder

EPOCHS, LEARNING_RATE, BATCH = 20, 0.002, 64
HIDDEN = (256, 64)
UNSEEN = 500  # test images that are measured
DRAWN, DRAWS = 10, 8  # images whose codes are drawn, and how often each
SMALLEST = 1e-6  # a probability nearer to 0 or 1 counts as so far from it


def gaussian_nll(images: ArrayLike, mean: ArrayLike, sigma: float) -> np.ndarray:
    """Return -log p(image | mean) under independent normal noise, normalising constant included.

    Parameters
    ----------
    images, mean : arrays of one shape (n, ...)
    sigma : float
        Spread of the noise, above 0, in the images' units.

    Returns
    -------
    ndarray of shape (n,)
        In nats, summed over the numbers of each image; negative where the density is over 1.

    Raises
    ------
    ImageError
        If the shapes differ or `sigma` is not above 0.

    Examples
    --------
    >>> gaussian_nll([[0.0, 0.0]], [[0.0, 1.0]], 1.0).round(4).tolist()
    [2.3379]
    """
    given, drawn = _pair(images, mean)
    if not 0 < sigma < np.inf:
        raise ImageError(f"The spread of the noise is {sigma}; it must be a finite number above 0.")
    each = 0.5 * ((given - drawn) / sigma) ** 2 + np.log(sigma) + 0.5 * np.log(2 * np.pi)
    return np.asarray(each.sum(axis=1))


def bernoulli_nll(images: ArrayLike, probability: ArrayLike) -> np.ndarray:
    """Return -log p(image | probability) under independent Bernoulli pixels: the cross entropy.

    Parameters
    ----------
    images : array of shape (n, ...)
        0 or 1; a value between counts as that share of a one.
    probability : array of the same shape, in [0, 1]
        Of each pixel to be 1; kept `SMALLEST` away from 0 and 1.

    Returns
    -------
    ndarray of shape (n,)
        In nats, summed over the numbers of each image.

    Raises
    ------
    ImageError
        If the shapes differ, or an image leaves [0, 1].

    Examples
    --------
    >>> bernoulli_nll([[1.0, 0.0]], [[0.5, 0.25]]).round(4).tolist()
    [0.9808]
    """
    given, drawn = _pair(images, probability)
    if given.size and (given.min() < 0 or given.max() > 1):
        raise ImageError(
            f"The images hold values from {given.min():g} to {given.max():g}; a Bernoulli pixel is 0 to 1."
        )
    drawn = np.clip(drawn, SMALLEST, 1 - SMALLEST)
    return np.asarray(-(given * np.log(drawn) + (1 - given) * np.log1p(-drawn)).sum(axis=1))


def posterior(autoencoder: "Autoencoder", images: Array) -> tuple[Array, Array]:
    """Return mean and spread (n, code_size) of the code that a variational encoder gives images.

    Raises
    ------
    ImageError
        If the autoencoder is not variational.
    """
    import keras
    from keras import ops

    if autoencoder.kind != "variational":
        raise ImageError(f"A {autoencoder.kind} encoder gives one code, without a spread; build a variational one.")
    log_variance = autoencoder.network.get_layer("log_variance").output
    found = keras.Model(autoencoder.network.input, log_variance)(np.asarray(images, np.float32), training=False)
    return autoencoder.encode(images), np.exp(0.5 * ops.convert_to_numpy(found))


@dataclass(frozen=True)
class Terms:
    """What was measured of one variational autoencoder.

    Parameters
    ----------
    variance : float
        That its decoder assumes of the pixels.
    gaussian, bernoulli, kl : float
        Means over the new images, in nats: -log p(x | code) under both assumptions, and the divergence of the code's
        posterior from the prior. ``-gaussian - kl`` is the evidence lower bound.
    squared_error : float
        Mean over numbers.
    spread : ndarray of shape (n, code_size)
        Of the posterior, of the images that are drawn.
    each : ndarray of shape (n, 3)
        The Gaussian, the Bernoulli and the KL term of each of them.
    draws : ndarray of shape (n, DRAWS, *image)
        What codes drawn from the posterior decode to.
    mean : ndarray of shape (n, *image)
        What the posterior's mean decodes to.
    from_prior : ndarray of shape (DRAWS, *image)
        What codes drawn from the prior decode to.
    """

    variance: float
    gaussian: float
    bernoulli: float
    kl: float
    squared_error: float
    spread: np.ndarray = field(repr=False)
    each: np.ndarray = field(repr=False)
    draws: np.ndarray = field(repr=False)
    mean: np.ndarray = field(repr=False)
    from_prior: np.ndarray = field(repr=False)


@dataclass(frozen=True)
class TwoVariances:
    """What an epoch of both has led to, and the images that are drawn, one of each class first."""

    losses: tuple[tuple[float, ...], ...]
    terms: tuple[Terms, Terms]
    images: np.ndarray = field(repr=False)


def halve_the_variance(
    data: DataSet, variance: float, *, code_size: int = 8, points: int = 5000, seed: int = 0, epochs: int = EPOCHS
) -> Iterator[TwoVariances | None]:
    """Train two variational autoencoders that differ in the variance that the decoder assumes: all of it, and half.

    Parameters
    ----------
    data : DataSet
        Of images in [0, 1].
    variance : float
        Of a pixel around what the decoder draws, above 0.
    code_size : int
    points : int
        The most training images.
    seed : int
    epochs : int

    Yields
    ------
    TwoVariances or None
        The former after each epoch.
    """
    from restoration.explore.autoencoder_trainer import AutoencoderTrainer
    from restoration.explore.small_autoencoders import build

    check_whole("The number of points", points, 2)
    train = data.train.images[:points]
    test = data.test.first(UNSEEN)
    _, one_of_each = np.unique(test.labels, return_index=True)
    order = [*one_of_each.tolist(), *(index for index in range(len(test)) if index not in one_of_each)]
    images = test.images[order]
    trainers = []
    for assumed in (variance, variance / 2):
        network = build(
            "variational",
            data.shape,
            code_size,
            body="dense",
            hidden=HIDDEN,
            loss="mean_squared_error",
            kl_weight=2 * assumed,
            seed=seed,
        )
        trainers.append(AutoencoderTrainer(network, train, seed=seed, learning_rate=LEARNING_RATE, batch=BATCH))
        yield None
    for _ in range(epochs):
        for trainer in trainers:
            for _ in range(trainer.steps_per_epoch):
                trainer.step()
                yield None
        terms = []
        for trainer, assumed in zip(trainers, (variance, variance / 2), strict=True):
            terms.append(measure(trainer.autoencoder, images, assumed, seed))
            yield None
        yield TwoVariances(tuple(tuple(one.losses) for one in trainers), (terms[0], terms[1]), images[:DRAWN])


def measure(autoencoder: "Autoencoder", images: Array, variance: float, seed: int) -> Terms:
    """Measure the terms of a variational autoencoder, with one draw of the code of each image.

    Parameters
    ----------
    autoencoder : Autoencoder
    images : ndarray of shape (n, ...), in [0, 1]
    variance : float
    seed : int
        Of the draws.

    Returns
    -------
    Terms
    """
    from keras import ops

    from restoration.explore.variational import kl_divergence

    random = np.random.default_rng(seed)
    mean, spread = posterior(autoencoder, images)
    drawn = autoencoder.decode(mean + spread * random.standard_normal(mean.shape, np.float32))
    gaussian = gaussian_nll(images, drawn, float(np.sqrt(variance)))
    bernoulli = bernoulli_nll(images, drawn)
    kl = ops.convert_to_numpy(kl_divergence(mean, 2 * np.log(spread)))
    few, size = min(DRAWN, len(images)), mean.shape[1]
    codes = mean[:few, None] + spread[:few, None] * random.standard_normal((few, DRAWS, size), np.float32)
    return Terms(
        variance,
        float(gaussian.mean()),
        float(bernoulli.mean()),
        float(kl.mean()),
        float(np.mean((images - drawn) ** 2)),
        spread[:few],
        np.stack([gaussian, bernoulli, kl], axis=1)[:few],
        autoencoder.decode(codes.reshape(-1, size)).reshape(few, DRAWS, *images.shape[1:]),
        autoencoder.decode(mean[:few]),
        autoencoder.decode(random.standard_normal((DRAWS, size), np.float32)),
    )


def _pair(images, drawn):
    given, drawn = np.asarray(images, float), np.asarray(drawn, float)
    if given.shape != drawn.shape or given.ndim < 2:
        raise ImageError(f"Give two arrays of one shape (number, ...); these have {given.shape} and {drawn.shape}.")
    return given.reshape(len(given), -1), drawn.reshape(len(drawn), -1)
