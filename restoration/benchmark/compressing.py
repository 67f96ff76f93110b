"""`compress`: bits and error of the networks that compress, beside JPEG, WebP and AVIF, and what each takes."""

import argparse
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

import numpy as np

from restoration.benchmark.images import read_images, repeated
from restoration.benchmark.network_choice import photographs
from restoration.benchmark.timing import in_fresh_process, interleaved_seconds
from restoration.codec.container import BEST_QUALITY, LOWEST_QUALITY
from restoration.codec.rate_distortion import (
    FORMATS,
    HIGHEST_RATE,
    LOWEST_RATE,
    RatePoint,
    format_curve,
    mean_curve,
    rate_point,
    rate_saved,
    rate_where_overtaken,
)
from restoration.explore.patch_pca import patch_codes
from restoration.image.crop import middle
from restoration.image.eight_bit import round_to_8_bits
from restoration.image.metrics import psnr
from restoration.image.types import Image
from restoration.inference import hardware
from restoration.inference.card import Card, card_for

QUALITIES = tuple(np.arange(LOWEST_QUALITY, BEST_QUALITY + 0.1).tolist())
CARD_QUALITIES = (2.0, 4.0, 6.0)
CARD_SIDE = 256  # pixels of the middle of each photograph that a card is measured on
PCA = "PCA of patches"
TIMED_QUALITY, TIMED_MEGAPIXELS = 4.0, 1.0
TIMED_FORMAT_QUALITY = {"JPEG": 33, "WebP": 45, "AVIF": 47}


def network_curve(image: Image) -> list[RatePoint]:
    """Return the points of the newest network, one a quality."""
    from restoration.tasks.compress import compress, decompress

    points = []
    for quality in QUALITIES:
        data = compress(image, quality)
        points.append(rate_point(image, len(data), decompress(data)))
    return points


def pca_curve(image: Image) -> list[RatePoint]:
    """Return the points of PCA whose numbers are stored as they are."""
    return [rate_point(image, stored.size, stored.image) for stored in patch_codes(image)]


def curves_of(images: Iterable[Image], network: str) -> dict[str, list[RatePoint]]:
    """Return {method: its mean curve} over images."""
    methods: dict[str, Callable[[Image], list[RatePoint]]] = {network: network_curve, PCA: pca_curve}
    for name in FORMATS:
        methods[name] = partial(format_curve, name=name)
    found: dict[str, list[list[RatePoint]]] = {name: [] for name in methods}
    for image in images:
        for name, curve in methods.items():
            found[name].append(curve(image))
    return {name: mean_curve(curves) for name, curves in found.items()}


def seconds_per_megapixel(network: str, image: Image, rounds: int) -> dict[str, dict[str, float]]:
    """Return {"encode", "decode": {method: seconds}}, timed in turn on one image of a megapixel."""
    from restoration.tasks.compress import compress, decompress

    large = repeated(image, TIMED_MEGAPIXELS)
    data = {name: FORMATS[name].encode(large, quality) for name, quality in TIMED_FORMAT_QUALITY.items()}
    ours = compress(large, TIMED_QUALITY)
    decompress(ours)
    encoders: dict[str, Callable[[], object]] = {network: partial(compress, large, TIMED_QUALITY)}
    decoders: dict[str, Callable[[], object]] = {network: partial(decompress, ours)}
    for name, quality in TIMED_FORMAT_QUALITY.items():
        encoders[name] = partial(FORMATS[name].encode, large, quality)
        decoders[name] = partial(FORMATS[name].decode, data[name])
    return {what: interleaved_seconds(runs, rounds) for what, runs in (("encode", encoders), ("decode", decoders))}


def peak_megabytes(image: Image, megapixels: float) -> float:
    """Return the most memory that a new process holds which compresses and decompresses an image of that size."""
    return in_fresh_process(_peak_megabytes, repeated(image, megapixels))


def _peak_megabytes(image):
    from restoration.tasks.compress import compress, decompress

    decompress(compress(image, TIMED_QUALITY))
    return hardware.peak_megabytes()


def score_card(card: Card, folder: str | Path | None = None) -> dict[str, list[float]]:
    """Return {condition: [by JPEG in as many bytes, by the network]}: PSNR on a folder's images, or the samples."""
    from restoration.codec.image_codec import ImageCodec

    codec = ImageCodec(card, "float32")
    images = [
        middle(image, CARD_SIDE) for image in photographs(argparse.Namespace(images=folder, limit=None), CARD_SIDE)
    ]
    scores = {}
    for quality in CARD_QUALITIES:
        pairs = []
        for image in images:
            data = codec.encode(image, quality - LOWEST_QUALITY)
            decoded = codec.decode(data, image.shape[0], image.shape[1], quality - LOWEST_QUALITY)
            jpeg = FORMATS["JPEG"].decode(FORMATS["JPEG"].at_most(image, len(data)))
            pairs.append([psnr(jpeg, image), psnr(round_to_8_bits(decoded), image)])
        scores[f"quality {quality:g}, dB"] = [round(float(one), 2) for one in np.mean(pairs, axis=0)]
    return scores


def measure(folders: dict[str, Path], limit: int | None, rounds: int, megapixels: float) -> dict:
    """Return all that the command writes; prints it as it comes."""
    network, sets = card_for("compress", "best").name, {}
    for name, folder in folders.items():
        images = read_images(folder, limit)
        curves = curves_of(images, network)
        saved = {other: rate_saved(curves[network], curves[other]) for other in curves if other != network}
        overtaken = {other: rate_where_overtaken(curves[network], curves[other]) for other in FORMATS}
        sets[name] = {
            "images": len(images),
            "curves": {method: [asdict(point) for point in points] for method, points in curves.items()},
            "rate saved": saved,
            "overtaken at bits per pixel": overtaken,
        }
        _print_set(name, curves, saved, overtaken)
    image = next(image for image in images if image.shape[-1] == 3)
    seconds = seconds_per_megapixel(network, image, rounds)
    peak = peak_megabytes(image, megapixels)
    for what, own in seconds.items():
        told = ", ".join(f"{name} {one:.3f} s ({one / own['JPEG']:.1f} times JPEG)" for name, one in own.items())
        print(f"{what} {TIMED_MEGAPIXELS:g} megapixel: {told}", flush=True)
    print(f"peak memory at {megapixels:g} megapixels: {peak:.0f} MB", flush=True)
    return {
        "network": network,
        "machine": hardware.describe(),
        "rates": [LOWEST_RATE, HIGHEST_RATE],
        "sets": sets,
        "seconds": seconds,
        "memory": {"megapixels": megapixels, "peak_megabytes": round(peak)},
    }


def _print_set(name, curves, saved, overtaken):
    for method, points in curves.items():
        for point in points:
            print(f"{name:10} {method:20} {point.bits_per_pixel:6.3f} bpp {point.psnr:6.2f} dB {point.ssim:.4f}")
    for method, share in saved.items():
        told = "no PSNR in common" if share is None else f"{100 * share:.1f} % of the bits saved"
        rate = overtaken.get(method)
        print(f"{name:10} against {method}: {told}" + (f", overtaken at {rate:.2f} bpp" if rate else ""), flush=True)


def table(benchmark: dict) -> str:
    """Return the Markdown tables of a run: bits saved per set, and what it takes."""
    others = [name for name in next(iter(benchmark["sets"].values()))["rate saved"] if name in FORMATS]
    lines = [
        f"| images | {' | '.join(f'bits saved against {name}' for name in others)} |",
        f"|{'---|' * (1 + len(others))}",
    ]
    for name, own in benchmark["sets"].items():
        shares = [own["rate saved"][other] for other in others]
        cells = ["" if share is None else f"{100 * share:.1f} %" for share in shares]
        lines.append(f"| {name}, {own['images']} images | {' | '.join(cells)} |")
    low, high = benchmark["rates"]
    network, memory = benchmark["network"], benchmark["memory"]
    ratios = [
        f"{what} takes {own[network] / own['JPEG']:.0f} times as long as JPEG's, {own[network] / own['AVIF']:.1f} "
        "times AVIF's"
        for what, own in benchmark["seconds"].items()
    ]
    return "\n".join(
        [
            *lines,
            "",
            f"{network}: mean share of the bit rate that is saved at equal PSNR between {low} and {high} bits per "
            "pixel of the whole files (Bjontegaard), negative where it needs more. Of one megapixel, in turn with the "
            f"others: {'; '.join(ratios)}. {memory['peak_megabytes']} MB at {memory['megapixels']:g} megapixels. "
            f"Measured by `python -m restoration.benchmark compress`; a machine of {benchmark['machine']}.",
        ]
    )


def register(commands: "argparse._SubParsersAction") -> None:
    """Add the command to the parser's."""
    parser = commands.add_parser("compress", help="bits and error beside JPEG, WebP and AVIF, time and memory")
    parser.add_argument("--images", nargs="+", required=True, metavar="SET=DIR", help="folders of clean images")
    parser.add_argument("--limit", type=int, help="use only the first so many images of each")
    parser.add_argument("--rounds", type=int, default=3, help="of the timing")
    parser.add_argument("--memory-megapixels", type=float, default=24.0, help="of the image whose memory is measured")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    parser.set_defaults(run=_run)


def folders_of(pairs: Sequence[str]) -> dict[str, Path]:
    """Return {name: folder} of "NAME=FOLDER"; SystemExit with a sentence where one is not so."""
    for pair in pairs:
        if "=" not in pair or not Path(pair.split("=", 1)[1]).is_dir():
            raise SystemExit(f"{pair!r} names no folder of images; give NAME=FOLDER, such as cbsd68=images/cbsd68.")
    return {name: Path(folder) for name, folder in (pair.split("=", 1) for pair in pairs)}


def _run(chosen):
    folders = folders_of(chosen.images)
    from restoration.tasks.compress import NOT_INSTALLED, is_installed

    if not is_installed():
        raise SystemExit(NOT_INSTALLED)
    report = measure(folders, chosen.limit, chosen.rounds, chosen.memory_megapixels)
    if chosen.json:
        chosen.json.write_text(json.dumps(report, indent=1) + "\n")
