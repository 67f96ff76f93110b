"""`denoise`: quality and speed of every denoiser beside the classical methods, all in one run."""

import argparse
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path

import numpy as np

from restoration.benchmark.images import read_images
from restoration.benchmark.timing import in_fresh_process
from restoration.degrade.noise import NOISE_KINDS, add_noise
from restoration.image import metrics
from restoration.image.types import Image
from restoration.inference import hardware
from restoration.inference.card import Card, card_for, models
from restoration.inference.self_ensemble import RUNS
from restoration.tasks import baselines

DNCNN = "CDnCNN-B's network (random weights)"
NOTHING = "Nothing"
TIMED = 12  # images, for what is only timed


@dataclass(frozen=True)
class DenoisingScore:
    """One method at one noise level: means over the images."""

    method: str
    sigma_255: float
    psnr: float | None
    ssim: float | None
    seconds_per_megapixel: float
    gflop_per_megapixel: float | None
    peak_megabytes: float


def noisy_version(image: Image, index: int, sigma_255: float, kind: str = "gaussian") -> Image:
    """Add the noise of the published comparisons: float, not clipped, seeded by the image's place in name order.

    Any other kind is `restoration.degrade.noise.add_noise`'s, clipped, seeded likewise.
    """
    if kind != "gaussian":
        return add_noise(image, kind, sigma_255 / 255, seed=index)
    noise = np.random.default_rng(index).normal(0, sigma_255 / 255, image.shape)
    return (image + noise).astype(np.float32)


# ---------------------------------------------------------------------------------------------------------------
# Methods: each makes a function of (noisy, sigma), inside the process that is measured.


def _network(preset, precision=None, blind=True):
    from restoration.inference.model import Model

    model = Model(card_for("denoise", preset), precision)
    return lambda noisy, sigma: model(noisy, (0.0, 0.0) if blind else (sigma, 1.0))


def _self_ensemble(preset):
    from restoration.tasks.denoise import denoise

    return lambda noisy, _sigma: denoise(noisy, preset=preset, ensemble=True)


def _dncnn(precision=None):
    """Make 20 layers of 3x3 convolution, 64 channels (Zhang et al. 2017, doi:10.1109/TIP.2017.2662206), to be timed."""
    import keras

    from restoration.inference import openvino_export, openvino_runtime

    hidden = [keras.layers.Conv2D(64, 3, padding="same", activation="relu") for _ in range(19)]
    network = keras.Sequential([keras.Input((None, None, 3)), *hidden, keras.layers.Conv2D(3, 3, padding="same")])
    run = openvino_runtime.make_runner(openvino_export.export(network), precision or hardware.best_precision())
    return lambda noisy, _sigma: run(np.ascontiguousarray(noisy.transpose(2, 0, 1)[None]))[0].transpose(1, 2, 0)


def denoisers() -> dict[str, tuple[Callable, tuple, float | None]]:
    """Return the methods compared: name -> (maker, its arguments, GFLOP per megapixel or None)."""
    rows: dict[str, tuple[Callable, tuple, float | None]] = {}
    for preset in dict.fromkeys(card.preset for card in models() if card.task == "denoise"):
        card = card_for("denoise", preset)
        rows[card.name] = (_network, (preset,), card.gflop_per_megapixel)
    best = card_for("denoise", "best")
    rows[f"{best.name}, sigma given"] = (_network, ("best", None, False), best.gflop_per_megapixel)
    rows[f"{best.name} (self-ensemble)"] = (_self_ensemble, ("best",), round(RUNS * best.gflop_per_megapixel, 1))
    for preset, precision in product(("best", "fast"), hardware.precisions()):
        card = card_for("denoise", preset)
        rows[f"{card.name}, {precision}"] = (_network, (preset, precision), card.gflop_per_megapixel)
    rows[NOTHING] = (_constant, (_unchanged,), None)
    for name, method in baselines.DENOISERS.items():
        rows[name] = (_constant, (method,), None)
    cost = round(2 * 9 * 64 * (18 * 64 + 6) / 1e3, 1)
    rows[DNCNN] = (_dncnn, (), cost)
    rows[f"{DNCNN}, float32"] = (_dncnn, ("float32",), cost)
    return rows


def _constant(method):
    return method


def _unchanged(noisy, _sigma):
    return noisy


# ---------------------------------------------------------------------------------------------------------------
# Measuring


def _measure(made, read, sigmas_255, kind):
    """Run one method over all images in a process of its own; returns (sigma, psnr, ssim, seconds) and the peak."""
    (maker, arguments), images = made, read_images(*read)
    method = maker(*arguments)
    method(noisy_version(images[0], 0, 25), 25 / 255)  # the first call compiles
    rows = []
    for sigma_255 in sigmas_255:
        scores, seconds, pixels = [], 0.0, 0
        for index, image in enumerate(images):
            noisy = noisy_version(image, index, sigma_255, kind)
            began = time.perf_counter()
            restored = method(noisy, sigma_255 / 255)
            seconds += time.perf_counter() - began
            pixels += image.shape[0] * image.shape[1]
            scores.append((metrics.psnr(restored, image), metrics.ssim(restored, image)))
        rows.append((sigma_255, *np.mean(scores, axis=0), seconds / pixels * 1e6))
    return rows, hardware.peak_megabytes()


def benchmark_denoise(
    folder: str | Path,
    sigmas_255: Sequence[float] = (15, 25, 50),
    limit: int | None = None,
    only: Sequence[str] | None = None,
    kind: str = "gaussian",
) -> Iterator[DenoisingScore]:
    """Measure every method, one after the other, each in a fresh process.

    Parameters
    ----------
    folder : path
        Clean images.
    sigmas_255 : sequence of float
        Noise levels of 255.
    limit : int, optional
        Use only so many images, the first in name order.
    only : sequence of str, optional
        Names of the methods to measure.
    kind : str
        Of noise, as in `noisy_version`.

    Yields
    ------
    DenoisingScore
    """
    for name, (maker, arguments, gflop) in denoisers().items():
        if only and name not in only:
            continue
        timed_only = maker is _dncnn
        read = (folder, min(limit or TIMED, TIMED) if timed_only else limit)
        rows, peak = in_fresh_process(_measure, (maker, arguments), read, tuple(sigmas_255), kind)
        for sigma_255, psnr, ssim, seconds in rows:
            yield DenoisingScore(
                name,
                sigma_255,
                None if timed_only else psnr,
                None if timed_only else ssim,
                seconds,
                gflop,
                peak,
            )


def psnr_gain(
    card: Card, images: Sequence[Image], sigmas_255: Sequence[float] = (15, 25, 50)
) -> dict[str, list[float]]:
    """Return {sigma: [PSNR before, after]} in dB of a network on clean images, blind (no sigma given), in float32."""
    from restoration.inference.model import Model

    model = Model(card, "float32")
    scores = {}
    for sigma_255 in sigmas_255:
        pairs = []
        for index, image in enumerate(images):
            noisy = noisy_version(image, index, sigma_255)
            pairs.append((metrics.psnr(noisy, image), metrics.psnr(model(noisy, (0.0, 0.0)), image)))
        scores[str(sigma_255)] = [round(float(value), 2) for value in np.mean(pairs, axis=0)]
    return scores


def score_card(card: Card, folder: str | Path | None = None) -> dict[str, list[float]]:
    """Return {sigma: [PSNR before, after]} on the images of a folder, or on the built-in samples."""
    from restoration.photo.sample_photos import SCORED, sample

    return psnr_gain(card, read_images(folder) if folder else [sample(name).pixels for name in SCORED])


# ---------------------------------------------------------------------------------------------------------------
# The command line


def register(commands: "argparse._SubParsersAction") -> None:
    """Add the command to the parser's."""
    parser = commands.add_parser("denoise", help="PSNR, SSIM, seconds and memory of every denoiser")
    parser.add_argument("--images", type=Path, required=True, help="folder of clean images")
    parser.add_argument("--sigma", type=float, nargs="+", default=[15, 25, 50], help="noise levels of 255")
    parser.add_argument("--noise", choices=NOISE_KINDS, default="gaussian", help="kind of noise")
    parser.add_argument("--limit", type=int, help="use only the first so many images")
    parser.add_argument("--only", nargs="+", help="names of the methods to measure")
    parser.add_argument("--json", type=Path, help="write the rows here too")
    parser.set_defaults(run=_run)


def _run(chosen):
    rows = _print_rows(benchmark_denoise(chosen.images, chosen.sigma, chosen.limit, chosen.only, chosen.noise))
    if chosen.json:
        report = {"images": chosen.images.name, "noise": chosen.noise, "machine": hardware.describe(), "rows": rows}
        chosen.json.write_text(json.dumps(report, indent=1) + "\n")


def _print_rows(rows):
    print(f"{'method':40} {'sigma':>5} {'PSNR':>7} {'SSIM':>7} {'s/MP':>7} {'GFLOP/MP':>9} {'peak MB':>8}")
    kept = []
    for row in rows:
        kept.append(asdict(row))
        psnr, ssim = (
            f"{value:.{digits}f}" if value is not None else "-" for value, digits in ((row.psnr, 2), (row.ssim, 4))
        )
        gflop = f"{row.gflop_per_megapixel:.0f}" if row.gflop_per_megapixel else "-"
        print(
            f"{row.method:40} {row.sigma_255:5g} {psnr:>7} {ssim:>7} {row.seconds_per_megapixel:7.2f} {gflop:>9} "
            f"{row.peak_megabytes:8.0f}",
            flush=True,
        )
    return kept
