"""`unseen`: denoisers on simulated files of a camera that none was trained with.

It shares nothing with `restoration.degrade.camera` but what light and sRGB are: it has another mosaic, demosaicing,
matrix, tone curve, noise reduction and encoder. The truth is what the same camera makes of the same light without
noise.
"""

import argparse
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from itertools import product
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage

from restoration.benchmark.denoising import NOTHING
from restoration.benchmark.images import read_images
from restoration.image import metrics
from restoration.image.crop import middle
from restoration.image.eight_bit import to_uint8
from restoration.image.noise_level import estimate_sigma
from restoration.image.resample import resize
from restoration.image.srgb import linear_light, srgb_values
from restoration.image.types import Image
from restoration.inference import hardware
from restoration.inference.card import BASELINE, card_for, presets
from restoration.inference.model import Model
from restoration.photo.sample_photos import SCORED, sample
from restoration.tasks import baselines

ORACLE = "NLM (OpenCV), at its best strength"
STRENGTHS = (1, 2, 3, 5, 8, 12, 17)  # of 255; the oracle takes the one of the highest PSNR
PHOTO_SIDE = 256  # of the middle square that is photographed
# Variance per light, of a full sensor: about ISO 800 to 12800, and none, where a denoiser can only do harm.
SHOT = {"none": 0.0, "low": 0.0005, "middle": 0.002, "high": 0.008}
READ = 0.005  # share of the shot noise's variance that is added everywhere
TO_SRGB = np.array([[1.5, -0.4, -0.1], [-0.2, 1.5, -0.3], [0.0, -0.4, 1.4]])
BALANCE = np.array([2.0, 1.0, 1.6])


@dataclass(frozen=True)
class Develop:
    """What the camera does to its image after demosaicing, and how its file is made."""

    colors: float  # pixels over which colour is smoothed
    tolerance: float  # of the luminance's bilateral filter; 0 for none
    sharpening: float  # times what a blur of 0.9 pixels takes away
    quality: int  # of JPEG


PROCESSING = {"little": Develop(0.0, 0.0, 0.0, 95), "usual": Develop(1.2, 0.03, 0.5, 90)}
SIZES = {"all pixels": 1, "half as wide": 2}


@dataclass(frozen=True)
class UnseenCameraScore:
    """One method under one condition: the mean PSNR in dB over the images."""

    noise: str
    processing: str
    size: str
    method: str
    psnr: float


def noisy_and_clean_photo(
    light: NDArray[np.floating], shot: float, develop: "Develop", size: int, seed: int
) -> tuple[Image, Image]:
    """Take a photograph with noise and one without.

    Parameters
    ----------
    light : ndarray of shape (H, W, 3), float in [0, 1]
        Linear, H and W even.
    shot : float
        Variance of the photons' noise at full light.
    develop : Develop
    size : int
        The file is that many times narrower than the sensor.
    seed : int

    Returns
    -------
    noisy, truth : ndarrays of shape (H // size, W // size, 3), float32 in [0, 1]
        The first as its JPEG file holds it, the second before it is saved.
    """
    raw = _mosaic(np.clip(light @ np.linalg.inv(TO_SRGB).T, 0, 1) / BALANCE)
    noise = np.random.default_rng(seed).normal(size=raw.shape) * np.sqrt(shot * (raw + READ))
    noisy, truth = (_reduced(_developed(mosaic, develop), size) for mosaic in (raw + noise, raw))
    return _saved(noisy, develop.quality), truth


def _mosaic(light):
    """(h, w, 3) -> (h, w), red first."""
    mosaic = light[..., 1].copy()
    mosaic[0::2, 0::2] = light[0::2, 0::2, 0]
    mosaic[1::2, 1::2] = light[1::2, 1::2, 2]
    return mosaic


def _demosaiced(mosaic):
    """(h, w) -> (h, w, 3): interpolate with the slopes of the colour that is known at each place.

    Malvar et al. 2004, doi:10.1109/ICASSP.2004.1326587.
    """
    green = [[0, 0, -1, 0, 0], [0, 0, 2, 0, 0], [-1, 2, 4, 2, -1], [0, 0, 2, 0, 0], [0, 0, -1, 0, 0]]
    beside = [[0, 0, 0.5, 0, 0], [0, -1, 0, -1, 0], [-1, 4, 5, 4, -1], [0, -1, 0, -1, 0], [0, 0, 0.5, 0, 0]]
    across = [[0, 0, -1.5, 0, 0], [0, 2, 0, 2, 0], [-1.5, 0, 6, 0, -1.5], [0, 2, 0, 2, 0], [0, 0, -1.5, 0, 0]]
    green, beside, above, across = (
        cv2.filter2D(mosaic, -1, np.array(kernel) / 8, borderType=cv2.BORDER_REFLECT_101)
        for kernel in (green, beside, np.transpose(beside), across)
    )
    even_row, even_column = np.indices(mosaic.shape) % 2 == 0
    red_place, blue_place = even_row & even_column, ~even_row & ~even_column
    red = np.select([red_place, even_row, even_column], [mosaic, beside, above], across)
    blue = np.select([blue_place, ~even_row, ~even_column], [mosaic, beside, above], across)
    return np.stack([red, np.where(red_place | blue_place, green, mosaic), blue], axis=-1)


def _developed(mosaic, develop):
    """(h, w) sensor values -> (h, w, 3) sRGB, float32 in [0, 1]."""
    srgb = srgb_values(np.clip((_demosaiced(mosaic) * BALANCE) @ TO_SRGB.T, 0, 1))
    srgb -= 0.06 * np.sin(2 * np.pi * srgb)  # more contrast in the middle
    luminance, *colors = cv2.split(cv2.cvtColor(np.float32(np.clip(srgb, 0, 1)), cv2.COLOR_RGB2YCrCb))
    if develop.colors:
        colors = [cv2.GaussianBlur(color, (0, 0), develop.colors) for color in colors]
    if develop.tolerance:
        luminance = cv2.bilateralFilter(luminance, 5, develop.tolerance, 1.0)
    luminance = luminance + develop.sharpening * (luminance - cv2.GaussianBlur(luminance, (0, 0), 0.9))
    return np.clip(cv2.cvtColor(cv2.merge([luminance, *colors]), cv2.COLOR_YCrCb2RGB), 0, 1)


def _reduced(image, size):
    height, width = (length // size for length in image.shape[:2])
    return cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)


def _saved(image, quality):
    file = BytesIO()
    PillowImage.fromarray(to_uint8(image)).save(file, "JPEG", quality=quality)
    return np.asarray(PillowImage.open(file), np.float32) / 255


def compared_denoisers() -> dict[str, Callable[[Image, Image], Image]]:
    """Return the denoisers compared, each a function of (noisy, truth): the networks, blind, and non-local means."""

    def at_its_best(noisy, truth):
        restored = (baselines.nlm_opencv(noisy, strength / 255) for strength in STRENGTHS)
        return max(restored, key=lambda image: metrics.psnr(image, truth))

    def network(preset):
        model = Model(card_for("denoise", preset))
        return lambda noisy, _truth: model(noisy, (0.0, 0.0))

    return {
        NOTHING: lambda noisy, _truth: noisy,
        ORACLE: at_its_best,
        "NLM (scikit-image)": lambda noisy, _truth: baselines.nlm(noisy, estimate_sigma(noisy)),
        **{card_for("denoise", preset).name: network(preset) for preset in presets("denoise") if preset != BASELINE},
    }


def benchmark_unseen(
    images: Sequence[Image], compared: Mapping[str, Callable[[Image, Image], Image]] | None = None
) -> Iterator[UnseenCameraScore]:
    """Measure every method under every condition.

    Parameters
    ----------
    images : list of ndarray of shape (H, W, 3), float32 in [0, 1]
        Clean; their middle squares are enlarged twice first, for the pixels of a camera are never as sharp as those of
        an image that was made small.
    compared : dict, optional
        As `compared_denoisers` returns it.

    Yields
    ------
    UnseenCameraScore
    """
    compared = compared or compared_denoisers()
    lights = [_light(image) for image in images]
    for (noise, shot), (processing, develop), (name, size) in product(SHOT.items(), PROCESSING.items(), SIZES.items()):
        taken = [noisy_and_clean_photo(light, shot, develop, size, seed) for seed, light in enumerate(lights)]
        for method, restore in compared.items():
            scores = [metrics.psnr(restore(noisy, truth), truth) for noisy, truth in taken]
            yield UnseenCameraScore(noise, processing, name, method, round(float(np.mean(scores)), 3))


def strip(image: Image) -> Image:
    """Show the noisiest photograph of the camera, processed as usual: as it is, by each method, and without noise.

    Parameters
    ----------
    image : ndarray of shape (H, W, 3), float32 in [0, 1]

    Returns
    -------
    ndarray of shape (h, n * h, 3), float32 in [0, 1]
        Side by side, in the order of `compared_denoisers`, the truth last; the middle of each.
    """
    noisy, truth = noisy_and_clean_photo(_light(image), SHOT["high"], PROCESSING["usual"], SIZES["all pixels"], seed=0)
    shown = [*(restore(noisy, truth) for restore in compared_denoisers().values()), truth]
    return np.concatenate([middle(one, PHOTO_SIDE) for one in shown], axis=1)


def _light(image):
    """Return the light that the camera is shown of an image: linear, as soft as a sensor's pixels are."""
    part = middle(image, PHOTO_SIDE)
    height, width = part.shape[:2]
    return linear_light(resize(part, 2 * height, 2 * width).clip(0, 1))


def register(commands: "argparse._SubParsersAction") -> None:
    """Add the command to the parser's."""
    parser = commands.add_parser("unseen", help="denoisers on the files of a camera that none was trained with")
    parser.add_argument("--images", type=Path, help="folder of clean images (default: the built-in samples)")
    parser.add_argument("--limit", type=int, help="use only the first so many images")
    parser.add_argument("--json", type=Path, help="write the rows here too")
    parser.add_argument("--picture", type=Path, help="instead, show one sample by every method in this file")
    parser.set_defaults(run=_run)


def _run(chosen):
    if chosen.picture:
        shown = strip(sample("Cat").pixels)
        PillowImage.fromarray(to_uint8(shown)).save(chosen.picture, quality=92)
        return
    images = read_images(chosen.images, chosen.limit) if chosen.images else [sample(name).pixels for name in SCORED]
    images, rows = [image for image in images if image.shape[-1] == 3], []
    for row in benchmark_unseen(images):
        print(f"{row.noise:7} {row.processing:7} {row.size:13} {row.method:36} {row.psnr:6.2f}", flush=True)
        rows.append(asdict(row))
    if chosen.json:
        name = f"{len(images)} images of {chosen.images.name}" if chosen.images else "the built-in samples"
        report = {"images": name, "machine": hardware.describe(), "rows": rows}
        chosen.json.write_text(json.dumps(report, indent=1) + "\n")
