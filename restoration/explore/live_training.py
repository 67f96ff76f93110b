"""Train an autoencoder in a thread of its own while a page shows it, sharing the processor with everybody else."""

import time
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from restoration.explore.datasets import DataSet
from restoration.explore.pca import Pca, axis_angles, decoder_directions, principal_angles, reconstruction_errors
from restoration.explore.training_thread import TrainingState, TrainingThread
from restoration.image.checks import ImageError, check_one_of, check_whole, check_within
from restoration.image.types import Array

if TYPE_CHECKING:  # they load Keras
    from restoration.explore.autoencoder_trainer import AutoencoderTrainer
    from restoration.explore.small_autoencoders import Autoencoder

# Hidden layers by kind and depth, from the image to the code: so small that a step takes milliseconds.
HIDDEN: dict[str, dict[int, tuple[int, ...]]] = {
    "linear": {1: ()},
    "deep": {1: (128,), 2: (256, 64), 3: (256, 128, 64)},
    "convolutional": {1: (16,), 2: (16, 32), 3: (16, 32, 64)},
}
DEEPEST = 3
LOSSES = ("mean_squared_error", "mean_absolute_error", "binary_crossentropy")
OPTIMIZERS = ("adam", "rmsprop", "sgd")
UNSEEN = 500  # test images that are measured
WIDTHS = (0.25, 0.5, 1.0, 2.0)  # factors of the hidden layers' units or channels
# The whole set at each step of the linear kind: the gradient noise of smaller batches would shake its plane.
BATCHES = {"linear": 5000, "deep": 128, "convolutional": 128}
LEARNING_RATES = {"linear": 0.01, "deep": 0.002, "convolutional": 0.004}
# Until the loss has converged; the linear one is then within 2 degrees of PCA's plane, as a test shows.
EPOCHS = {"linear": 300, "deep": 60, "convolutional": 30}

# Share of the variance below which an axis is rounding: the images do not vary along it, so its angle means nothing.
# There are such axes where the code has more numbers than the images have dimensions.
NO_VARIANCE = 1e-6

SNAPSHOT_SECONDS = 0.3
SNAPSHOT_SHARE = 0.25  # of the time goes into snapshots, at most


@dataclass(frozen=True)
class Settings:
    """What an autoencoder is and how it is trained.

    Parameters
    ----------
    kind : {"linear", "deep", "convolutional"}
    code_size : int
    depth : int
        Hidden layers on each side, 1 to 3; the linear kind has none.
    activation : str
        Keras's name, of the hidden layers.
    learning_rate : float, optional
        Of Adam; the kind's own when omitted.
    seed : int
        Of the initial weights and of the order of the images.
    loss : str
        One of `LOSSES`; cross entropy is for images.
    optimizer : {"adam", "rmsprop", "sgd"}
        The last with Nesterov's momentum of 0.9.
    width : float
        Factor of the units, or channels, of the hidden layers.
    symmetric : bool
        Whether the decoder mirrors the encoder; otherwise it has no hidden layers (dense kinds only).

    Raises
    ------
    ImageError
        If a setting is unknown or out of range.
    """

    kind: str = "linear"
    code_size: int = 2
    depth: int = 2
    activation: str = "relu"
    learning_rate: float | None = None
    seed: int = 0
    loss: str = "mean_squared_error"
    optimizer: str = "adam"
    width: float = 1.0
    symmetric: bool = True

    def __post_init__(self) -> None:
        check_one_of("The kind", self.kind, HIDDEN)
        check_whole("The code size", self.code_size, 1)
        check_whole("The depth", self.depth, 1, DEEPEST)
        check_one_of("The loss", self.loss, LOSSES)
        check_one_of("The optimizer", self.optimizer, OPTIMIZERS)
        check_within("The width", self.width, 1 / 64, 16)
        if not self.symmetric and self.kind == "convolutional":
            raise ImageError("A convolutional decoder mirrors its encoder; choose a dense kind, or symmetric.")
        if self.learning_rate is not None and not 0 < self.learning_rate < np.inf:
            raise ImageError(f"The learning rate is {self.learning_rate}; it must be a finite number above 0.")


class Centred:
    """An autoencoder of images less their mean, as PCA is.

    Parameters
    ----------
    autoencoder : Autoencoder
        Trained on ``images - mean``.
    mean : ndarray of an image's shape
    """

    def __init__(self, autoencoder: "Autoencoder", mean: Array) -> None:
        self.autoencoder, self.mean = autoencoder, mean
        self.kind, self.shape, self.code_size = autoencoder.kind, autoencoder.shape, autoencoder.code_size

    def encode(self, images: Array) -> Array:
        """Return the codes (n, code_size) of images."""
        return self.autoencoder.encode(images - self.mean)

    def decode(self, codes: Array) -> Array:
        """Return the images of codes (n, code_size)."""
        return self.autoencoder.decode(codes) + self.mean

    def reconstruct(self, images: Array) -> Array:
        """Encode and decode images."""
        return self.decode(self.encode(images))


def autoencoder_and_trainer(images: Array, settings: Settings) -> tuple["Autoencoder | Centred", "AutoencoderTrainer"]:
    """Build the autoencoder that `settings` describe, untrained, and its trainer.

    Parameters
    ----------
    images : ndarray of shape (n, h, w, c) or (n, columns), float32
    settings : Settings

    Returns
    -------
    autoencoder : Autoencoder or Centred
        The latter of the linear kind.
    trainer : AutoencoderTrainer
    """
    from restoration.explore.autoencoder_trainer import AutoencoderTrainer
    from restoration.explore.small_autoencoders import build

    depths = HIDDEN[settings.kind]
    hidden = [max(1, round(settings.width * units)) for units in depths.get(settings.depth, depths[max(depths)])]
    if settings.loss == "binary_crossentropy" and images.ndim != 4:
        raise ImageError("Cross entropy takes each number for a probability, and a table has others; choose another.")
    autoencoder = build(
        settings.kind,
        images.shape[1:],
        settings.code_size,
        hidden=hidden,
        decoder_hidden=None if settings.symmetric else (),
        activation=settings.activation,
        loss=settings.loss,
        seed=settings.seed,
    )
    trained_on = images
    shown: Autoencoder | Centred = autoencoder
    if settings.kind == "linear":
        if settings.loss == "binary_crossentropy":
            raise ImageError("The linear kind draws numbers below 0 and over 1; choose another loss.")
        mean = images.mean(axis=0)
        trained_on, shown = images - mean, Centred(autoencoder, mean)
    rate = settings.learning_rate or LEARNING_RATES[settings.kind]
    return shown, AutoencoderTrainer(
        autoencoder,
        trained_on,
        seed=settings.seed,
        learning_rate=rate,
        batch=BATCHES[settings.kind],
        optimizer=settings.optimizer,
    )


@lru_cache(maxsize=4)
def _pca(data, points, code_size):
    """Fit PCA once for all visitors of the same data set."""
    return Pca(data.train.images[:points], code_size)


@dataclass(frozen=True)
class Snapshot(TrainingState):
    """The state of a training, and what was last measured.

    Parameters
    ----------
    losses : tuple of float
        Mean squared error per number, an epoch each.
    measured : tuple of int
        Epochs at which `angles` and `axes` were measured.
    angles : tuple of tuple of float
        Principal angles in degrees between PCA's axes and the decoder's directions, smallest first; of
        a linear training only, and of the axes along which the images vary.
    axes : tuple of tuple of float
        Degrees between each of PCA's axes and the decoder's direction of the same number.
    codes : ndarray of shape (n, code_size), or None before the first measurement
    reconstructed : ndarray of the images' shape, or None
    directions : ndarray of shape (code_size, numbers of an image), or None
        How the decoded image changes with each number of the code (`restoration.explore.pca.decoder_directions`).
    unseen_error : float or None
        Mean squared error on the test part.
    """

    losses: tuple[float, ...] = ()
    measured: tuple[int, ...] = ()
    angles: tuple[tuple[float, ...], ...] = ()
    axes: tuple[tuple[float, ...], ...] = ()
    codes: np.ndarray | None = field(default=None, repr=False)
    reconstructed: np.ndarray | None = field(default=None, repr=False)
    directions: np.ndarray | None = field(default=None, repr=False)
    unseen_error: float | None = None


class LiveTraining(TrainingThread):
    """A training with start, pause, step and reset; its state is a Snapshot.

    Parameters
    ----------
    data : DataSet
        Trained on its training part, in this order, of which the first `points` are used.
    settings : Settings
    points : int
        The most images.

    Examples
    --------
    >>> from restoration.explore import datasets
    >>> live = LiveTraining(datasets.load("digits8"), Settings("linear"), points=200)
    >>> live.step()
    >>> live.wait(60)
    True
    >>> live.snapshot().epoch, live.snapshot().running
    (1, False)
    """

    def __init__(self, data: DataSet, settings: Settings, points: int = 2000) -> None:
        check_whole("The number of points", points, 2)
        super().__init__(Snapshot())
        self.data, self.settings, self.points = data, settings, points
        self.images = data.train.images[:points]
        self._unseen = data.test.images[:UNSEEN]
        self._autoencoder: Any = None
        self._trainer: Any = None

    @property
    def usual_epochs(self) -> int:
        """Epochs of a whole training of the kind."""
        return EPOCHS[self.settings.kind]

    def pca(self) -> Pca:
        """Return the Pca of the same images and code size."""
        return _pca(self.data, self.points, self.settings.code_size)

    def reset(self, settings: Settings | None = None) -> "LiveTraining":
        """Stop, and return a new, untrained LiveTraining of the same data."""
        self.pause()
        return LiveTraining(self.data, settings or self.settings, self.points)

    # ---- in the thread

    def _train_until(self, stop, target):
        with self._turn(stop):
            if self._trainer is None:
                self._autoencoder, self._trainer = autoencoder_and_trainer(self.images, self.settings)
                self._measure(stop)
        due = 0.0
        while self._trainer.epochs < target:
            with self._turn(stop):
                loss = self._trainer.step()
            if not np.isfinite(loss):
                raise FloatingPointError(
                    "The training diverged: its loss is no finite number any more. Lower the learning rate and reset."
                )
            finished = self._trainer.epochs
            if finished > self._state.epoch:
                self._update(stop, epoch=finished, losses=tuple(self._trainer.losses))
                if time.monotonic() >= due or finished == target:
                    with self._turn(stop):
                        began = time.monotonic()
                        self._measure(stop)
                        ended = time.monotonic()
                    due = ended + max(SNAPSHOT_SECONDS, (ended - began) / SNAPSHOT_SHARE)

    def _measure(self, stop):
        codes = self._autoencoder.encode(self.images)
        reconstructed = self._autoencoder.decode(codes)
        unseen = self._autoencoder.reconstruct(self._unseen) if len(self._unseen) else None
        directions = decoder_directions(self._autoencoder)
        changes = {
            "codes": codes,
            "directions": directions,
            "reconstructed": reconstructed,
            "unseen_error": None if unseen is None else float(reconstruction_errors(self._unseen, unseen).mean()),
        }
        if self.settings.kind == "linear":
            changes |= self._angles(directions)
        self._update(stop, **changes)

    def _angles(self, directions):
        """Measure the angles of the decoder's directions to PCA's axes; none where no axis has any variance."""
        pca = self.pca()
        varied = pca.shares > NO_VARIANCE
        if not varied.any():
            return {}
        axes = pca.axes[varied]
        return {
            "measured": (*self._state.measured, self._trainer.epochs),
            "angles": (*self._state.angles, tuple(principal_angles(axes, directions).tolist())),
            "axes": (*self._state.axes, tuple(axis_angles(axes, directions[varied]).tolist())),
        }
