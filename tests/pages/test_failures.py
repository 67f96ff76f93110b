"""What stops a network: a visitor who cancels, damaged weights, too little memory."""

from functools import lru_cache

import numpy as np
import pytest
import streamlit as st
from denoise_page import NOISY, STRIP, UPLOAD
from page_harness import png

from restoration.inference import model
from restoration.inference.card import Card, card_for
from restoration.ui.restore import stage


def stopped(self, image, conditions=(), progress=None):
    """Stand in for a network that is at work when the visitor presses Cancel."""
    progress(0, 4)
    progress(1, 4)
    st.stop()


def test_cancel_leaves_the_picture_and_offers_another_run(table, monkeypatch):
    table.drop(UPLOAD)
    with monkeypatch.context() as patch:
        patch.setattr(model.Model, "__call__", stopped)
        table.drop(png(NOISY[::-1]), "other.png")
        assert [button.label for button in table.app.button] == ["Cancel"]
        assert "left" in table.app.get("progress")[0].text
        table.click("Cancel")
        before, after = table.pictures
        np.testing.assert_array_equal(before, after)
        assert any("Cancelled" in caption.value for caption in table.app.caption)
        assert [button.label for button in table.app.button] == ["Run again"]
    table.set("slider", "strength", 80)
    assert table.runs == []  # it stays cancelled
    table.click("Run again")
    assert len(table.runs) == 1
    assert not table.app.button
    before, after = table.pictures
    assert not np.array_equal(before, after)


def test_cancel_leaves_the_whole_of_a_large_picture(table, monkeypatch):
    large = np.tile(NOISY, (12, 10, 1))

    def stopped_but_for_the_preview(self, image, conditions=(), progress=None):
        progress(0, 1)
        return stopped(self, image, conditions, progress) if image.shape == large.shape else image

    monkeypatch.setattr(model.Model, "__call__", stopped_but_for_the_preview)
    table.drop(png(large), "large.png")
    assert table.pictures[1].shape == (stage.PREVIEW_SIDE, stage.PREVIEW_SIDE, 3)
    table.click("Cancel")
    assert table.viewer["labels"] == ("noisy", "noisy")
    for shown in table.pictures:
        np.testing.assert_array_equal(np.rint(shown * 255), large)


def test_a_network_that_stopped_hands_its_turn_on(desk, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(model.Model, "__call__", stopped)
        desk.open()
    assert model.inference.waiting == 0
    assert desk.run().scores[1] > 4


@pytest.fixture
def damaged(repo, tmp_path, monkeypatch):
    """Flip one byte of the weights of the best network, in a copy."""
    for preset in ("best", "lecture"):
        name = f"{card_for('denoise', preset).name}.weights.h5"
        content = bytearray((repo / "weights" / name).read_bytes())
        content[len(content) // 2] ^= preset == "best"
        (tmp_path / name).write_bytes(content)
    monkeypatch.setattr(Card.weights, "__defaults__", (tmp_path,))
    monkeypatch.setattr(model, "_loaded", lru_cache(model._loaded.__wrapped__))


@pytest.mark.usefixtures("damaged")
def test_damaged_weights_are_one_sentence_and_are_not_loaded(desk):
    desk.open()
    assert len(desk.errors) == 1
    assert "were not loaded" in desk.errors[0]
    before, after = desk.pictures
    np.testing.assert_array_equal(before, after)
    desk.drop(png(np.tile(NOISY, (12, 10, 1))), "large.png")  # a preview comes first here
    assert len(desk.errors) == 1


@pytest.mark.usefixtures("damaged")
def test_a_damaged_network_stops_neither_another_one_nor_the_strip_with_a_traceback(desk):
    desk.app.query_params["preset"] = "lecture"
    desk.open()
    assert not desk.errors
    desk.set("segmented_control", "closer", STRIP)
    assert len(desk.errors) == 1
    assert not desk.app.get("progress")


@pytest.mark.usefixtures("damaged")
def test_home_with_damaged_weights_still_opens(desk):
    desk.run()
    assert len(desk.errors) == 1


def test_too_little_memory_is_one_sentence(desk, monkeypatch):
    monkeypatch.setitem(model.BYTES_PER_TILE_PIXEL, model.hardware.best_precision(), 10**12)
    desk.open()
    assert len(desk.errors) == 1
    assert "memory" in desk.errors[0]
