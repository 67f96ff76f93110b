"""`colorize`: how close predicted colours come to the true ones, and how vivid they are, beside doing nothing."""

import argparse
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path

import numpy as np

from restoration.benchmark.images import read_images
from restoration.image import metrics
from restoration.image.lab import to_gray, to_lab, toning
from restoration.image.types import Image, Mask
from restoration.inference import hardware
from restoration.inference.card import Card, presets
from restoration.tasks.color_prediction import ColorDistribution
from restoration.tasks.color_upsampling import upsample_colors
from restoration.tasks.colorize import colorize, predict

MEAN_COLOR = (1.8, 7.5)  # a and b of the mean colour of the training photographs
TRUE_HINTS = 10
SATURATIONS = (0.0, 0.4, 0.6, 0.8, 1.0, 1.25, 1.5, 2.0)
# Regions of a true image that are even: standard deviations of lightness and colour, least share of the area, pixels
# that are left out at their borders.
EVEN_LIGHTNESS, EVEN_COLOR, EVEN_SHARE, EVEN_BORDER = 10.0, 5.0, 0.01, 2
SHARPNESSES = (1.0, 1.4, 2.0, 3.0)


@dataclass(frozen=True)
class ColorizingScore:
    """One method: means over the images; the colourfulness is the median of the ratios to the truth's.

    `even_spread` is how far colours stray within regions that are of even lightness and colour in the truth.
    """

    method: str
    psnr: float
    ab_rmse: float
    ab_rmse_to_gray: float
    colorfulness: float
    even_spread: float
    seconds_per_megapixel: float


def true_hints(image: Image, index: int, count: int = TRUE_HINTS) -> list[tuple[int, int, tuple[float, ...]]]:
    """Draw hints at random places, their colours the truth's; seeded by the image's place in name order."""
    generator = np.random.default_rng(index)
    places = zip(*(generator.integers(0, side, count) for side in image.shape[:2]), strict=True)
    return [(int(row), int(column), tuple(map(float, image[row, column]))) for row, column in places]


def even_spread(colorized: Image, regions: Sequence[Mask]) -> float:
    """Return the standard deviation of a and b within regions that are even in the truth; NaN where there is none."""
    ab = to_lab(colorized)[..., 1:]
    spreads = [float(np.hypot(*ab[region].std(axis=0))) for region in regions]
    return float(np.mean(spreads)) if spreads else float("nan")


def even_regions(truth: Image) -> list[Mask]:
    """Return regions of even lightness and colour (Felzenszwalb and Huttenlocher 2004)."""
    from scipy.ndimage import binary_erosion
    from skimage.segmentation import felzenszwalb

    lab = to_lab(truth)
    least = round(EVEN_SHARE * truth.shape[0] * truth.shape[1])
    labels = felzenszwalb(lab / 100, scale=200, sigma=0.8, min_size=least)
    regions = [binary_erosion(labels == label, iterations=EVEN_BORDER) for label in np.unique(labels)]
    return [
        region
        for region in regions
        if region.sum() > least / 2
        and lab[region, 0].std() < EVEN_LIGHTNESS
        and np.hypot(*lab[region, 1:].std(axis=0)) < EVEN_COLOR
    ]


def colorizers() -> dict[str, Callable]:
    """Return the methods compared: name -> function of (gray image, true image, index)."""
    found: dict[str, Callable] = {
        "gray": lambda gray, _truth, _index: np.repeat(gray, 3, axis=-1),
        "mean chroma": lambda gray, _truth, _index: upsample_colors(gray, np.array([[MEAN_COLOR]], np.float32)),
    }
    for preset in reversed(presets("colorize")):
        found[preset] = _with_preset(preset)
    if "best" in found:
        found[f"best, {TRUE_HINTS} true hints"] = lambda gray, truth, index: colorize(
            gray, hints=true_hints(truth, index)
        )
    return found


def _with_preset(preset):
    return lambda gray, _truth, _index: colorize(gray, preset=preset)


def score_colorizer(name: str, method: Callable, images: Sequence[Image]) -> ColorizingScore:
    """Return the ColorizingScore of one method over coloured images."""
    scores, seconds, pixels = [], 0.0, 0
    method(to_gray(images[0]), images[0], 0)  # the first call compiles
    for index, truth in enumerate(images):
        gray = to_gray(truth)
        began = time.perf_counter()
        colorized = method(gray, truth, index)
        seconds += time.perf_counter() - began
        pixels += gray.size
        scores.append(_scores(colorized, gray, truth, even_regions(truth)))
    return _row(name, scores, seconds / pixels * 1e6)


def trade_off(
    images: Sequence[Image],
    preset: str = "best",
    saturations: Sequence[float] = SATURATIONS,
    sharpnesses: Sequence[float | None] = (None,),
) -> list[ColorizingScore]:
    """Return the scores at each saturation and sharpness: more vivid, further from the truth, by one prediction."""
    scores: dict[tuple, list] = {settings: [] for settings in product(sharpnesses, saturations)}
    for truth in images:
        gray, regions = to_gray(truth), even_regions(truth)
        prediction = predict(gray, preset=preset)
        for (sharpness, saturation), found in scores.items():
            if isinstance(prediction, ColorDistribution) and sharpness:
                ab = prediction.colors(sharpness)
            else:
                ab = prediction.colors()
            found.append(_scores(upsample_colors(gray, np.float32(saturation) * ab), gray, truth, regions))
    return [_row(_settings_in_words(*settings), found, float("nan")) for settings, found in scores.items()]


def _settings_in_words(sharpness, saturation):
    return f"saturation {saturation:g}" + (f", sharpness {sharpness:g}" if sharpness else "")


def _scores(colorized, gray, truth, regions):
    plain = np.repeat(gray, 3, axis=-1)
    return (
        metrics.psnr(colorized, truth),
        metrics.ab_rmse(colorized, truth),
        metrics.ab_rmse(plain, truth),
        metrics.colorfulness(colorized) / max(metrics.colorfulness(truth), 1e-6),
        even_spread(colorized, regions),
    )


def _row(name, scores, seconds):
    psnr, error, plain, ratio, spread = np.transpose(scores)
    ratios = float(error.mean() / plain.mean()), float(np.median(ratio))
    even = float(np.nanmean(spread)) if np.isfinite(spread).any() else float("nan")
    return ColorizingScore(name, float(psnr.mean()), float(error.mean()), *ratios, even, seconds)


def score_card(card: Card, folder: str | Path | None = None) -> dict[str, list[float]]:
    """Return {condition: [gray, coloured]} on the images of a folder, or on the coloured ones of the samples."""
    from restoration.photo.sample_photos import SCORED, sample

    if folder:
        images = read_images(folder)
    else:
        images = [image for image in (sample(name).pixels for name in SCORED) if toning(image) == "coloured"]
    before, after = (
        score_colorizer(name, method, images) for name, method in colorizers().items() if name in ("gray", card.preset)
    )
    return {
        "PSNR, dB": [round(before.psnr, 2), round(after.psnr, 2)],
        "error of a and b": [round(before.ab_rmse, 2), round(after.ab_rmse, 2)],
        "colourfulness, ratio": [0.0, round(after.colorfulness, 2)],
        "spread of colour in even regions": [0.0, round(after.even_spread, 2)],
    }


def register(commands: "argparse._SubParsersAction") -> None:
    """Add the command to the parser's."""
    parser = commands.add_parser("colorize", help="PSNR, colour error and colourfulness of every colorizer")
    parser.add_argument("--images", type=Path, required=True, help="folder of coloured images; they are turned gray")
    parser.add_argument("--limit", type=int, help="use only the first so many images")
    parser.add_argument("--json", type=Path, help="write the rows here too")
    parser.add_argument("--sharpness", action="store_true", help="show only the trade, for several sharpnesses too")
    parser.set_defaults(run=_run)


def _run(chosen):
    images = read_images(chosen.images, chosen.limit)
    print(f"{'method':24} {'PSNR':>6} {'ab RMSE':>8} {'to gray':>8} {'colourful':>9} {'uneven':>6} {'s/MP':>6}")
    if chosen.sharpness:
        for row in trade_off(images, sharpnesses=SHARPNESSES):
            _printed(row)
        return
    rows = [_printed(score_colorizer(name, method, images)) for name, method in colorizers().items()]
    print("\nThe trade: the same predictions, less and more saturated.")
    curve = [_printed(row) for row in trade_off(images)]
    if chosen.json:
        report = {"images": chosen.images.name, "machine": hardware.describe(), "rows": rows, "trade_off": curve}
        chosen.json.write_text(json.dumps(report, indent=1) + "\n")


def _printed(row):
    seconds = "-" if np.isnan(row.seconds_per_megapixel) else f"{row.seconds_per_megapixel:.2f}"
    print(
        f"{row.method:24} {row.psnr:6.2f} {row.ab_rmse:8.2f} {row.ab_rmse_to_gray:8.3f} {row.colorfulness:9.2f} "
        f"{row.even_spread:6.2f} {seconds:>6}",
        flush=True,
    )
    return {key: value for key, value in asdict(row).items() if isinstance(value, str) or not np.isnan(value)}
