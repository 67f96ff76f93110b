"""Train an autoencoder step by step, so that a page can show it meanwhile."""

from collections.abc import Callable

import numpy as np

from restoration.explore.optimizers import OPTIMIZERS
from restoration.explore.small_autoencoders import Autoencoder
from restoration.image.checks import ImageError, check_one_of, check_whole
from restoration.image.types import Array, Progress


class AutoencoderTrainer:
    """Train an autoencoder batch by batch or epoch by epoch.

    Parameters
    ----------
    autoencoder : Autoencoder
    images : ndarray of shape (n, *shape), float32
    seed : int
        Of the order of the images.
    learning_rate : float
    optimizer : {"adam", "rmsprop", "sgd"}
        The last one has Nesterov's momentum of 0.9.
    batch : int
        Images a step; at most all of them.
    corrupt : callable, optional
        ``corrupt(batch)`` returns what the network is given in place of a batch; it is to draw the batch itself.
    jit : bool
        Compile the step with XLA: slower to begin, sometimes faster to go on.

    Raises
    ------
    ImageError
        If there are no images of the autoencoder's shape, or the batch is no whole number of at least 1.

    Attributes
    ----------
    losses : list of float
        Mean loss of each finished epoch.
    steps : int
        Steps made so far.

    Examples
    --------
    >>> from restoration.explore.small_autoencoders import build
    >>> images = np.random.default_rng(0).random((64, 8, 8, 1), np.float32)
    >>> trainer = AutoencoderTrainer(build("linear", (8, 8, 1), 2), images, batch=32)
    >>> first = trainer.epoch()
    >>> [trainer.epoch() for _ in range(20)][-1] < first
    True
    """

    def __init__(
        self,
        autoencoder: Autoencoder,
        images: Array,
        *,
        seed: int = 0,
        learning_rate: float = 1e-3,
        batch: int = 128,
        optimizer: str = "adam",
        corrupt: Callable[[Array], Array] | None = None,
        jit: bool = False,
    ) -> None:
        if np.shape(images)[1:] != tuple(autoencoder.shape) or not len(images):
            wanted = ", ".join(map(str, autoencoder.shape))
            raise ImageError(f"Give pictures of shape (number, {wanted}), at least one; these have {np.shape(images)}.")
        check_whole("The batch", batch, 1)
        self.autoencoder, self.images = autoencoder, np.asarray(images, np.float32)
        self.batch = min(batch, len(images))
        self._corrupt = corrupt
        self.losses: list[float] = []
        self.steps = 0
        self._random = np.random.default_rng(seed)
        self._order, self._epoch_losses = np.empty(0, int), list[float]()
        check_one_of("The optimizer", optimizer, OPTIMIZERS)
        autoencoder.network.compile(OPTIMIZERS[optimizer](learning_rate), autoencoder.loss, jit_compile=jit)

    @property
    def epochs(self) -> int:
        """Finished epochs."""
        return len(self.losses)

    @property
    def steps_per_epoch(self) -> int:
        """Batches of one epoch; images that do not fill the last one are left out of it."""
        return len(self.images) // self.batch

    def set_learning_rate(self, value: float) -> None:
        """Set the learning rate of the next steps."""
        self.autoencoder.network.optimizer.learning_rate.assign(value)

    def step(self) -> float:
        """Train on the next batch and return its loss per pixel (KL term included)."""
        if not len(self._order):
            self._order = self._random.permutation(len(self.images))[: self.steps_per_epoch * self.batch]
        chosen, self._order = self._order[: self.batch], self._order[self.batch :]
        batch = self.images[np.sort(chosen)]
        given = self._corrupt(batch) if self._corrupt else batch
        loss = float(self.autoencoder.network.train_on_batch(given, batch, return_dict=True)["loss"])
        self.steps += 1
        self._epoch_losses.append(loss)
        if not len(self._order):
            self.losses.append(float(np.mean(self._epoch_losses)))
            self._epoch_losses = []
        return loss

    def epoch(self, on_step: Progress | None = None) -> float:
        """Train to the end of the epoch and return its mean loss per pixel.

        Parameters
        ----------
        on_step : callable, optional
            ``on_step(done, total)`` after each step; whatever it raises stops the epoch, and the next call continues
            there.
        """
        target = self.epochs + 1
        while self.epochs < target:
            self.step()
            if on_step:
                on_step(self.steps_per_epoch - len(self._order) // self.batch, self.steps_per_epoch)
        return self.losses[-1]
