"""Foreign pictures: fully connected and convolutional autoencoders, and what they make of what they never saw."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np

from restoration.explore.datasets import DataSet
from restoration.explore.pca import reconstruction_errors
from restoration.image.checks import ImageError, check_one_of, check_whole
from restoration.image.types import Array

EPOCHS, LEARNING_RATE, BATCH = 15, 0.003, 64
CHANNELS = 4  # of the convolutional code, which is a quarter as high and wide as the image
WIDTH, UNITS = 16, 256  # channels, and units of the fully connected one, before the code
UNSEEN, FOREIGN = 300, 100  # images that are measured
# Kind -> how it doubles: by transposed convolutions whose kernel is no multiple of the stride, or is one, or by
# repeating pixels before a convolution.
UPSCALINGS = {"transpose 3": (3, True), "transpose 4": (4, True), "upsample": (3, False)}
KINDS = ("dense", *UPSCALINGS)


def spatial_autoencoder(shape: Sequence[int], upscaling: str, *, channels: int = CHANNELS, seed: int = 0) -> Any:
    """Build an autoencoder of convolutions alone, whose code keeps its place: a small picture of some channels.

    Parameters
    ----------
    shape : tuple of int
        (h, w, c) of an image.
    upscaling : {"transpose 3", "transpose 4", "upsample"}
        Transposed convolutions of stride 2 with kernels of 3 or 4, or repeated pixels and a convolution. Where the
        kernel is no multiple of the stride some pixels get more taps than others (Odena et al. 2016,
        doi:10.23915/distill.00003).
    channels : int
        Of the code.
    seed : int
        Of the random weights.

    Returns
    -------
    Autoencoder
        With codes of ``ceil(h / 4) * ceil(w / 4) * channels`` numbers.

    Raises
    ------
    ImageError
        If the shape is no image's, or `upscaling` is unknown.

    Examples
    --------
    >>> spatial_autoencoder((28, 28, 1), "upsample").code_size
    196
    """
    import keras
    from keras import layers

    from restoration.explore.small_autoencoders import Autoencoder
    from restoration.inference import hardware

    hardware.spare_loaded()  # Keras is loaded by now
    check_one_of("The upscaling", upscaling, UPSCALINGS)
    check_whole("The number of channels", channels, 1)
    shape = tuple(shape)
    if len(shape) != 3:
        raise ImageError(f"Convolutions need pictures of shape (h, w, c), not {shape}.")
    kernel, transposed = UPSCALINGS[upscaling]

    def options(place, activation):
        initializer = keras.initializers.GlorotUniform(1000 * seed + place)
        name = f"convolution{place}"
        return {"padding": "same", "activation": activation, "kernel_initializer": initializer, "name": name}

    def double(features, width, place, activation, size):
        if transposed:
            features = layers.Conv2DTranspose(width, kernel, 2, **options(place, activation))(features)
        else:
            features = layers.UpSampling2D(2, name=f"double{place}")(features)
            features = layers.Conv2D(width, kernel, **options(place, activation))(features)
        extra = tuple((0, features.shape[1 + axis] - size[axis]) for axis in range(2))
        return layers.Cropping2D(extra, name=f"cut{place}")(features)

    halves = tuple(-(-side // 2) for side in shape[:2])
    image = keras.Input(shape, name="image")
    features = layers.Conv2D(WIDTH, 3, 2, **options(0, "relu"))(image)  # (n, h, w, c) -> (n, h/2, w/2, WIDTH)
    features = layers.Conv2D(channels, 3, 2, **options(1, None))(features)  # -> (n, h/4, w/4, channels)
    code = layers.Flatten(name="code")(features)
    given = keras.Input(code.shape[1:], name="given_code")
    drawn = layers.Reshape(features.shape[1:], name="unfolded")(given)
    drawn = double(drawn, WIDTH, 2, "relu", halves)
    drawn = double(drawn, shape[2], 3, None, shape[:2])  # a sigmoid that learned black and white would squeeze grays
    encoder, decoder = keras.Model(image, code, name="encoder"), keras.Model(given, drawn, name="decoder")
    network = keras.Model(image, decoder(code), name="convolutional")
    return Autoencoder("convolutional", encoder, decoder, network, "mean_squared_error")


def fitted(images: Array, shape: Sequence[int]) -> Array:
    """Return images (n, h, w, c) as ones of another shape: resized, gray or repeated in three channels.

    Examples
    --------
    >>> fitted(np.full((2, 9, 7, 3), 0.5, np.float32), (28, 28, 1)).shape
    (2, 28, 28, 1)
    """
    height, width, channels = shape
    if images.shape[-1] != channels:
        images = images.mean(axis=-1, keepdims=True) if channels == 1 else np.repeat(images, 3, axis=-1)
    smaller = images.shape[1] > height
    how = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    resized = [cv2.resize(image, (width, height), interpolation=how).reshape(shape) for image in images]
    return np.stack(resized).astype(np.float32)


def checkerboard(images: Array) -> float:
    """Return the mean strength of patterns that change from pixel to pixel: in rows, in columns, and in both.

    Examples
    --------
    >>> board = np.indices((4, 4)).sum(axis=0) % 2
    >>> checkerboard(board[None, ..., None]), checkerboard(np.ones((1, 4, 4, 1)))
    (0.5, 0.0)
    """
    height, width = (side // 2 * 2 for side in images.shape[1:3])
    even = np.asarray(images, np.float64)[:, :height, :width].mean(axis=-1)
    rows, columns = (-1.0) ** np.arange(height)[:, None], (-1.0) ** np.arange(width)[None]
    return float(sum(np.abs((even * sign).mean(axis=(1, 2))).mean() for sign in (rows, columns, rows * columns)))


@dataclass(frozen=True)
class Reconstructed:
    """What was measured of one autoencoder: PSNR in dB on new and on foreign images, and both as it draws them."""

    losses: tuple[float, ...]
    psnr: float
    foreign_psnr: float
    board: float
    restored: np.ndarray = field(repr=False)
    foreign: np.ndarray = field(repr=False)


@dataclass(frozen=True)
class Foreign:
    """What an epoch of all has led to: {kind: Reconstructed}, new images, foreign images, numbers in a code."""

    found: dict[str, Reconstructed]
    images: np.ndarray = field(repr=False)
    foreign: np.ndarray = field(repr=False)
    code_size: int = 0


def meet_foreign(
    data: DataSet,
    foreign: Array,
    *,
    channels: int = CHANNELS,
    points: int = 3000,
    seed: int = 0,
    epochs: int = EPOCHS,
) -> Iterator[Foreign | None]:
    """Train a fully connected and three convolutional autoencoders of equal code, and show them foreign images.

    Parameters
    ----------
    data : DataSet
        Of images; all that is learned from.
    foreign : ndarray of shape (n, h, w, c), in [0, 1]
        Of any size; made to fit.
    channels : int
        Of the convolutional code; the fully connected one has as many numbers.
    points : int
        The most training images.
    seed : int
    epochs : int

    Yields
    ------
    Foreign or None
        The former after each epoch.
    """
    from restoration.explore.autoencoder_trainer import AutoencoderTrainer
    from restoration.explore.small_autoencoders import build

    train = data.train.images[:points]
    images = data.test.images[:UNSEEN] if len(data.test) else train[:UNSEEN]
    strange = fitted(foreign[:FOREIGN], data.shape)
    trainers = {}
    networks = {kind: spatial_autoencoder(data.shape, kind, channels=channels, seed=seed) for kind in UPSCALINGS}
    code_size = networks["upsample"].code_size
    networks = {"dense": build("deep", data.shape, code_size, hidden=(UNITS,), seed=seed), **networks}
    for kind in KINDS:
        trainers[kind] = AutoencoderTrainer(networks[kind], train, seed=seed, learning_rate=LEARNING_RATE, batch=BATCH)
        yield None
    for _ in range(epochs):
        for trainer in trainers.values():
            for _ in range(trainer.steps_per_epoch):
                trainer.step()
                yield None
        found = {}
        for kind, trainer in trainers.items():
            restored, drawn = (networks[kind].reconstruct(some).clip(0, 1) for some in (images, strange))
            found[kind] = Reconstructed(
                tuple(trainer.losses),
                _psnr(images, restored),
                _psnr(strange, drawn),
                checkerboard(drawn - strange),
                restored,
                drawn,
            )
            yield None
        yield Foreign(found, images, strange, code_size)


def _psnr(images, restored):
    return float(-10 * np.log10(max(reconstruction_errors(images, restored).mean(), 1e-12)))
