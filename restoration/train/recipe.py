"""What a recipe is: all that decides a training, short of the photographs themselves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from restoration.image.types import Image

Pair = Callable[[np.random.Generator, Image], tuple[Any, Any]]
COMMAND = "python -m restoration.train"


class ScheduleStage(NamedTuple):
    """A part of the schedule: until which share of the time, on patches of which side, how many at once."""

    until: float
    side: int
    batch: int


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What every recipe tells.

    Parameters
    ----------
    name
        Of the card and the weights: ``task-preset-version``, or ``purpose-data-version`` for the exploration pages.
    data, licence
        What it learns from and under which terms, for the card.
    limits
        Where the network fails, for the card: one plain sentence.
    seed
    differences
        How the training that was published differed from what this recipe does today: sentences, for the card.
    needs_photos
        The command asks for a folder of photographs.
    """

    name: str
    data: str
    licence: str
    limits: str
    seed: int
    differences: tuple[str, ...] = ()
    needs_photos: bool = True

    @property
    def command(self) -> str:
        """The command that trains the network and publishes it."""
        return f"{COMMAND} {self.name}{' --photos DIR' if self.needs_photos else ''}"


@dataclass(frozen=True, kw_only=True)
class ScheduledRecipe(Recipe):
    """What the training loop (`restoration.train.loop`) needs to know.

    Parameters
    ----------
    builder, config
        A key of `restoration.networks.BUILDERS`, and the builder's arguments.
    start
        The name of the weights that it starts from; random weights when omitted.
    hours
        Of training; the stages and the learning rate follow the share of it that is spent.
    degradation
        What makes the network's input from a photograph, in words, for the card.
    loss
        A key of `restoration.train.losses.LOSSES`.
    stages
    optimizer : {"adam", "muon"}
        `keras.optimizers.AdamW`, or `restoration.train.muon.ConvolutionalMuon`.
    peak_rate, final_rate, warmup_steps
        The learning rate rises linearly to its peak, then falls along a cosine.
    weight_decay, clip_norm
        `clip_norm` is the largest norm of one variable's gradient.
    ema_decay
        Of the exponential moving average of the weights, which is what is published.
    scale
        Output pixels per input pixel along one side; the largest, where the network has an output for each of several.
    whole_image
        Every output pixel depends on the whole image, so there are no tiles.
    """

    builder: str
    config: dict[str, Any]
    start: str = ""
    hours: float
    degradation: str
    loss: str
    stages: Sequence[ScheduleStage]
    optimizer: str
    peak_rate: float
    final_rate: float
    warmup_steps: int
    weight_decay: float
    clip_norm: float | None = None
    ema_decay: float
    scale: int = 1
    whole_image: bool = False


@dataclass(frozen=True, kw_only=True)
class RestorationRecipe(ScheduledRecipe):
    """How a network that denoises or enlarges is trained.

    Parameters
    ----------
    pair
        ``pair(generator, patch) -> (given, truth)``: from a clean patch (side, side, 3) float32 in [0, 1] to the
        network's input (side, side, C + conditioning) and the wanted output, which may be `scale` times as large.
    validation_pair
        Like `pair`, with nothing random but the noise: what networks are compared on.
    start_share
        Share of the weights that a training starts from in those it publishes. The interpolation of two networks, of
        which one went on from the other, often does better than either (WiSE-FT, Wortsman et al. 2022,
        doi:10.1109/CVPR52688.2022.00780).
    folder_repeats
        Folder name -> how many times as often as the rest its photographs are drawn.
    """

    pair: Pair
    validation_pair: Pair
    start_share: float = 0.0
    folder_repeats: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RepairRecipe(RestorationRecipe):
    """How a network that finds damage or completes an image is trained.

    Parameters
    ----------
    pair, validation_pair
        As in `RestorationRecipe`; the truth is the mask (side, side, 1), or the whole patch and the mask of its holes
        (side, side, 4).
    output : {"damage logits", "rgb"}
        What the network returns: the logits of damage, or the completed image.
    """

    output: str


@dataclass(frozen=True, kw_only=True)
class CompressRecipe(RestorationRecipe):
    """How a network that compresses is trained.

    Parameters
    ----------
    pair, validation_pair
        As in `RestorationRecipe`; the input is the patch and its quality, the truth the patch and the price of its
        error (`restoration.train.compress_pairs`).
    """


@dataclass(frozen=True, kw_only=True)
class ScanRecipe(ScheduledRecipe):
    """How a network that denoises scans is trained.

    Parameters
    ----------
    cut
        As in `restoration.train.scan_pairs.ScanPatches`.
    """

    cut: bool = False


@dataclass(frozen=True, kw_only=True)
class ColorizeRecipe(ScheduledRecipe):
    """How a network that colours is trained.

    Parameters
    ----------
    pair
        As in `restoration.train.colorize_pairs.PhotographCache.batch`.
    output : {"bin logits", "rgb"}
        What the network returns: logits of the bins of a and b, or the image in colour.
    encoder
        Which EfficientNet-Lite, 0 to 2, its encoder starts from, frozen; None for an encoder of random weights.
    whole_image, degradation
        As in `ScheduledRecipe`.
    """

    pair: Callable[..., tuple[Any, Any]]
    output: str
    encoder: int | None = None
    whole_image: bool = True


@dataclass(frozen=True, kw_only=True)
class ExploreRecipe(Recipe):
    """How a small network of the exploration pages is trained.

    Parameters
    ----------
    data_set
        The name of the set that it is for (`restoration.explore.datasets`).
    config
        Arguments of `restoration.explore.small_autoencoders.build` beside the shape; empty for a classifier.
    epochs, batch
    learning_rate
        The highest; it falls along a cosine.
    images
        ``images(data, generator, photos)`` -> images (n, h, w, c) of one epoch.
    """

    data_set: str
    config: dict[str, Any]
    epochs: int
    batch: int = 128
    learning_rate: float = 2e-3
    images: Callable[..., Any]
    seed: int = 0
    needs_photos: bool = False
