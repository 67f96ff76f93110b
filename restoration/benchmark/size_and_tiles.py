"""`size` and `tiles`: time and memory of an image from file to file, and against the side of a tile."""

import argparse
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from restoration.benchmark.images import repeated
from restoration.benchmark.timing import in_fresh_process
from restoration.image.eight_bit import to_uint8
from restoration.inference import hardware
from restoration.inference.card import Card, card_for, card_named
from restoration.photo import Photo


def denoise_file(megapixels: float, preset: str = "best") -> tuple[float, float]:
    """Take a noisy JPEG of so many megapixels from file to file, as a user would.

    Returns
    -------
    seconds : float
        Per megapixel, of the denoising alone.
    peak_megabytes : float
        Of the process, everything included.
    """
    from restoration.degrade.noise import add_noise
    from restoration.inference.model import model_for
    from restoration.photo.sample_photos import sample

    coffee = sample("Coffee cup").pixels
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder, "noisy.jpg"), Path(folder, "restored.png")
        eight_bit = to_uint8(add_noise(coffee, level=20 / 255))
        Image.fromarray(repeated(eight_bit, megapixels)).save(first, quality=90)
        model = model_for("denoise", preset)
        model(coffee[:64, :64], (0.0, 0.0))
        photo = Photo.open(first)
        began = time.perf_counter()
        restored = model(photo.pixels, (0.0, 0.0))
        seconds = time.perf_counter() - began
        photo.with_pixels(restored).save(second)
    return seconds / photo.pixels[..., 0].size * 1e6, hardware.peak_megabytes()


def benchmark_size(sizes: Sequence[float] = (1, 4, 12, 24, 48)) -> Iterator[tuple[float, float, float]]:
    """Yield (megapixels, seconds per megapixel, peak megabytes), each measured in a fresh process."""
    for megapixels in sizes:
        yield (megapixels, *in_fresh_process(denoise_file, megapixels))


def benchmark_tiles(
    card: Card, sides: Sequence[int] = (256, 384, 512, 768, 1024, 1280, 1536), megapixels: float = 4
) -> Iterator[tuple[int, float, float]]:
    """Run a network over one image cut into tiles of each side, each in a fresh process.

    Parameters
    ----------
    card : Card
    sides : sequence of int
    megapixels : float
        Of the image, before it is enlarged.

    Yields
    ------
    side : int
    seconds : float
        Per megapixel.
    bytes : float
        By which the process's peak grew, the result not counted, per pixel of the largest tile.
    """
    for side in sides:
        yield (side, *in_fresh_process(_tiled_run, card, side, megapixels))


def _tiled_run(card, side, megapixels):
    from restoration.inference.model import Model

    model = Model(card, tile=side)
    extra = (0.0,) * card.config.get("extra", 2 if card.task == "denoise" else 0)
    length = int((megapixels * 1e6) ** 0.5)
    image = np.random.default_rng(0).random((length, length, 3), np.float32)
    model(image[:64, :64], extra)
    before, began = hardware.peak_megabytes(), time.perf_counter()
    restored = model(image, extra)
    seconds = time.perf_counter() - began
    grown = (hardware.peak_megabytes() - before) * 1e6 - restored.nbytes
    return seconds / image[..., 0].size * 1e6, grown / model.tile_grid(length, length)[0].pixels


def register(commands: "argparse._SubParsersAction") -> None:
    """Add the commands to the parser's."""
    size = commands.add_parser("size", help="seconds per megapixel and peak memory, from file to file")
    size.add_argument("--megapixels", type=float, nargs="+", default=[1, 4, 12, 24, 48])
    size.set_defaults(run=_run_size)
    tiles = commands.add_parser("tiles", help="seconds per megapixel, and memory, against the side of a tile")
    tiles.add_argument("name", nargs="?", help="of a card (default: the best denoiser's)")
    tiles.add_argument("--sides", type=int, nargs="+", default=[256, 384, 512, 768, 1024, 1280, 1536])
    tiles.add_argument("--megapixels", type=float, default=4)
    tiles.set_defaults(run=_run_tiles)


def _run_size(chosen):
    for megapixels, seconds, peak in benchmark_size(chosen.megapixels):
        print(f"{megapixels:5g} MP  {seconds:6.2f} s/MP  peak {peak:6.0f} MB", flush=True)


def _run_tiles(chosen):
    card = card_named(chosen.name) if chosen.name else card_for("denoise", "best")
    for side, seconds, grown in benchmark_tiles(card, chosen.sides, chosen.megapixels):
        print(f"tile {side:5d}  {seconds:6.2f} s/MP  {grown:6.0f} bytes per pixel of it", flush=True)
