"""The memory of a large file, and of a tile."""

from restoration.benchmark.size_and_tiles import benchmark_tiles, denoise_file
from restoration.benchmark.timing import in_fresh_process
from restoration.inference.card import card_for
from restoration.inference.hardware import best_precision
from restoration.inference.model import BYTES_PER_TILE_PIXEL


def test_24_megapixels_stay_under_two_gigabytes():
    _, peak_megabytes = in_fresh_process(denoise_file, 24)
    assert peak_megabytes < 2000


def test_a_tile_needs_the_memory_that_is_asked_for():
    card = card_for("denoise", "best")
    ((side, seconds, grown),) = benchmark_tiles(card, sides=[512], megapixels=0.8)
    assert (side, seconds > 0) == (512, True)
    assert 50 < grown < 1.2 * BYTES_PER_TILE_PIXEL[best_precision()]
