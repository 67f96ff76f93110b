"""Strokes of the brush: drawn where they were painted, and refused where they are none."""

import numpy as np
import pytest

from restoration.tasks.repair_strokes import MOST_POINTS, with_strokes
from restoration.ui.restore.repair_mask import stroke_from_browser
from restoration.ui.restore.repair_views import most_masked


def stroke(action="add", radius=0.05, points=((0.25, 0.5), (0.75, 0.5))):
    return {"action": action, "radius": radius, "points": [list(point) for point in points]}


def test_a_stroke_adds_and_another_spares():
    empty = np.zeros((100, 200), bool)
    added = stroke_from_browser(stroke())
    mask = with_strokes(empty, [added])
    assert mask[50, 50:150].all()
    assert mask[42:58, 100].all()
    assert not mask[:38].any()
    assert not mask[:, :38].any()
    assert not empty.any()
    spared = stroke_from_browser(stroke("erase", 0.1, [(0.5, 0.5)]))
    assert not with_strokes(mask, [spared])[50, 85:115].any()
    assert with_strokes(mask, [spared])[50, 55]
    np.testing.assert_array_equal(with_strokes(mask, [spared, added]), mask)


@pytest.mark.parametrize(
    "given",
    [
        {},
        stroke("paint"),
        stroke(radius=0),
        stroke(radius=float("nan")),
        stroke(radius="1e400"),
        stroke(radius=2),
        stroke(points=[]),
        stroke(points=[(0.5, float("inf"))]),
        stroke(points=[(0.5,)]),
        stroke(points=[(9, 9)]),
        stroke(points=[(0.5, 0.5)] * (MOST_POINTS + 1)),
        {**stroke(), "points": 3},
        {**stroke(), "points": [["a", "b"]]},
    ],
    ids=range(13),
)
def test_what_is_no_stroke_is_left_out(given):
    assert stroke_from_browser(given) is None


def test_the_most_masked_part_is_found_at_the_edge_too():
    mask = np.zeros((60, 80), bool)
    mask[50:, 70:] = True
    mask[2, 2] = True
    assert most_masked(mask, 20) == (slice(40, 60), slice(60, 80))
    assert most_masked(mask, 500) == (slice(0, 60), slice(0, 80))
