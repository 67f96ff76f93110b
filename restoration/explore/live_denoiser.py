"""The live experiment of denoising: a small convolutional autoencoder learns to undo one noise; tested on others."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from restoration.explore.datasets import DataSet
from restoration.explore.pca import Pca, reconstruction_errors
from restoration.image.checks import check_one_of, check_whole, check_within
from restoration.image.types import Array

EPOCHS, LEARNING_RATE, BATCH = 25, 0.003, 64
HIDDEN = (16, 32)
UNSEEN = 300  # test images that are measured
MEDIAN = 3  # pixels a side of the median filter's window
NOISES = ("normal", "salt and pepper", "holes")
NONE = "none"
METHODS = ("given", "autoencoder", "pca", "median")
LOSSES = ("mean_squared_error", "mean_absolute_error", "binary_crossentropy")


def corrupt(images: Array, noise: str, level: float, random: np.random.Generator) -> Array:
    """Return images with noise, in [0, 1].

    Parameters
    ----------
    images : ndarray of shape (n, h, w, c), float32 in [0, 1]
    noise : {"normal", "salt and pepper", "holes", "none"}
        Normal with `level` as its spread; so large a share of the pixels white or black; a black square that covers
        such a share of each image.
    level : float in [0, 1]
    random : numpy.random.Generator

    Returns
    -------
    ndarray of the same shape, float32

    Examples
    --------
    >>> gray = np.full((2, 10, 10, 1), 0.5, np.float32)
    >>> corrupt(gray, "holes", 0.25, np.random.default_rng(0)).mean(axis=(1, 2, 3)).tolist()
    [0.375, 0.375]
    """
    check_one_of("The noise", noise, (*NOISES, NONE))
    check_within("The level", level)
    if noise == NONE:
        return images
    if noise == "normal":
        return np.clip(images + level * random.standard_normal(images.shape, np.float32), 0, 1)
    height, width = images.shape[1:3]
    if noise == "salt and pepper":
        drawn = random.random((*images.shape[:3], 1), np.float32)
        return np.where(drawn < level / 2, np.float32(0), np.where(drawn > 1 - level / 2, np.float32(1), images))
    side = round(np.sqrt(level * height * width))
    rows, columns = min(side, height), min(side, width)
    top = random.integers(0, height - rows + 1, (len(images), 1, 1, 1))
    left = random.integers(0, width - columns + 1, (len(images), 1, 1, 1))
    row, column = np.arange(height)[None, :, None, None], np.arange(width)[None, None, :, None]
    hole = (row >= top) & (row < top + rows) & (column >= left) & (column < left + columns)
    return np.where(hole, np.float32(0), images)


def median_filtered(images: Array) -> Array:
    """Return each image after a median filter of `MEDIAN` x `MEDIAN` pixels."""
    from scipy.ndimage import median_filter

    return np.asarray(median_filter(images, (1, MEDIAN, MEDIAN, 1)))


@dataclass(frozen=True)
class DenoiserSettings:
    """What a denoiser is and what it learns from.

    Parameters
    ----------
    noise : str
        One of `NOISES`.
    level : float in [0, 1]
    code_size : int
        Of the autoencoder, and PCA's.
    downscaling : {"stride", "pool"}
    upscaling : {"transpose", "upsample"}
        Both as of `restoration.explore.build`.
    loss : str
        One of `LOSSES`.
    points : int
        The most training images.
    seed : int
    """

    noise: str = "normal"
    level: float = 0.5
    code_size: int = 32
    downscaling: str = "stride"
    upscaling: str = "transpose"
    loss: str = "mean_squared_error"
    points: int = 3000
    seed: int = 0

    def __post_init__(self) -> None:
        check_one_of("The noise", self.noise, NOISES)
        check_within("The level", self.level)
        check_one_of("The loss", self.loss, LOSSES)
        check_whole("The number of points", self.points, 2)


@dataclass(frozen=True)
class Denoised:
    """What was found after an epoch.

    Parameters
    ----------
    losses : tuple of float
        Of each epoch.
    images : ndarray of shape (n, h, w, c)
        The new images.
    results : dict of str to dict of str to ndarray
        Noise -> {method: images}, for the noise that was learned, the others and none; the method "given" is the noise
        itself.
    psnr : dict of str to dict of str to float
        Noise -> {method: dB}.
    """

    losses: tuple[float, ...]
    images: np.ndarray = field(repr=False)
    results: dict[str, dict[str, np.ndarray]] = field(repr=False)
    psnr: dict[str, dict[str, float]]


def learn_to_denoise(data: DataSet, settings: DenoiserSettings, *, epochs: int = EPOCHS) -> Iterator[Denoised | None]:
    """Train a convolutional autoencoder to draw the clean image from a noisy one.

    Vincent et al. 2008, doi:10.1145/1390156.1390294. PCA is that of the clean images.

    Parameters
    ----------
    data : DataSet
        Of images.
    settings : DenoiserSettings
    epochs : int

    Yields
    ------
    Denoised or None
        The former after each epoch.
    """
    from restoration.explore.autoencoder_trainer import AutoencoderTrainer
    from restoration.explore.small_autoencoders import build

    train = data.train.images[: settings.points]
    images = data.test.images[:UNSEEN] if len(data.test) else train[:UNSEEN]
    random = np.random.default_rng(settings.seed)
    pca = Pca(train, min(settings.code_size, len(train) - 1, int(np.prod(data.shape))))
    yield None
    others = {}
    for noise in (*NOISES, NONE):
        noisy = corrupt(images, noise, settings.level, random)
        others[noise] = {
            "given": noisy,
            "pca": np.clip(pca.reconstruct(noisy), 0, 1),
            "median": median_filtered(noisy),
        }
        yield None
    autoencoder = build(
        "convolutional",
        data.shape,
        settings.code_size,
        hidden=HIDDEN,
        downscaling=settings.downscaling,
        upscaling=settings.upscaling,
        loss=settings.loss,
        seed=settings.seed,
    )
    trainer = AutoencoderTrainer(
        autoencoder,
        train,
        seed=settings.seed,
        learning_rate=LEARNING_RATE,
        batch=BATCH,
        corrupt=lambda batch: corrupt(batch, settings.noise, settings.level, random),
    )
    for _ in range(epochs):
        for _ in range(trainer.steps_per_epoch):
            trainer.step()
            yield None
        results, psnr = {}, {}
        for noise, found in others.items():
            results[noise] = {"autoencoder": autoencoder.reconstruct(found["given"]), **found}
            psnr[noise] = {
                method: float(-10 * np.log10(max(reconstruction_errors(images, results[noise][method]).mean(), 1e-12)))
                for method in METHODS
            }
            yield None
        yield Denoised(tuple(trainer.losses), images, results, psnr)
