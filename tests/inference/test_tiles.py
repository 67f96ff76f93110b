"""Tiles cover a picture exactly, whatever its size."""

from itertools import pairwise

import numpy as np
import pytest

from restoration.inference import tiles


@pytest.mark.parametrize(("tile", "halo", "multiple"), [(64, 8, 8), (96, 20, 4), (40, 16, 8), (256, 80, 8)])
@pytest.mark.parametrize("lead", [0, 3])
def test_kept_parts_meet_and_halos_hold(tile, halo, multiple, lead):
    for length in [*range(1, 120), 255, 256, 257, 1000]:
        spans = tiles.spans(length, tile, halo, multiple, lead)
        assert spans[0].keep_from == 0
        assert spans[-1].keep_to == length
        assert len({span.stop - span.start for span in spans}) == 1, "all tiles have one shape"
        for before, after in pairwise(spans):
            assert before.keep_to == after.keep_from
            assert before.stop - before.keep_to >= halo
            assert after.keep_from - after.start >= halo
        for span in spans:
            assert (span.start + lead) % multiple == 0
            assert (span.stop - span.start) % multiple == 0
            assert span.start <= span.keep_from < span.keep_to <= span.stop


def test_cut_and_stitch_give_the_picture_back():
    image = np.random.default_rng(0).random((37, 91, 3), np.float32)
    canvas = np.full_like(image, np.nan)
    for tile in [*tiles.tile_grid(37, 91, 32, 4, 4), *tiles.tile_grid(37, 91, 32, 4, 4, lead=(2, 3))]:
        tiles.stitch(canvas, tiles.cut(image, tile), tile)
    np.testing.assert_array_equal(canvas, image)


def test_past_the_edge_the_picture_is_mirrored():
    image = np.arange(3, dtype=np.float32)[None, :, None]
    (tile,) = tiles.tile_grid(1, 3, 64, 8, 8)
    assert tiles.cut(image, tile)[0, :, 0].tolist() == [0, 1, 2, 2, 1, 0, 0, 1]
    (tile,) = tiles.tile_grid(1, 3, 64, 8, 8, lead=(1, 2))
    assert tiles.cut(image, tile)[1, :, 0].tolist() == [1, 0, 0, 1, 2, 2, 1, 0]
