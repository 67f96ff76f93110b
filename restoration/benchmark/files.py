"""`size` and `tiles`: what a picture costs from file to file, and what the side of a tile changes."""

import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

from restoration.benchmark.measure import in_fresh_process, peak_megabytes, tiled
from restoration.card import card_for
from restoration.photo import Photo


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
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder, "noisy.jpg"), Path(folder, "restored.png")
        eight_bit = np.rint(add_noise(coffee, level=20 / 255) * 255).astype(np.uint8)
        Image.fromarray(tiled(eight_bit, megapixels)).save(first, quality=90)
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


def register(commands):
    """Add the commands to the parser's."""
    size = commands.add_parser("size", help="seconds per megapixel and peak memory, from file to file")
    size.add_argument("--megapixels", type=float, nargs="+", default=[1, 4, 12, 24, 48])
    size.set_defaults(run=_run_size)
    tiles = commands.add_parser("tiles", help="seconds per megapixel against the side of a tile")
    tiles.set_defaults(run=_run_tiles)


def _run_size(chosen):
    for megapixels, seconds, peak in benchmark_size(chosen.megapixels):
        print(f"{megapixels:5g} MP  {seconds:6.2f} s/MP  peak {peak:6.0f} MB", flush=True)


def _run_tiles(_chosen):
    for side, seconds in benchmark_tiles():
        print(f"tile {side:5d}  {seconds:6.2f} s/MP", flush=True)
