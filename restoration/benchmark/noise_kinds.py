"""`noise-kinds`: what denoisers, blind, gain on fifteen kinds of noise and compression, beside non-local means."""

import argparse
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np

from restoration.benchmark.network_choice import (
    Denoiser,
    add_network_arguments,
    add_photograph_arguments,
    denoising_networks,
    photographs,
)
from restoration.degrade.noise import add_banding, add_correlated_noise, add_noise, compress
from restoration.image import metrics
from restoration.image.resample import resize
from restoration.image.types import Image
from restoration.tasks.baselines import nlm_opencv

CROP_SIDE = 256
NLM_GIVEN_SIGMA = "NLM (OpenCV), sigma given"


@dataclass(frozen=True)
class NoiseKindScore:
    """One method on one kind of noise: mean PSNR in dB over the photographs, before and after."""

    kind: str
    method: str
    before: float
    after: float


def _white(clean, seed, sigma=25 / 255):
    return clean + np.random.default_rng(seed).normal(0, sigma, clean.shape)


def _uniform(clean, seed):
    reach = 25 / 255 * 3**0.5  # a standard deviation of 25
    return clean + np.random.default_rng(seed).uniform(-reach, reach, clean.shape)


def _speckle(clean, seed):
    return clean * np.random.default_rng(seed).normal(1, 0.2, clean.shape)


def _luma(clean, seed):
    return clean + np.random.default_rng(seed).normal(0, 20 / 255, (*clean.shape[:2], 1))


def _chroma(clean, seed):
    noise = np.random.default_rng(seed).normal(0, 25 / 255, clean.shape)
    return clean + noise - noise.mean(axis=-1, keepdims=True)


def _quantised(clean, seed):
    return np.rint(_white(clean, seed, 15 / 255) * 31) / 31


def _noise_then_jpeg(clean, seed):
    return compress(_white(clean, seed, 15 / 255), 50, corner=(4, 4))


# Kind -> ``degrade(clean, seed)``: the noisy image. All are clipped and rounded to 8 bits, as a file holds them.
KINDS: dict[str, Callable] = {
    "white, sigma 25": _white,
    "photon, sigma 25": lambda clean, seed: add_noise(clean, "poisson", 25 / 255, seed=seed),
    "camera, sigma 25": lambda clean, seed: add_noise(clean, "camera", 25 / 255, seed=seed),
    "uniform, sigma 25": _uniform,
    "speckle, 20 %": _speckle,
    "salt and pepper, 5 %": lambda clean, seed: add_noise(clean, "salt and pepper", 0.05, seed=seed),
    "luma only, sigma 20": _luma,
    "chroma only, sigma 25": _chroma,
    "correlated, sigma 15": lambda clean, seed: add_correlated_noise(clean, 15 / 255, seed=seed),
    "quantised to 5 bits, sigma 15": _quantised,
    "row banding, sigma 10": lambda clean, seed: add_banding(clean, 10 / 255, seed=seed),
    "JPEG 15, grid at (4, 4)": lambda clean, _seed: compress(clean, 15, corner=(4, 4)),
    "sigma 15 in JPEG 50, grid at (4, 4)": _noise_then_jpeg,
}
# Kinds whose clean image is resized too.
ENLARGED, REDUCED = "sigma 15, enlarged x2", "sigma 40, reduced x2"
ALL_KINDS = (*KINDS, ENLARGED, REDUCED)


def noisy_and_clean(kind: str, clean: Image, seed: int) -> tuple[Image, Image]:
    """Degrade an image by one of `ALL_KINDS`.

    Parameters
    ----------
    kind : str
    clean : ndarray of shape (H, W, 3), float32 in [0, 1]
    seed : int

    Returns
    -------
    noisy, clean : ndarrays of the same shape, float32 in [0, 1]
        The noisy one holds multiples of 1 / 255. Both are resized where the kind says so.
    """
    if kind in KINDS:
        return _eight_bits(KINDS[kind](clean, seed)), clean
    height, width = clean.shape[:2]
    half = partial(resize, height=height // 2, width=width // 2)
    if kind == REDUCED:
        return _eight_bits(half(_white(clean, seed, 40 / 255))), np.clip(half(clean), 0, 1)
    whole = partial(resize, height=height, width=width)
    return _eight_bits(whole(_white(half(clean), seed, 15 / 255))), np.clip(whole(half(clean)), 0, 1)


def _eight_bits(image):
    return np.rint(np.clip(image, 0, 1) * 255).astype(np.float32) / 255


def benchmark_noise_kinds(
    images: Sequence[Image], denoisers: Mapping[str, Denoiser], kinds: Sequence[str] = ALL_KINDS
) -> Iterator[NoiseKindScore]:
    """Measure denoisers, blind, and non-local means, which is given the standard deviation of the error.

    Parameters
    ----------
    images : sequence of ndarray of shape (H, W, 3), float32 in [0, 1]
        Clean; the noise is seeded by their places.
    denoisers : dict
        As `restoration.benchmark.network_choice.denoising_networks` returns it.
    kinds : sequence of str

    Yields
    ------
    NoiseKindScore
    """
    for kind in kinds:
        pairs = [noisy_and_clean(kind, image, seed) for seed, image in enumerate(images)]
        before = _mean_psnr(pairs)
        restored = [(nlm_opencv(noisy, float(np.std(noisy - clean))), clean) for noisy, clean in pairs]
        yield NoiseKindScore(kind, NLM_GIVEN_SIGMA, before, _mean_psnr(restored))
        for name, denoise in denoisers.items():
            yield NoiseKindScore(
                kind, name, before, _mean_psnr([(denoise(noisy, None), clean) for noisy, clean in pairs])
            )


def _mean_psnr(pairs):
    return float(np.mean([metrics.psnr(image, clean) for image, clean in pairs]))


def register(commands: "argparse._SubParsersAction") -> None:
    """Add the command to the parser's."""
    parser = commands.add_parser("noise-kinds", help="denoisers on fifteen kinds of noise, beside non-local means")
    add_photograph_arguments(parser)
    add_network_arguments(parser)
    parser.add_argument("--kinds", nargs="+", choices=ALL_KINDS, default=ALL_KINDS, metavar="KIND")
    parser.add_argument("--json", type=Path, help="write the scores here too")
    parser.set_defaults(run=_run)


def _run(chosen):
    denoisers = denoising_networks(chosen.networks)
    methods = [NLM_GIVEN_SIGMA, *denoisers]
    print(f"{'dB gained, blind':38} {'before':>7} " + " ".join(f"{name:>{max(7, len(name))}}" for name in methods))
    scores = []
    for score in benchmark_noise_kinds(photographs(chosen, CROP_SIDE), denoisers, chosen.kinds):
        if score.method == methods[0]:
            print(f"{score.kind:38} {score.before:7.2f} ", end="")
        end = "\n" if score.method == methods[-1] else " "
        print(f"{score.after - score.before:+{max(7, len(score.method))}.2f}", end=end, flush=True)
        scores.append(score)
    if chosen.json:
        report = {"images": chosen.images.name if chosen.images else "the built-in samples"}
        report |= {"scores": [asdict(score) for score in scores]}
        chosen.json.write_text(json.dumps(report, indent=1) + "\n")
