"""`python -m restoration.benchmark`: quality and speed beside the classical methods, all in one run.

denoise   mean PSNR and SSIM, seconds and GFLOP per megapixel and peak memory of every method, as a table
card      measure a network's scores and write them on its card
size      from file to file: seconds per megapixel and peak memory, for pictures from 1 to 48 megapixels
tiles     seconds per megapixel against the side of a tile
"""

import argparse
import json
import multiprocessing
import os
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image

from restoration import baselines, metrics
from restoration.card import WeightsError, card_for, card_named, models
from restoration.photo import Photo

SUFFIXES = {".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".bmp"}
DNCNN = "CDnCNN-B's network (random weights)"


@dataclass(frozen=True)
class Row:
    """One method at one noise level: means over the images."""

    method: str
    sigma_255: float
    psnr: float | None
    ssim: float | None
    seconds_per_megapixel: float
    gflop_per_megapixel: float | None
    peak_megabytes: float


def read_images(folder, limit=None):
    """Return the images (H, W, C) float32 below a folder, in name order."""
    paths = sorted(path for path in Path(folder).iterdir() if path.suffix.lower() in SUFFIXES)[:limit]
    if not paths:
        raise SystemExit(f"No image lies in {folder}; give a folder of {', '.join(sorted(SUFFIXES))} files.")
    return [Photo.open(path).pixels for path in paths]


def noisy_version(image, index, sigma_255):
    """Add the noise of the published comparisons: float, not clipped, seeded by the image's place in name order."""
    noise = np.random.default_rng(index).normal(0, sigma_255 / 255, image.shape)
    return (image + noise).astype(np.float32)


# ---------------------------------------------------------------------------------------------------------------
# Methods: each makes a function of (noisy, sigma), inside the process that is measured.


def _network(preset, precision=None, blind=True):
    from restoration.model import Model

    model = Model(card_for("denoise", preset), precision)
    return lambda noisy, sigma: model(noisy, (0.0, 0.0) if blind else (sigma, 1.0))


def _dncnn():
    """Make 20 layers of 3x3 convolution, 64 channels (Zhang et al. 2017, doi:10.1109/TIP.2017.2662206), to be timed."""
    import keras
    import tensorflow as tf

    from restoration.engine import has_bfloat16

    keras.config.set_dtype_policy("mixed_bfloat16" if has_bfloat16() else "float32")
    hidden = [keras.layers.Conv2D(64, 3, padding="same", activation="relu") for _ in range(19)]
    network = keras.Sequential([keras.Input((None, None, 3)), *hidden, keras.layers.Conv2D(3, 3, padding="same")])
    graph = tf.function(network, input_signature=[tf.TensorSpec((None, None, None, 3))])
    return lambda noisy, _sigma: graph(tf.constant(noisy[None])).numpy()[0]


def methods():
    """Return the methods compared: name -> (maker, its arguments, GFLOP per megapixel or None)."""
    rows = {}
    for preset in dict.fromkeys(card.preset for card in models() if card.task == "denoise"):
        card = card_for("denoise", preset)
        rows[card.name] = (_network, (preset,), card.gflop_per_megapixel)
    best = card_for("denoise", "best")
    rows[f"{best.name}, level told"] = (_network, ("best", None, False), best.gflop_per_megapixel)
    for precision in ("float32", "bfloat16"):
        rows[f"{best.name}, {precision}"] = (_network, ("best", precision), best.gflop_per_megapixel)
    for name, method in baselines.DENOISERS.items():
        rows[name] = (_constant, (method,), None)
    rows[DNCNN] = (_dncnn, (), round(2 * 9 * 64 * (18 * 64 + 6) / 1e3, 1))
    return rows


def _constant(method):
    return method


# ---------------------------------------------------------------------------------------------------------------
# Measuring


def _measure(maker, arguments, folder, sigmas_255, limit):
    """Run one method over all images in a process of its own; returns (sigma, psnr, ssim, seconds) and the peak."""
    images = read_images(folder, limit)
    method = maker(*arguments)
    method(noisy_version(images[0], 0, 25), 25 / 255)  # the first call compiles
    rows = []
    for sigma_255 in sigmas_255:
        scores, seconds, pixels = [], 0.0, 0
        for index, image in enumerate(images):
            noisy = noisy_version(image, index, sigma_255)
            began = time.perf_counter()
            restored = method(noisy, sigma_255 / 255)
            seconds += time.perf_counter() - began
            pixels += image.shape[0] * image.shape[1]
            scores.append((metrics.psnr(restored, image), metrics.ssim(restored, image)))
        rows.append((sigma_255, *np.mean(scores, axis=0), seconds / pixels * 1e6))
    return rows, peak_megabytes()


def in_fresh_process(function, *arguments):
    """Return what a function returns in a new process, so that its memory and its loading are its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


def peak_megabytes():
    """Return the most memory this process ever held, in 10^6 bytes."""
    status = Path("/proc/self/status")
    if status.exists():  # not from getrusage, which on Linux also counts the parent before this program began
        kilobytes = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM")).split()[1]
        return int(kilobytes) * 1024 / 1e6
    if sys.platform == "win32":
        import psutil

        return psutil.Process().memory_info().peak_wset / 1e6
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6  # bytes on macOS


def machine():
    """Describe this machine: cores, and what it multiplies (a float32 product of 3000 x 3000 in NumPy)."""
    from restoration.engine import has_bfloat16

    square = np.random.default_rng(0).random((3000, 3000), np.float32)
    best = min(_seconds(lambda: square @ square) for _ in range(5))
    bfloat16 = "with" if has_bfloat16() else "without"
    speed = 2 * 3000**3 / best / 1e9
    return f"{os.cpu_count()} cores, {bfloat16} bfloat16, {speed:.0f} GFLOP/s in NumPy's float32 product"


def _seconds(function):
    began = time.perf_counter()
    function()
    return time.perf_counter() - began


def benchmark_denoise(folder, sigmas_255=(15, 25, 50), limit=None, only=None):
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

    Yields
    ------
    Row
    """
    for name, (maker, arguments, gflop) in methods().items():
        if only and name not in only:
            continue
        rows, peak = in_fresh_process(_measure, maker, arguments, folder, tuple(sigmas_255), limit)
        for sigma_255, psnr, ssim, seconds in rows:
            timed_only = name == DNCNN
            yield Row(
                name,
                sigma_255,
                None if timed_only else psnr,
                None if timed_only else ssim,
                seconds,
                gflop,
                peak,
            )


def score(card, images, sigmas_255=(15, 25, 50)):
    """Return {sigma: [PSNR before, after]} in dB of a network on clean images, the level untold, in float32."""
    from restoration.model import Model

    model = Model(card, "float32")
    scores = {}
    for sigma_255 in sigmas_255:
        pairs = []
        for index, image in enumerate(images):
            noisy = noisy_version(image, index, sigma_255)
            pairs.append((metrics.psnr(noisy, image), metrics.psnr(model(noisy, (0.0, 0.0)), image)))
        scores[str(sigma_255)] = [round(float(value), 2) for value in np.mean(pairs, axis=0)]
    return scores


def score_card(card, folders):
    """Return the card with the scores on the built-in samples and on each named folder (dict of name -> path)."""
    from restoration.samples import SAMPLES, sample

    sets = {"samples": [sample(name).pixels for name in SAMPLES]}
    sets |= {name: read_images(folder) for name, folder in folders.items()}
    return replace(card, tested={**card.tested, **{name: score(card, images) for name, images in sets.items()}})


def denoise_file(megapixels, preset="best"):
    """Take a noisy JPEG of so many megapixels from file to file, as a user would.

    Returns
    -------
    seconds : float
        Per megapixel, of the denoising alone.
    peak_megabytes : float
        Of the process, everything included.
    """
    from restoration.degrade import add_noise
    from restoration.model import model_for
    from restoration.samples import sample

    coffee = sample("Coffee cup").pixels
    repeats = int(np.ceil((megapixels * 1e6 / coffee[..., 0].size) ** 0.5))
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder, "noisy.jpg"), Path(folder, "restored.png")
        eight_bit = np.rint(add_noise(coffee, level=20 / 255) * 255).astype(np.uint8)
        picture = np.tile(eight_bit, (repeats, repeats, 1))
        picture = picture[: round(megapixels * 1e6 / picture.shape[1])]
        Image.fromarray(picture).save(first, quality=90)
        model = model_for("denoise", preset)
        model(coffee[:64, :64], (0.0, 0.0))
        photo = Photo.open(first)
        began = time.perf_counter()
        restored = model(photo.pixels, (0.0, 0.0))
        seconds = time.perf_counter() - began
        photo.with_pixels(restored).save(second)
    return seconds / photo.pixels[..., 0].size * 1e6, peak_megabytes()


def benchmark_size(sizes=(1, 4, 12, 24, 48)):
    """Yield (megapixels, seconds per megapixel, peak megabytes), each measured in a fresh process."""
    for megapixels in sizes:
        yield (megapixels, *in_fresh_process(denoise_file, megapixels))


def benchmark_tiles(sides=(256, 384, 512, 768, 1024, 1536), megapixels=4):
    """Yield (side, seconds per megapixel) of the best denoiser on one picture cut into tiles of each side."""
    from restoration.model import Model

    model = Model(card_for("denoise", "best"))
    side = int((megapixels * 1e6) ** 0.5)
    picture = np.random.default_rng(0).random((side, side, 3), np.float32)
    for tile in sides:
        model.tile = tile
        model(picture[:tile, :tile], (0.0, 0.0))
        began = time.perf_counter()
        model(picture, (0.0, 0.0))
        yield tile, (time.perf_counter() - began) / picture[..., 0].size * 1e6


# ---------------------------------------------------------------------------------------------------------------
# The command line


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


def main(arguments=None):
    """Run one of the benchmarks and print its table."""
    parser = argparse.ArgumentParser(
        prog="python -m restoration.benchmark",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    denoise = commands.add_parser("denoise")
    denoise.add_argument("--images", type=Path, required=True, help="folder of clean images")
    denoise.add_argument("--sigma", type=float, nargs="+", default=[15, 25, 50], help="noise levels of 255")
    denoise.add_argument("--limit", type=int, help="use only the first so many images")
    denoise.add_argument("--only", nargs="+", help="names of the methods to measure")
    denoise.add_argument("--json", type=Path, help="write the rows here too")
    card = commands.add_parser("card")
    card.add_argument("name")
    card.add_argument(
        "--images", nargs="*", default=[], metavar="SET=DIR", help="test sets beside the built-in samples"
    )
    size = commands.add_parser("size")
    size.add_argument("--megapixels", type=float, nargs="+", default=[1, 4, 12, 24, 48])
    commands.add_parser("tiles")
    chosen = parser.parse_args(arguments)

    if chosen.command == "denoise":
        rows = _print_rows(benchmark_denoise(chosen.images, chosen.sigma, chosen.limit, chosen.only))
        if chosen.json:
            report = {"images": chosen.images.name, "machine": machine(), "rows": rows}
            chosen.json.write_text(json.dumps(report, indent=1) + "\n")
    elif chosen.command == "card":
        try:
            found = card_named(chosen.name)
        except WeightsError as error:
            raise SystemExit(str(error)) from None
        scored = score_card(found, dict(pair.split("=", 1) for pair in chosen.images))
        print(scored.write(), json.dumps(scored.tested))
    elif chosen.command == "size":
        for megapixels, seconds, peak in benchmark_size(chosen.megapixels):
            print(f"{megapixels:5g} MP  {seconds:6.2f} s/MP  peak {peak:6.0f} MB", flush=True)
    else:
        for side, seconds in benchmark_tiles():
            print(f"tile {side:5d}  {seconds:6.2f} s/MP", flush=True)


if __name__ == "__main__":
    main()
