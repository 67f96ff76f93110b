"""`jpeg-grid`: what denoisers, blind, gain on JPEG images that were cropped: at each of the 64 places of its grid."""

import argparse
import json
from collections.abc import Sequence
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from restoration.benchmark.network_choice import (
    Denoiser,
    add_network_arguments,
    add_photograph_arguments,
    denoising_networks,
    photographs,
)
from restoration.degrade.noise import add_noise, compress
from restoration.image import metrics
from restoration.image.types import Image

BLOCK = 8  # pixels along a side of JPEG's blocks
CROP_SIDE = 160


def gains_by_corner(
    images: Sequence[Image], denoise: Denoiser, quality: int = 15, sigma_255: float = 0
) -> NDArray[np.float64]:
    """Measure a denoiser, blind, on images whose first pixel lies anywhere in JPEG's grid.

    Parameters
    ----------
    images : sequence of ndarray of shape (H, W, 3), float32 in [0, 1]
    denoise : callable
    quality : int
        Of JPEG.
    sigma_255 : float
        Of the white noise before it.

    Returns
    -------
    ndarray of shape (8, 8)
        Mean gain in dB by the row and column of the first pixel.
    """
    gains = np.empty((BLOCK, BLOCK))
    noisy = [add_noise(image, level=sigma_255 / 255, seed=seed) for seed, image in enumerate(images)]
    for corner in product(range(BLOCK), range(BLOCK)):
        files = [compress(image, quality, corner=corner) for image in noisy]
        before, after = (
            np.mean([metrics.psnr(one, truth) for one, truth in zip(result, images, strict=True)])
            for result in (files, [denoise(file, None) for file in files])
        )
        gains[corner] = after - before
    return gains


def register(commands: "argparse._SubParsersAction") -> None:
    """Add the command to the parser's."""
    parser = commands.add_parser("jpeg-grid", help="denoisers on cropped JPEG images, at all 64 places of its grid")
    add_photograph_arguments(parser)
    add_network_arguments(parser)
    parser.add_argument("--quality", type=int, default=15, help="of JPEG")
    parser.add_argument("--sigma", type=float, default=0, help="of 255, of the white noise before it")
    parser.add_argument("--json", type=Path, help="write the gains here too")
    parser.set_defaults(run=_run)


def _run(chosen):
    images, found = photographs(chosen, CROP_SIDE), {}
    for name, denoise in denoising_networks(chosen.networks).items():
        gains = gains_by_corner(images, denoise, chosen.quality, chosen.sigma)
        found[name] = gains.round(3).tolist()
        print(f"{name}: dB gained, by row (down) and column (across) of the first pixel in the grid")
        print("\n".join(" ".join(f"{gain:+6.2f}" for gain in row) for row in gains))
        print(_in_words(gains), flush=True)
    if chosen.json:
        report = {"quality": chosen.quality, "sigma": chosen.sigma, "gains": found}
        chosen.json.write_text(json.dumps(report, indent=1) + "\n")


def _in_words(gains):
    (best, worst), mean = (gains.max(), gains.min()), gains.mean()
    return f"best {best:+.2f}, worst {worst:+.2f}, mean {mean:+.2f}; the worst is {best - worst:.2f} dB below the best"
