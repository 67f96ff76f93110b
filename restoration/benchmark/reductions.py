"""`reductions`: what the networks that enlarge gain over bicubic interpolation, by how the image was made small."""

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from restoration.benchmark.network_choice import add_photograph_arguments, chosen_cards, photographs
from restoration.benchmark.part_scores import PartScore, printed, write_report
from restoration.degrade.low_resolution import degrade_and_reduce
from restoration.degrade.noise import compress
from restoration.image.eight_bit import round_to_8_bits
from restoration.image.metrics import luma_scores
from restoration.image.resample import resize, shrink
from restoration.image.types import Image
from restoration.inference.card import Card

CROP_SIDE = 288  # a multiple of 2, 3 and 4
BLUR = 1.2  # pixels of the large image, standard deviation
QUALITY = 85
CORNER = (3, 5)  # of the image in JPEG's grid
SCALES = (2, 3, 4)
JUDGE = 0  # EfficientNet-Lite0: training never sees it
Enlarger = Callable[[Image, int], Image]  # (small, scale) -> large


def _by_opencv(image, scale, method):
    return round_to_8_bits(cv2.resize(image, (image.shape[1] // scale, image.shape[0] // scale), interpolation=method))


def _blurred(image, scale):
    return shrink(cv2.GaussianBlur(image, (0, 0), BLUR), scale)


def _saved(image, scale):
    return compress(shrink(image, scale), QUALITY, corner=CORNER)


REDUCTIONS: dict[str, Callable[[Image, int], Image]] = {
    "bicubic, antialiased": shrink,
    "area average": partial(_by_opencv, method=cv2.INTER_AREA),
    "cubic, aliased": partial(_by_opencv, method=cv2.INTER_CUBIC),
    "nearest": partial(_by_opencv, method=cv2.INTER_NEAREST),
    "blurred, bicubic": _blurred,
    "bicubic, JPEG 85": _saved,
    "worn: second order": degrade_and_reduce,
}


def bicubic(small: Image, scale: int) -> Image:
    """Enlarge by bicubic interpolation."""
    return np.clip(resize(small, *(scale * side for side in small.shape[:2])), 0, 1)


def benchmark_reductions(
    images: Sequence[Image], enlargers: Mapping[str, Enlarger], scale: int, *, judge: bool = False
) -> Iterator[PartScore]:
    """Yield the luma PSNR of each way to enlarge for each way to reduce, and perhaps the distance of features.

    Parameters
    ----------
    images : sequence of ndarray of shape (H, W, 3), float32 in [0, 1]
        H and W multiples of the scale.
    enlargers : dict of name to callable
        Beside bicubic interpolation.
    scale : int
    judge : bool
        Also measure `restoration.train.feature_distance.feature_distance` by EfficientNet-Lite0, 0 to 4.

    Yields
    ------
    PartScore
    """
    for condition, reduce in REDUCTIONS.items():
        small = [reduce(image, scale) for image in images]
        for name, enlarge in {"Bicubic": bicubic, **enlargers}.items():
            large = [enlarge(one, scale) for one in small]
            scores = [luma_scores(one, image, border=scale)[0] for one, image in zip(large, images, strict=True)]
            yield PartScore(f"x{scale}", condition, name, float(np.mean(scores)), "dB")
            if judge:
                from restoration.train.feature_distance import feature_distance

                apart = [
                    feature_distance(image[None], one[None], JUDGE) for one, image in zip(large, images, strict=True)
                ]
                yield PartScore(f"x{scale}", condition, name, float(np.mean(apart)), "apart by features")


def enlarging_networks(names: Sequence[str] | None = None) -> dict[str, Enlarger]:
    """Return networks that enlarge, in float32, by name; parameters and errors as of `chosen_cards`."""
    return {card.name: partial(_enlarged, card) for card in chosen_cards("upscale", names)}


def _enlarged(card: Card, small: Image, scale: int) -> Image:
    from restoration.inference.model import Model

    return Model(card, "float32", scale=scale)(small)


def register(commands: "argparse._SubParsersAction") -> None:
    """Add the command to the parser's."""
    parser = commands.add_parser("reductions", help="enlarging networks, by how the image was made small")
    add_photograph_arguments(parser)
    parser.add_argument("--networks", nargs="+", metavar="NAME", help="names of cards, or paths of weights files")
    parser.add_argument("--scale", type=int, default=2, choices=SCALES)
    parser.add_argument(
        "--judge",
        action="store_true",
        help="also the distance to the truth by the features of EfficientNet-Lite0, which "
        "`restoration.train.efficientnet_import --size 0` converted",
    )
    parser.add_argument("--json", type=Path, help="write the rows here too")
    parser.set_defaults(run=_run)


def _run(chosen):
    images, enlargers = photographs(chosen, CROP_SIDE), enlarging_networks(chosen.networks)
    images = [image[: image.shape[0] // 12 * 12, : image.shape[1] // 12 * 12] for image in images]
    rows = printed(benchmark_reductions(images, enlargers, chosen.scale, judge=chosen.judge))
    if chosen.json:
        write_report(chosen.json, chosen.images.name if chosen.images else "samples", list(enlargers), rows)
