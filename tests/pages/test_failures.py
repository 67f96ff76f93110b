"""What ends an inference early: a cancel, damaged weights, too little memory."""

import numpy as np
import pytest
import streamlit as st
from denoise_page import NOISY, STRIP, UPLOAD
from page_harness import png

from restoration.explore import pretrained
from restoration.inference import fair_lock, model
from restoration.inference.card import Card, WeightsError, card_for, models
from restoration.ui.restore import preview


def stopped(self, image, conditions=(), progress=None):
    """Stand in for a network that is at work when the visitor presses Cancel."""
    progress(0, 4)
    progress(1, 4)
    st.stop()


def test_cancel_leaves_the_picture_and_offers_another_run(opened_page, monkeypatch):
    opened_page.drop(UPLOAD)
    with monkeypatch.context() as patch:
        patch.setattr(model.Model, "__call__", stopped)
        opened_page.drop(png(NOISY[::-1]), "other.png")
        assert opened_page.buttons == ["Cancel", "Back to the samples"]
        assert "left" in opened_page.app.get("progress")[0].text
        opened_page.click("Cancel")
        before, after = opened_page.pictures
        np.testing.assert_array_equal(before, after)
        assert any("Cancelled" in caption.value for caption in opened_page.app.caption)
        assert opened_page.buttons == ["Run again", "Back to the samples"]
    opened_page.set("slider", "strength", 80)
    assert opened_page.runs == []  # it stays cancelled
    opened_page.click("Run again")
    assert len(opened_page.runs) == 1
    assert opened_page.buttons == ["Remove", "Back to the samples"]
    before, after = opened_page.pictures
    assert not np.array_equal(before, after)


def test_cancel_leaves_the_whole_of_a_large_picture(opened_page, monkeypatch):
    large = np.tile(NOISY, (12, 10, 1))

    def stopped_but_for_the_preview(self, image, conditions=(), progress=None):
        progress(0, 1)
        return stopped(self, image, conditions, progress) if image.shape == large.shape else image

    monkeypatch.setattr(model.Model, "__call__", stopped_but_for_the_preview)
    opened_page.drop(png(large), "large.png")
    assert opened_page.pictures[1].shape == (preview.PREVIEW_SIDE, preview.PREVIEW_SIDE, 3)
    opened_page.click("Cancel")
    assert opened_page.viewer["labels"] == ("noisy", "noisy")
    for shown in opened_page.pictures:
        np.testing.assert_array_equal(np.rint(shown * 255), large)


def test_a_stopped_inference_releases_the_lock(denoise_page, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(model.Model, "__call__", stopped)
        denoise_page.open()
    assert fair_lock.inference_lock.waiting == 0
    assert denoise_page.run().scores[1] > 4


@pytest.fixture
def damaged(repo, tmp_path, monkeypatch):
    """Flip one byte of the weights of the best network, in a copy."""
    for preset in ("best", "lecture"):
        name = f"{card_for('denoise', preset).name}.weights.h5"
        content = bytearray((repo / "weights" / name).read_bytes())
        content[len(content) // 2] ^= preset == "best"
        (tmp_path / name).write_bytes(content)
    monkeypatch.setattr(Card.weights, "__defaults__", (tmp_path,))
    monkeypatch.setattr(model, "_models", {})  # so that they are loaded anew


@pytest.mark.usefixtures("damaged")
def test_damaged_weights_are_one_sentence_and_are_not_loaded(denoise_page):
    denoise_page.open()
    assert len(denoise_page.errors) == 1
    assert "were not loaded" in denoise_page.errors[0]
    before, after = denoise_page.pictures
    np.testing.assert_array_equal(before, after)
    denoise_page.drop(png(np.tile(NOISY, (12, 10, 1))), "large.png")  # a preview comes first here
    assert len(denoise_page.errors) == 1


@pytest.mark.usefixtures("damaged")
def test_a_damaged_network_stops_neither_another_one_nor_the_strip_with_a_traceback(denoise_page):
    denoise_page.app.query_params["preset"] = "simple"
    denoise_page.open()
    assert not denoise_page.errors
    denoise_page.set("segmented_control", "closer", STRIP)
    assert len(denoise_page.errors) == 1
    assert not denoise_page.app.get("progress")


@pytest.mark.usefixtures("damaged")
def test_home_with_damaged_weights_is_one_sentence_and_keeps_the_picture(denoise_page):
    denoise_page.run()
    denoise_page.drop(UPLOAD)
    assert len(denoise_page.errors) == 1
    before, after = denoise_page.pictures
    np.testing.assert_array_equal(before, after)


@pytest.mark.parametrize("kept", [("denoise-lecture-1",), ()])
def test_a_task_whose_best_card_is_odd_goes_on_or_says_so(denoise_page, repo, tmp_path, monkeypatch, kept):
    for path in (repo / "weights").glob("*-[0-9]*.json"):
        (tmp_path / path.name).write_text(path.read_text() if path.stem in kept else "{")
    monkeypatch.setattr(models, "__defaults__", (tmp_path,))
    denoise_page.open()
    assert len(denoise_page.errors) == (not kept)
    assert bool(denoise_page.app.segmented_control) == bool(kept) or "can be read" in denoise_page.errors[0]
    denoise_page.open("streamlit_app.py")
    denoise_page.open("pages/upscale.py")
    assert "No network to upscale can be read" in denoise_page.errors[0]


def test_too_little_memory_is_one_sentence(denoise_page, monkeypatch):
    monkeypatch.setitem(model.BYTES_PER_TILE_PIXEL, model.hardware.best_precision(), 10**12)
    denoise_page.open()
    assert len(denoise_page.errors) == 1
    assert "memory" in denoise_page.errors[0]


@pytest.mark.parametrize("page", ["blend", "latent_map"])
def test_missing_weights_are_a_sentence(explore_page, monkeypatch, page):
    def load(name):
        raise WeightsError(f"The weights {name} are missing; install the project again.")

    st.cache_resource.clear()
    monkeypatch.setattr(pretrained, "load_autoencoder", load)
    explore_page.open(f"pages/{page}.py")
    assert "install the project again" in explore_page.app.error[0].value
