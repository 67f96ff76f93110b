"""A network that compresses, with its card: from an image to a file's bits and back, tile by tile."""

from collections.abc import Sequence
from functools import lru_cache

import h5py
import numpy as np

from restoration.codec import entropy_coder
from restoration.codec.scale_indices import ScaleIndices
from restoration.image.types import Array, Image, Progress
from restoration.inference import tiles
from restoration.inference.card import Card
from restoration.inference.fair_lock import inference_lock
from restoration.inference.hardware import too_little_memory
from restoration.inference.runner import Runner, to_nchw, to_nhwc
from restoration.inference.runtime import load_runner
from restoration.inference.tile_loop import each_tile

CODE_STRIDE, HYPER_STRIDE = 16, 64  # pixels per number of the code and of the second code, along a side
SCALE_LAYERS = ("scales_conv0", "scales_conv1", "scales")
# What is read from the weights file itself, without Keras: it has to be the same numbers on every machine.
READ_LAYERS = ("gain", "inverse_gain", "bits", "hyper_bits", *SCALE_LAYERS)
# Bytes that are taken beside the image, measured: for each of its pixels, and for a tile.
ENCODING_BYTES, DECODING_BYTES, TILE_BYTES = 70, 45, 100_000_000
TILE = 1024  # the most pixels along a tile's side


class ImageCodec:
    """A network that is ready to compress and to decompress.

    Parameters
    ----------
    card
    precision : {"float32", "bfloat16"}, optional
        As in `restoration.inference.runtime.load_runner`.
    tile
        The most pixels along a tile's side.
    """

    def __init__(self, card: Card, precision: str | None = None, tile: int = TILE) -> None:
        self.card, self.precision, self.tile = card, precision, tile
        self.halo = halo(card.config["encoder_blocks"], card.config["decoder_blocks"])
        self._runners: dict[str, Runner] = {}
        with h5py.File(card.weights()) as file:
            stored = {group["vars"].attrs["name"]: group["vars"] for group in file["layers"].values()}
            arrays = {name: [np.asarray(stored[name][key]) for key in sorted(stored[name])] for name in READ_LAYERS}
        (self.log_gains,), (self.log_inverse_gains,) = arrays["gain"], arrays["inverse_gain"]
        code_tables, hyper_tables = arrays["bits"][0], arrays["hyper_bits"][-1]
        layers = [(arrays[name][0], arrays[name][1]) for name in SCALE_LAYERS]
        self.tables = entropy_coder.Tables(code_tables, hyper_tables)
        self.indices = ScaleIndices(layers, rows=len(code_tables))

    @property
    def qualities(self) -> int:
        """Number of qualities: 0 to one less."""
        return len(self.log_gains)

    def encode(self, image: Image, quality: float, progress: Progress | None = None) -> bytes:
        """Compress an image (H, W, 3), float32 in [0, 1], at a quality from 0 to `qualities` - 1.

        ImageError if the memory left is too small.
        """
        _check_memory(ENCODING_BYTES, *image.shape[:2])
        rows, columns = (-(-length // HYPER_STRIDE) * HYPER_STRIDE for length in image.shape[:2])
        padding = [(0, rows - image.shape[0]), (0, columns - image.shape[1]), (0, 0)]
        padded = np.pad(image, padding, mode="symmetric")
        code = self._analysis(padded, progress) * _gains(self.log_gains, quality)
        hyper_code = self.tables.clip(np.rint(self._run("hyper_analysis", code)).astype(np.int32))
        centred = np.rint(code - self._run("means", hyper_code.astype(np.float32))).astype(np.int32)
        return entropy_coder.encode(hyper_code, centred, self.indices, self.tables)

    def decode(self, data: bytes, height: int, width: int, quality: float, progress: Progress | None = None) -> Image:
        """Decompress an image (height, width, 3), float32 in [0, 1], from what `encode` made; errors as there."""
        _check_memory(DECODING_BYTES, height, width)
        hyper_code, centred = self.symbols(data, height, width)
        code = (centred + self._run("means", hyper_code.astype(np.float32))) * _gains(self.log_inverse_gains, quality)
        return self._synthesis(np.float32(code), progress)[:height, :width]

    def symbols(self, data: bytes, height: int, width: int) -> tuple[entropy_coder.Integers, entropy_coder.Integers]:
        """Return the second code and the code, whole numbers both, of an image of that size."""
        shape = (-(-height // HYPER_STRIDE), -(-width // HYPER_STRIDE), self.card.config["hyper_width"])
        return entropy_coder.decode(data, shape, self.indices, self.tables)

    def _analysis(self, image, progress):
        """(h, w, 3) -> (h/16, w/16, c)."""
        height, width = (length // CODE_STRIDE for length in image.shape[:2])
        code = np.empty((height, width, self.card.config["widths"][-1]), np.float32)

        def run(tile: tiles.Tile) -> None:
            rows, columns = (
                slice(CODE_STRIDE * one.start, CODE_STRIDE * one.stop) for one in (tile.rows, tile.columns)
            )
            tiles.stitch(code, self._run("analysis", image[rows, columns]), tile)

        each_tile(self._tiles(height, width), run, progress)
        return code

    def _synthesis(self, code, progress):
        """(h, w, c) -> (16h, 16w, 3), in [0, 1]."""
        height, width = code.shape[:2]
        image = np.empty((CODE_STRIDE * height, CODE_STRIDE * width, 3), np.float32)

        def run(tile: tiles.Tile) -> None:
            tiles.stitch(image, self._run("synthesis", tiles.cut(code, tile)), tile, CODE_STRIDE)

        each_tile(self._tiles(height, width), run, progress)
        return np.clip(image, 0, 1, out=image)

    def _tiles(self, height, width):
        """Return the tiles of a code (h, w, c)."""
        multiple = HYPER_STRIDE // CODE_STRIDE
        return tiles.tile_grid(height, width, self.tile // CODE_STRIDE, self.halo // CODE_STRIDE, multiple)

    def _run(self, part, values):
        """Run a part of the network on one image or code (h, w, c)."""
        with inference_lock.hold():
            if part not in self._runners:
                self._runners[part] = load_runner(self.card, self.precision, part=part)
            result = self._runners[part](to_nchw(values[None]))
            return np.array(to_nhwc(result)[0])


def halo(encoder_blocks: Sequence[int], decoder_blocks: Sequence[int]) -> int:
    """Return how many pixels around a tile its code, or its decoded image, depends on, at most.

    Parameters
    ----------
    encoder_blocks, decoder_blocks
        As in `restoration.networks.compression_autoencoder`.
    """
    reaches = []
    for blocks in (encoder_blocks, decoder_blocks):
        resampling = sum(2 * 2**level for level in range(len(blocks) + 1))
        reaches.append(resampling + sum(2 * count * 2 ** (level + 1) for level, count in enumerate(blocks)))
    return tiles.round_up(max(reaches), HYPER_STRIDE)


@lru_cache(maxsize=2)
def codec_for(card_name: str) -> ImageCodec:
    """Return the codec of a card that is ready to run; the same object for every caller."""
    from restoration.inference.card import card_named

    return ImageCodec(card_named(card_name))


def _check_memory(bytes_per_pixel, height, width):
    import psutil

    needed, free = bytes_per_pixel * height * width + TILE_BYTES, psutil.virtual_memory().available
    if needed > free:
        raise too_little_memory(needed, free, height, width)


def _gains(log_gains: Array, quality: float) -> Array:
    """Interpolate the gains of a quality, (c,)."""
    places = np.arange(len(log_gains))
    shares = np.maximum(0, 1 - np.abs(quality - places))
    return np.exp(shares @ log_gains).astype(np.float32)
