"""A network with its card: from an image of any size to an image, tile by tile.

The only room that knows batches, padding and tiles. A model keeps no per-call state, so one serves every visitor.
"""

from functools import lru_cache

import numpy as np

from restoration.image.checks import ImageError
from restoration.inference import hardware, runtime, tiles
from restoration.inference.card import card_for, card_named
from restoration.inference.turn_queue import inference

# The most pixels along a tile's side. Larger ones waste less on the halo, smaller ones answer a cancel sooner
# and need less memory; `python -m restoration.benchmark tiles` shows the curve.
TILE = {"float32": 1280, "bfloat16": 1280}

# Networks that enlarge work at full resolution with many channels, so their tiles are smaller.
UPSCALING_TILE = {"float32": 320, "bfloat16": 448}

# What a tile needs while the best network runs, in whichever runtime takes more: `benchmark tiles` measures it.
BYTES_PER_TILE_PIXEL = {"float32": 310, "bfloat16": 260}
UPSCALING_BYTES_PER_TILE_PIXEL = {"float32": 2250, "bfloat16": 2050}


class Model:
    """A network that is ready to run.

    Parameters
    ----------
    card : Card
    precision : {"float32", "bfloat16"}, optional
        The faster one on this processor when omitted.
    tile : int, optional
        The most pixels along a tile's side.
    scale : int, optional
        One of the card's scales; the largest when omitted.
    """

    def __init__(self, card, precision=None, tile=None, scale=None):
        self.card = card
        self.scale = scale or card.scale
        # A whole picture at a small size is quick in either; float32 gives the same colours on every machine.
        self.precision = precision or ("float32" if card.task == "colorize" else hardware.best_precision())
        self.tile = tile or (TILE if self.scale == 1 else UPSCALING_TILE)[self.precision]
        self._run = runtime.runner(card, self.precision, output=card.output(self.scale))

    def __call__(self, image, conditions=(), progress=None):
        """Run the network over an image.

        Parameters
        ----------
        image : ndarray of shape (H, W, C), float32
            Any height and width of at least one pixel; a gray one is shown to a colour network as three equal
            channels, and the mean of what comes back is taken.
        conditions : sequence of float
            What the network is told beside the picture, one number per extra channel.
        progress : callable, optional
            ``progress(done, total)`` before the first and after each tile; whatever it raises cancels the run.

        Returns
        -------
        ndarray of shape (scale * H, scale * W, C), float32, clipped to [0, 1]

        Raises
        ------
        ImageError
            If the memory left is too small for the picture.
        """
        height, width, channels = image.shape
        grid = self.grid(height, width)
        self._check_memory(image)
        restored = np.empty((self.scale * height, self.scale * width, channels), np.float32)
        with inference.mine():
            for done, (rows, columns) in enumerate(grid):
                if done:
                    inference.hand_on()  # a small picture need not wait for all of a large one
                if progress:
                    progress(done, len(grid))
                result = self._run(_batch(tiles.cut(image, rows, columns), conditions))[0]
                if channels == 1:
                    result = result.mean(axis=-1, keepdims=True)
                tiles.stitch(restored, np.clip(result, 0, 1), rows, columns, self.scale)
            if progress:
                progress(len(grid), len(grid))
        return restored

    def grid(self, height, width):
        """Return the tiles of a picture, as `restoration.inference.tiles.grid` does."""
        return tiles.grid(height, width, self.tile, self.card.halo, self.card.multiple_of)

    def whole(self, pictures):
        """Run the network over whole pictures of one size at once, for what only a whole picture tells.

        Parameters
        ----------
        pictures : ndarray of shape (n, h, w, c), float32
            As the network takes them; h and w are multiples of the card's.

        Returns
        -------
        ndarray of shape (n, h', w', c'), float32
        """
        with inference.mine():
            return np.array(self._run(pictures))  # the runtime may use its own buffer again

    def memory(self, height, width, channels=3):
        """Predict the bytes that a run takes beyond the loaded network and the image itself."""
        rows, columns = self.grid(height, width)[0]
        tile_pixels = (rows.stop - rows.start) * (columns.stop - columns.start)
        per_pixel = BYTES_PER_TILE_PIXEL if self.scale == 1 else UPSCALING_BYTES_PER_TILE_PIXEL
        return tile_pixels * per_pixel[self.precision] + 4 * height * width * channels * self.scale**2

    def _check_memory(self, image):
        import psutil

        needed, free = self.memory(*image.shape), psutil.virtual_memory().available
        if needed > free:
            raise ImageError(
                f"This picture of {image.shape[1]} x {image.shape[0]} pixels needs about {needed / 1e9:.1f} GB of "
                f"memory and {free / 1e9:.1f} GB are free; reduce it, or close other programs."
            )


@lru_cache(maxsize=8)
def _loaded(name, scale):
    return Model(card_named(name), scale=scale)


def model_for(task, preset, scale=None):
    """Return the loaded model of a task, preset and scale; the same object for every caller."""
    with inference.mine():  # two visitors at once must not load it twice
        card = card_for(task, preset)
        return _loaded(card.name, scale or card.scale)


def _batch(tile, conditions):
    """(h, w, 1 or 3) and k numbers -> (1, h, w, 3 + k), in memory channel by channel, as the runtime reads it."""
    batch = np.empty((1, 3 + len(conditions), *tile.shape[:2]), np.float32)
    planes = [tile[..., channel % tile.shape[-1]] for channel in range(3)]
    for channel, plane in enumerate([*planes, *conditions]):
        batch[0, channel] = plane
    return batch.transpose(0, 2, 3, 1)
