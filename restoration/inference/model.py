"""A network with its card: from an image of any size to an image, tile by tile.

The only module that knows batches and padding. A model keeps no per-call state, so one serves every visitor.
"""

from collections.abc import Sequence
from functools import partial

import numpy as np

from restoration.image.jpeg_grid import place_in_jpeg_grid
from restoration.image.types import Array, Image, Progress
from restoration.inference import hardware, tiles
from restoration.inference.card import Card, card_for
from restoration.inference.fair_lock import inference_lock
from restoration.inference.runner import to_nchw, to_nhwc
from restoration.inference.runtime import load_runner
from restoration.inference.tile_loop import each_tile

# The most pixels along a tile's side. Larger ones waste less on the halo, smaller ones answer a cancel sooner
# and need less memory; `python -m restoration.benchmark tiles` shows the curve.
TILE = {"float32": 1280, "bfloat16": 1280}

# Networks that enlarge work at full resolution with many channels, so their tiles are smaller.
UPSCALING_TILE = {"float32": 320, "bfloat16": 448}

# What a tile needs while the best network runs, in whichever runtime takes more: `benchmark tiles` measures it.
BYTES_PER_TILE_PIXEL = {"float32": 310, "bfloat16": 260}
UPSCALING_BYTES_PER_TILE_PIXEL = {"float32": 2250, "bfloat16": 2050}

ALIGNED = ("denoise",)  # tasks whose networks take out JPEG's blocks

MOST_MODELS = 8  # that stay loaded; each may hold buffers for its largest tile


class Model:
    """A network that is ready to run.

    Parameters
    ----------
    card
    precision : {"float32", "bfloat16"}, optional
        The faster one on this processor when omitted.
    tile
        The most pixels along a tile's side.
    scale
        One of the card's scales; the largest when omitted.

    Attributes
    ----------
    tile_grid : callable
        ``tile_grid(height, width, lead=(0, 0))`` gives the tiles that an image is run in.
    runner : Runner
        The network itself.
    """

    def __init__(
        self, card: Card, precision: str | None = None, tile: int | None = None, scale: int | None = None
    ) -> None:
        self.card = card
        self.scale = scale or card.scale
        self.channels = card.config.get("channels", 3)
        # A whole picture at a small size is quick in either; float32 gives the same colours on every machine.
        self.precision = precision or ("float32" if card.task == "colorize" else hardware.best_precision())
        self.tile = tile or (TILE if self.scale == 1 else UPSCALING_TILE)[self.precision]
        if not tile:
            self.tile = max(self.tile, 4 * card.halo)  # half of each side is kept at least
        self.tile_grid = partial(tiles.tile_grid, tile=self.tile, halo=card.halo, multiple=card.multiple_of)
        self.runner = load_runner(card, self.precision, output=card.output(self.scale))

    def __call__(
        self,
        image: Image,
        conditioning: Sequence[float] = (),
        progress: Progress | None = None,
        *,
        clip: bool = True,
    ) -> Image:
        """Run the network over an image.

        Parameters
        ----------
        image : ndarray of shape (H, W, C), float32
            Any height and width of at least one pixel. A gray one, also of three equal channels, is shown to a colour
            network as three equal channels, and the mean of what comes back is taken, so gray stays gray. A network for
            one channel takes C = 1.
        conditioning
            What the network is given beside the image, one number per extra channel.
        progress
            ``progress(done, total)`` before the first and after each tile; whatever it raises cancels the run.
        clip
            Keep the result in [0, 1]; False for values that are no shares of white, as of a scan.

        Returns
        -------
        ndarray of shape (scale * H, scale * W, C), float32

        Raises
        ------
        ImageError
            If the memory left is too small for the image.
        """
        height, width, channels = image.shape
        colors = 1 if channels == 1 or bool((image == image[..., :1]).all()) else channels
        restored = np.empty((self.scale * height, self.scale * width, channels), np.float32)

        def run(tile: tiles.Tile) -> None:
            result = self.runner(_to_batch(tiles.cut(image, tile), conditioning, self.channels))
            tiles.stitch(restored, _to_image(result[0], colors, clip), tile, self.scale)

        # A network of strides treats every fourth or eighth pixel alike, not each: JPEG's blocks that begin elsewhere
        # it has seen less often, and takes out less well. So tiles begin where blocks do.
        place = place_in_jpeg_grid(image) if self.card.task in ALIGNED else (0, 0)
        lead = (place[0] % self.card.multiple_of, place[1] % self.card.multiple_of)
        each_tile(self.checked_tiles(image.shape, lead), run, progress)
        return restored

    def checked_tiles(self, shape: tuple[int, ...], lead: tuple[int, int] = (0, 0)) -> list[tiles.Tile]:
        """Return the tiles that an image of a shape (H, W, C) is run in; the lead as of `tiles.spans`.

        Raises
        ------
        ImageError
            If the memory left is too small for the image.
        """
        import psutil

        grid = self.tile_grid(*shape[:2], lead=lead)
        needed, free = self.memory(grid[0], *shape), psutil.virtual_memory().available
        if needed > free:
            raise hardware.too_little_memory(needed, free, *shape[:2])
        return grid

    def run_whole(self, images: Array) -> Array:
        """Run the network over whole images of one size at once, for what only a whole image tells.

        Parameters
        ----------
        images : ndarray of shape (n, h, w, c), float32
            As the network takes them; h and w are multiples of the card's.

        Returns
        -------
        ndarray of shape (n, h', w', c'), float32
        """
        with inference_lock.hold():
            return np.ascontiguousarray(to_nhwc(self.runner(to_nchw(images))))

    def memory(self, tile: tiles.Tile, height: int, width: int, channels: int = 3) -> int:
        """Predict the bytes that a run takes beyond the loaded network and the image itself."""
        per_pixel = BYTES_PER_TILE_PIXEL if self.scale == 1 else UPSCALING_BYTES_PER_TILE_PIXEL
        return tile.pixels * per_pixel[self.precision] + 4 * height * width * channels * self.scale**2


_models: dict[tuple[str, str, int | None], Model] = {}


def model_for(task: str, preset: str, scale: int | None = None) -> Model:
    """Return the loaded model of a task, preset and scale; the same object for every caller.

    Raises
    ------
    ImageError
        If there is no such preset.
    WeightsError, InferenceError
        If its weights are damaged, or no runtime can run it.
    """
    key = (task, preset, scale)
    if key not in _models:
        with inference_lock.hold():  # two visitors at once must not load it twice
            if key not in _models:
                while len(_models) >= MOST_MODELS:
                    del _models[next(iter(_models))]
                _models[key] = Model(card_for(task, preset), scale=scale)
    return _models[key]


def _to_batch(tile: Image, conditioning: Sequence[float], channels: int) -> Array:
    """(h, w, 1 or `channels`) and k numbers -> (1, channels + k, h, w)."""
    batch = np.empty((1, channels + len(conditioning), *tile.shape[:2]), np.float32)
    for channel in range(channels):
        batch[0, channel] = tile[..., channel % tile.shape[-1]]
    for channel, value in enumerate(conditioning, start=channels):
        batch[0, channel] = value
    return batch


def _to_image(planes: Array, channels: int, clip: bool) -> Image:
    """(1 or 3, h, w) -> (h, w, channels); gray is the mean."""
    import cv2

    image = planes.mean(axis=0)[..., None] if channels == 1 else cv2.merge(list(planes))
    return np.clip(image, 0, 1, out=image) if clip else image
