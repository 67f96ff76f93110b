"""Enlarging is measured for each way to make an image small."""

from restoration.benchmark.reductions import REDUCTIONS, benchmark_reductions, bicubic
from restoration.photo.sample_photos import sample

CROP = sample("Cat").pixels[100:148, 150:222]


def test_the_truth_is_infinitely_better_and_bicubic_depends_on_the_reduction():
    rows = list(benchmark_reductions([CROP], {"again": bicubic, "truth": lambda *_: CROP}, 2))
    assert [row.condition for row in rows[::3]] == list(REDUCTIONS)
    found = {(row.condition, row.method): row.value for row in rows}
    for condition in REDUCTIONS:
        assert found[condition, "again"] == found[condition, "Bicubic"] < 60 < found[condition, "truth"]
    assert found["nearest", "Bicubic"] < found["bicubic, antialiased", "Bicubic"]
    assert len({row.value for row in rows}) >= len(REDUCTIONS)
