"""What the two planes send to the browser."""

import base64
import io
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from restoration.ui.components import two_planes


def test_each_picture_of_a_zip_may_have_a_folder_of_its_own(monkeypatch):
    sent = []
    monkeypatch.setattr(
        two_planes, "_mount", lambda **given: sent.append(given["data"]) or SimpleNamespace(selected=[])
    )
    labels = np.arange(400)
    two_planes.two_planes({"a": None, "b": None}, labels, [f"folder {one}" for one in labels], key="k", name="n")
    assert np.frombuffer(base64.b64decode(sent[0]["labels"]), "<u2").tolist() == labels.tolist()


def test_points_are_packed_in_their_square():
    places = np.array([[0, 0], [4, 2]], np.float32)
    left, bottom, length = two_planes._region(places)
    assert length == pytest.approx(4 * (1 + 2 * two_planes.MARGIN))
    assert left == pytest.approx(-4 * two_planes.MARGIN)
    assert bottom + length / 2 == pytest.approx(1)
    png = two_planes.sprite_png(np.ones((5, 2, 3, 1), np.float32))
    assert Image.open(io.BytesIO(png)).size == (9, 4)
    assert two_planes._packed(None, two_planes._region(None)) == ""
