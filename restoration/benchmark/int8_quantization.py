"""`int8`: what eight bits after training cost in dB and gain in seconds, side by side. Needs `pip install nncf`."""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from restoration.benchmark.denoising import noisy_version
from restoration.benchmark.images import read_images
from restoration.benchmark.timing import TIMED_SIDE, interleaved_seconds
from restoration.degrade.noise import add_noise
from restoration.image import metrics
from restoration.image.types import Array, Image
from restoration.inference import hardware, openvino_export, openvino_runtime
from restoration.inference.card import card_named
from restoration.inference.model import Model

SIGMAS = (5, 15, 25, 50)
CROPS, CROP_SIDE = 150, 128
ROUNDS = 15


def quantize(network: tuple[bytes, bytes], batches: Sequence[Array]) -> tuple[bytes, bytes]:
    """Quantise an exported network to int8 by the ranges that some batches reach (NNCF's default after training).

    Parameters
    ----------
    network : tuple of bytes
        As `restoration.inference.openvino_export.export_of_card` returns it.
    batches : list of ndarray of shape (1, h, w, c), float32

    Returns
    -------
    graph, constants : bytes
    """
    import nncf

    openvino = openvino_export.openvino()
    model = openvino.Core().read_model(*network)
    quantised = nncf.quantize(model, nncf.Dataset(batches), subset_size=len(batches))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "network.xml")
        openvino.save_model(quantised, path, compress_to_fp16=False)
        return path.read_bytes(), path.with_suffix(".bin").read_bytes()


def calibration(photos: Sequence[NDArray[np.uint8]], extra: int) -> list[Array]:
    """Return noisy crops of training photographs as a denoiser takes them, one batch each, no sigma given."""
    batches = []
    for number in range(CROPS):
        generator = np.random.default_rng(number)
        photo = photos[int(generator.integers(len(photos)))]
        row, column = (generator.integers(length - CROP_SIDE + 1) for length in photo.shape[:2])
        crop = photo[row : row + CROP_SIDE, column : column + CROP_SIDE].astype(np.float32) / np.float32(255)
        noisy = add_noise(crop, level=generator.uniform(0, 55) / 255, seed=number, clip=False)
        batches.append(np.concatenate([noisy, np.zeros((*crop.shape[:2], extra), np.float32)], axis=-1)[None])
    return batches


def benchmark_int8(
    name: str, photos: Sequence[NDArray[np.uint8]], images: Sequence[Image]
) -> Iterator[tuple[str, float, dict[int, float]]]:
    """Yield (kind, seconds per megapixel, {sigma: mean PSNR}) of a denoiser in float32, bfloat16 and int8.

    Parameters
    ----------
    name : str
        Of a card.
    photos : list of ndarray of shape (H, W, 3), uint8
        Training photographs, for the ranges.
    images : list of ndarray of shape (H, W, 3), float32
    """
    card = card_named(name)
    model = Model(card)
    plain = openvino_export.export_of_card(card, card.weights())
    extra = card.config.get("extra", 2)
    small = quantize(plain, calibration(photos, extra))
    kinds = {precision: (plain, precision) for precision in hardware.precisions()}
    kinds["int8"] = small, hardware.best_precision()
    runners = {kind: openvino_runtime.make_runner(*network) for kind, network in kinds.items()}
    batch = np.random.default_rng(0).random((1, 3 + extra, TIMED_SIDE, TIMED_SIDE), np.float32)
    took = interleaved_seconds({kind: partial(run, batch) for kind, run in runners.items()}, ROUNDS)
    for kind, run in runners.items():
        model.runner = run
        yield kind, took[kind] / TIMED_SIDE**2 * 1e6, {sigma: _score(model, images, sigma, extra) for sigma in SIGMAS}


def _score(model, images, sigma, extra):
    noisy = (noisy_version(clean, index, sigma) for index, clean in enumerate(images))
    pairs = zip(noisy, images, strict=True)
    return float(np.mean([metrics.psnr(model(given, (0.0,) * extra), clean) for given, clean in pairs]))


def register(commands: "argparse._SubParsersAction") -> None:
    """Add the command to the parser's."""
    parser = commands.add_parser("int8", help="what eight bits cost in dB and gain in seconds (needs nncf)")
    parser.add_argument("name", help="of a denoiser's card")
    parser.add_argument("--photos", type=Path, required=True, help="folder of training photographs, for the ranges")
    parser.add_argument("--images", type=Path, required=True, help="folder of test images")
    parser.add_argument("--limit", type=int, help="use only the first so many test images")
    parser.set_defaults(run=_run)


def _run(chosen):
    from restoration.train.photographs import load_photos

    photos, _ = load_photos(chosen.photos)
    print(f"{'computes in':10} {'s/MP':>6} " + " ".join(f"sigma {sigma:2}" for sigma in SIGMAS))
    for kind, took, scores in benchmark_int8(chosen.name, photos, read_images(chosen.images, chosen.limit)):
        print(f"{kind:10} {took:6.3f}  " + " ".join(f"{score:8.3f}" for score in scores.values()), flush=True)
    print(hardware.describe())
