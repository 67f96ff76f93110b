"""The table of int8 beside other precisions."""

import numpy as np

from restoration.benchmark import int8_quantization
from restoration.inference.card import card_for
from restoration.inference.hardware import best_precision
from restoration.photo.sample_photos import sample


def test_eight_bits_are_scored_beside_the_other_precisions(monkeypatch):
    monkeypatch.setattr(int8_quantization, "quantize", lambda network, batches: network)  # nncf is no dependency
    photo = np.rint(sample("Cat").pixels[:160, :160] * 255).astype(np.uint8)
    rows = list(int8_quantization.benchmark_int8(card_for("denoise", "fast").name, [photo], [photo[:64, :64] / 255]))
    *_, (precision, _, expected), (kind, seconds, scores) = rows
    assert (precision, kind) == (best_precision(), "int8")
    assert scores == expected
    assert list(scores) == [5, 15, 25, 50] == sorted(scores, key=scores.get, reverse=True)
    assert seconds > 0
