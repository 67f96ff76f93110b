"""Bars: where each begins and how long it is."""

import math

import pytest

from restoration.ui.components import bars
from restoration.ui.components.bars import Measure


@pytest.mark.parametrize(
    ("values", "top", "begins", "lengths"),
    [
        ((1.0, 4.0), 0.0, (0, 0), (0.25, 1)),
        ((-1.0, 3.0), 0.0, (0, 0.25), (0.25, 0.75)),
        ((-2.0, -4.0), 0.0, (0.5, 0), (0.5, 1)),
        ((0.0, 0.0), 0.0, (0, 0), (0, 0)),
        ((math.nan, 2.0), 0.0, (0, 0), (0, 1)),
        ((0.25, 0.5), 1.0, (0, 0), (0.25, 0.5)),
        ((1.0, 2.0), 1.0, (0, 0), (0.5, 1)),
    ],
)
def test_bars_begin_at_zero_and_the_longest_fills_its_side(monkeypatch, values, top, begins, lengths):
    sent = []
    monkeypatch.setattr(bars, "_mount", lambda **mounted: sent.append(mounted["data"]))
    bars.bars([Measure("Error", dict(zip("ab", values, strict=True)), "{:.1f}", top)], key="k", colours={"a": "#fff"})
    (group,) = sent[0]["groups"]
    assert tuple(bar["begin"] for bar in group["bars"]) == begins
    assert tuple(bar["length"] for bar in group["bars"]) == lengths
    assert [bar["text"] for bar in group["bars"]] == [f"{value:.1f}" for value in values]
    assert [bar["colour"] for bar in group["bars"]] == ["#fff", ""]
