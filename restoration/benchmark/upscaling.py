"""`upscale`: quality and cost of every way to enlarge, on pairs of small and large images, all in one run."""

import argparse
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np

from restoration.benchmark.images import image_paths
from restoration.benchmark.timing import in_fresh_process
from restoration.degrade.low_resolution import degrade_and_reduce
from restoration.image import metrics
from restoration.image.resample import resize, shrink
from restoration.image.types import Image
from restoration.inference import hardware
from restoration.inference.card import Card, card_for, models
from restoration.inference.self_ensemble import RUNS
from restoration.photo import Photo

SCALES = (2, 3, 4)
RLFN = "RLFN's size (random weights)"
# Luma PSNR in dB for scales 2, 3 and 4 as their authors published it; not measured here.
PUBLISHED_LUMA_PSNR = {
    "set5": {
        "FSRCNN (published)": (37.00, 33.16, 30.71),
        "VDSR (published)": (37.53, 33.66, 31.35),
        "EDSR baseline (published)": (37.99, 34.37, 32.09),
    },
    "set14": {"VDSR (published)": (None, None, 28.01), "EDSR baseline (published)": (None, None, 28.57)},
}


@dataclass(frozen=True)
class UpscalingScore:
    """One method at one scale: means over the pairs; times and operations per megapixel of the result."""

    method: str
    scale: int
    psnr: float | None
    ssim: float | None
    seconds_per_megapixel: float | None
    gflop_per_megapixel: float | None
    peak_megabytes: float | None
    gain_per_100_gflop: float | None = None
    gain_per_second: float | None = None


# ---------------------------------------------------------------------------------------------------------------
# Pairs


def pairs(
    folder: str | Path, scale: int, limit: int | None = None, *, degraded: bool = False
) -> list[tuple[Image, Image]]:
    """Return the (small, large) images of a folder for a scale.

    Parameters
    ----------
    folder : path
        ``NAME.png``; beside it, where there are, ``NAME_xS.png`` reduced by S and ``NAME_hr_xS.png``, the original
        cropped for S. Originals without a small image are cropped and reduced by `restoration.image.resample.shrink`.
    scale : int
    limit : int, optional
        Only so many, the first in name order.
    degraded : bool
        Make every small image by `restoration.degrade.low_resolution.degrade_and_reduce`, seeded by its place in name
        order.

    Returns
    -------
    list of (ndarray, ndarray)
    """
    files = {path.stem: path for path in image_paths(folder)}
    names = [name for name in files if name.rsplit("_x", 1)[0] not in files or "_x" not in name]
    names = [name for name in names if "_hr_x" not in name][:limit]
    found = []
    for index, name in enumerate(names):
        large = Photo.open(files.get(f"{name}_hr_x{scale}", files[name])).pixels
        large = large[: large.shape[0] // scale * scale, : large.shape[1] // scale * scale]
        if degraded:
            small = degrade_and_reduce(large, scale, seed=index)
        elif path := files.get(f"{name}_x{scale}"):
            small = Photo.open(path).pixels
        else:
            small = shrink(large, scale)
        if small.shape != (large.shape[0] // scale, large.shape[1] // scale, large.shape[2]):
            raise SystemExit(f"{name}: the small image is {small.shape[1]} x {small.shape[0]}, not 1/{scale} of it.")
        found.append((small, large))
    return found


# ---------------------------------------------------------------------------------------------------------------
# Methods: each makes a function of (small, scale), inside the process that is measured.


def _network(preset, ensemble=False):
    from restoration.tasks.upscale import upscale

    return lambda small, scale: upscale(small, scale, preset=preset, ensemble=ensemble)


def _classical(kernel):
    return lambda small, scale: np.clip(resize(small, *(scale * side for side in small.shape[:2]), kernel), 0, 1)


def _rlfn():
    """Make a network as large as RLFN in its NTIRE 2022 form (Kong et al. 2022, arXiv:2205.07514), to be timed."""
    import keras
    import tensorflow as tf
    from keras import layers

    keras.config.set_dtype_policy("mixed_bfloat16" if hardware.has_bfloat16() else "float32")
    given = keras.Input((None, None, 3))
    features = entered = layers.Conv2D(46, 3, padding="same")(given)
    for _ in range(4):
        inner = features
        for _ in range(3):
            inner = layers.Conv2D(46, 3, padding="same", activation="relu")(inner)
        features = layers.Conv2D(46, 1)(layers.Add()([features, inner]))
    features = layers.Add()([entered, layers.Conv2D(46, 3, padding="same")(features)])
    network = keras.Model(given, layers.Conv2DTranspose(3, 12, 4, padding="same")(features))
    graph = tf.function(network, input_signature=[tf.TensorSpec((None, None, None, 3))])
    return lambda small, _scale: graph(tf.constant(np.repeat(small, 3 // small.shape[2], axis=2)[None])).numpy()[0]


def upscalers() -> dict[str, tuple[Callable, tuple]]:
    """Return the methods compared: name -> (maker, its arguments)."""
    rows: dict[str, tuple[Callable, tuple]] = {
        name: (_classical, (name.lower(),)) for name in ("Nearest", "Bicubic", "Lanczos")
    }
    for preset in dict.fromkeys(card.preset for card in models() if card.task == "upscale"):
        rows[card_for("upscale", preset).name] = (_network, (preset,))
    rows[f"{card_for('upscale', 'faithful').name}, self-ensemble"] = (_network, ("faithful", True))
    rows[RLFN] = (_rlfn, ())
    return rows


def _gflop(name, scale):
    """Return the operations for 10^6 pixels of the result, in billions; None for what is no network."""
    if name == RLFN:
        return round(2 * (13 * 9 * 46**2 + 4 * 46**2 + 9 * 3 * 46 + 9 * 46 * 48) / 1e3 / 16, 1)
    card = next((card for card in models() if name.startswith(card.name)), None)
    if card is None:
        return None
    from restoration import networks
    from restoration.inference import keras_runtime

    per_input = networks.gflop_per_megapixel(networks.head(keras_runtime.build_network(card), scale))
    return round(per_input / (1 if card.scales == [1] else scale**2) * (RUNS if "ensemble" in name else 1), 1)


# ---------------------------------------------------------------------------------------------------------------
# Measuring


def _measure(name, folder, scales, limit, degraded):
    """Run one method over all pairs in a process of its own; returns its rows without the gains."""
    maker, arguments = upscalers()[name]
    method = maker(*arguments)
    rows = []
    for scale in scales:
        found = pairs(folder, scale, limit, degraded=degraded)
        method(found[0][0], scale)  # the first call loads and compiles
        scores, seconds, pixels = [], 0.0, 0
        for small, large in found:
            began = time.perf_counter()
            enlarged = method(small, scale)
            seconds += time.perf_counter() - began
            pixels += large.shape[0] * large.shape[1]
            if name != RLFN:
                scores.append(metrics.luma_scores(enlarged, large, border=scale))
        psnr, ssim = np.mean(scores, axis=0).tolist() if scores else (None, None)
        rows.append(
            UpscalingScore(
                name, scale, psnr, ssim, seconds / pixels * 1e6, _gflop(name, scale), hardware.peak_megabytes()
            )
        )
        if name == RLFN:
            break
    return rows


def benchmark_upscale(
    folder: str | Path,
    scales: Sequence[int] = SCALES,
    limit: int | None = None,
    only: Sequence[str] | None = None,
    *,
    degraded: bool = False,
) -> Iterator[UpscalingScore]:
    """Measure every method, one after the other, each in a fresh process.

    Parameters
    ----------
    folder, limit, degraded
        As for `pairs`.
    scales : sequence of int
    only : sequence of str, optional
        Names of the methods to measure.

    Yields
    ------
    UpscalingScore
    """
    bicubic = {}
    for name in upscalers():
        if only and name not in only:
            continue
        of_method = (max(scales),) if name == RLFN else tuple(scales)
        for row in in_fresh_process(_measure, name, folder, of_method, limit, degraded):
            if name == "Bicubic":
                bicubic[row.scale] = row.psnr
            yield _with_gains(row, bicubic.get(row.scale))


def _with_gains(row, bicubic):
    """State what a network gains over bicubic interpolation, for what it costs."""
    if row.gflop_per_megapixel is None or row.psnr is None or bicubic is None:
        return row
    gain = row.psnr - bicubic
    costs = {
        "gain_per_100_gflop": gain / row.gflop_per_megapixel * 100,
        "gain_per_second": gain / row.seconds_per_megapixel,
    }
    return UpscalingScore(**asdict(row) | costs)


def luma_psnr_gain(card: Card, found: Sequence[tuple[Image, Image]]) -> list[float]:
    """Return [luma PSNR of bicubic interpolation, of the network] in dB, over pairs of one scale, in float32."""
    from restoration.inference.model import Model

    scale = round(found[0][1].shape[0] / found[0][0].shape[0])
    model = Model(card, "float32", scale=card.scale if card.scales == [1] else scale)
    values = []
    for small, large in found:
        plain = np.clip(resize(small, *large.shape[:2]), 0, 1)
        enlarged = model(plain if card.scales == [1] else small)
        values.append([metrics.luma_scores(image, large, border=scale)[0] for image in (plain, enlarged)])
    return [round(float(value), 2) for value in np.mean(values, axis=0)]


def sample_pairs(scale: int, *, degraded: bool = False) -> list[tuple[Image, Image]]:
    """Return the (small, large) images of the built-in samples."""
    from restoration.photo.sample_photos import SCORED, sample

    found = []
    for index, name in enumerate(SCORED):
        large = sample(name).pixels
        large = large[: large.shape[0] // scale * scale, : large.shape[1] // scale * scale]
        found.append((degrade_and_reduce(large, scale, seed=index) if degraded else shrink(large, scale), large))
    return found


def score_card(card: Card, folder: str | Path | None = None) -> dict[str, list[float]]:
    """Return {"x4": [bicubic, network]}, luma PSNR in dB, on the images of a folder, or on the built-in samples.

    The network for degraded photographs is measured on degraded ones.
    """
    pairs_at = partial(pairs, folder) if folder else sample_pairs
    found = {scale: pairs_at(scale, degraded=card.preset == "photo") for scale in SCALES}
    return {f"x{scale}": luma_psnr_gain(card, of_scale) for scale, of_scale in found.items()}


# ---------------------------------------------------------------------------------------------------------------
# The command line


def register(commands: "argparse._SubParsersAction") -> None:
    """Add the command to the parser's."""
    parser = commands.add_parser("upscale", help="luma PSNR and SSIM, seconds and operations of every enlargement")
    parser.add_argument("--pairs", type=Path, required=True, help="folder of NAME.png, NAME_xS.png and NAME_hr_xS.png")
    parser.add_argument("--scale", type=int, nargs="+", default=list(SCALES), choices=SCALES)
    parser.add_argument("--degraded", action="store_true", help="small images that are soft, noisy and compressed")
    parser.add_argument("--limit", type=int, help="use only the first so many pairs")
    parser.add_argument("--only", nargs="+", help="names of the methods to measure")
    parser.add_argument("--json", type=Path, help="write the rows here too")
    parser.set_defaults(run=_run)


def _run(chosen):
    measured = benchmark_upscale(chosen.pairs, chosen.scale, chosen.limit, chosen.only, degraded=chosen.degraded)
    rows = _print_rows(measured)
    if not chosen.degraded:
        for name, values in PUBLISHED_LUMA_PSNR.get(chosen.pairs.name, {}).items():
            for scale, value in zip(SCALES, values, strict=True):
                if value and scale in chosen.scale and not chosen.only:
                    rows += _print_rows([UpscalingScore(name, scale, value, None, None, None, None)], heading=False)
    if chosen.json:
        report = {
            "images": chosen.pairs.name,
            "degraded": chosen.degraded,
            "machine": hardware.describe(),
            "rows": rows,
        }
        chosen.json.write_text(json.dumps(report, indent=1) + "\n")


def _print_rows(rows, *, heading=True):
    if heading:
        print(
            f"{'method':40} {'x':>2} {'PSNR-Y':>7} {'SSIM-Y':>7} {'s/MP':>7} {'GFLOP/MP':>9} {'peak MB':>8} "
            f"{'dB/100 GFLOP':>13} {'dB/s':>6}"
        )
    kept = []
    for row in rows:
        kept.append(asdict(row))
        cells = [
            _cell(row.psnr, 7, 2),
            _cell(row.ssim, 7, 4),
            _cell(row.seconds_per_megapixel, 7, 2),
            _cell(row.gflop_per_megapixel, 9, 0),
            _cell(row.peak_megabytes, 8, 0),
            _cell(row.gain_per_100_gflop, 13, 2),
            _cell(row.gain_per_second, 6, 2),
        ]
        print(f"{row.method:40} {row.scale:2d} {' '.join(cells)}", flush=True)
    return kept


def _cell(value, width, digits):
    return f"{'-' if value is None else f'{value:.{digits}f}':>{width}}"
