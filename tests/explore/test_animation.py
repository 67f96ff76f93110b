"""Animations of interpolations."""

import io

import numpy as np
import pytest
from PIL import Image

from restoration.explore import animation


def test_an_animation_runs_forward_and_back():
    frames = np.linspace(0, 1, 4, dtype=np.float32)[:, None, None, None] * np.ones((1, 28, 28, 3), np.float32)
    made = Image.open(io.BytesIO(animation.gif(frames)))
    assert made.n_frames == 6
    assert made.size == (168, 168)
    levels = []
    for frame in range(6):
        made.seek(frame)
        levels.append(made.convert("L").getpixel((0, 0)))
    assert levels == pytest.approx([0, 85, 170, 255, 170, 85], abs=2)
