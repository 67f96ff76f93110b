"""Working on the tiles of an image one after the other, between the work of other visitors."""

from collections.abc import Callable, Sequence

from restoration.image.types import Progress
from restoration.inference.fair_lock import inference_lock
from restoration.inference.tiles import Tile


def each_tile(grid: Sequence[Tile], run: Callable[[Tile], None], progress: Progress | None = None) -> None:
    """Call ``run(tile)`` for each tile, while other visitors' runs wait.

    Parameters
    ----------
    grid, run
        `run` runs a network on a tile and keeps what it gives.
    progress
        ``progress(done, total)`` before the first and after each tile; whatever it raises cancels the run.
    """
    with inference_lock.hold():
        for done, tile in enumerate(grid):
            if done:
                inference_lock.yield_to_waiting()  # a small picture need not wait for all of a large one
            if progress:
                progress(done, len(grid))
            run(tile)
        if progress:
            progress(len(grid), len(grid))
