"""The page of colours in every state: what is shown, what a click tells, and what the file holds."""

import re

import numpy as np
import pytest
from page_harness import PageHarness

import restoration
from restoration.image import lab
from restoration.photo import Photo
from restoration.photo.sample_photos import sample
from restoration.tasks import colorize as room
from restoration.ui.restore import colorize_views
from restoration.ui.restore.colorize_hints import main_colors

CAT = sample("Cat").pixels[60:156, 100:228]


class Coloring(PageHarness):
    """The page of colours; its runs are told by their number of hints."""

    def pick(self, row, column):
        """Click a pixel of the picture, as the viewer tells it."""
        height, width = self.pictures[0].shape[:2]
        self.viewer["on_pick"](row, column, height, width)
        return self.run()

    @property
    def likely(self):
        """The colours that are offered for the chosen spot."""
        buttons = [button for button in self.app.button if (button.key or "").startswith("likely-")]
        return [re.match(r"!\[(#\w{6})\]", button.label)[1] for button in buttons]

    @property
    def status(self):
        return next((text.value for text in self.app.markdown if text.value.startswith("Invented")), "")


@pytest.fixture
def desk(repo, monkeypatch):
    desk = Coloring(repo, monkeypatch, "pages/colorize.py", sample="Cat")
    return desk.count_runs(room, "_predicted", lambda _image, told, _preset: len(told))


def test_the_first_look_is_a_coloured_sample_with_scores(desk):
    desk.open()
    before, after = desk.pictures
    truth = sample("Cat").pixels
    assert before.shape[-1] == 1
    assert restoration.psnr(after, truth) > restoration.psnr(before, truth)
    assert "dB" in desk.status
    assert "unsure" in desk.status
    assert len(desk.runs) == 1
    photo, name = Photo.open(desk.download()), desk.file_name
    assert name == "Cat-coloured.png"
    np.testing.assert_allclose(photo.pixels, after, atol=1 / 255)


def test_saturation_and_warmth_run_no_network(desk):
    desk.open()
    vivid = desk.pictures[1]
    desk.set("slider", "saturation", 0)
    assert desk.runs == []
    pale = desk.pictures[1]
    assert np.ptp(pale, axis=-1).max() < 0.01 < np.ptp(vivid, axis=-1).max()
    desk.set("slider", "warmth", 100)
    assert desk.runs == []
    assert (desk.pictures[1][..., 0] - desk.pictures[1][..., 2]).mean() > 0.02


def test_a_click_offers_colours_and_a_told_one_is_used_undone_moved_and_cleared(desk):
    desk.open().drop(CAT)
    plain = desk.pictures[1]
    desk.pick(40, 60)
    assert [mark["chosen"] for mark in desk.viewer["marks"]] == [True]
    assert desk.runs == []
    likely = desk.likely
    desk.click("likely-1")
    assert desk.runs == [1]
    assert desk.likely == likely  # another one may still be chosen
    told = desk.viewer["marks"][0]["color"]
    assert desk.app.color_picker[0].value == told
    desk.click("likely-0")
    assert desk.app.color_picker[0].value == desk.viewer["marks"][0]["color"] != told
    desk.click("likely-1")
    assert not np.array_equal(desk.pictures[1], plain)
    assert (desk.viewer["marks"][0]["row"], desk.viewer["marks"][0]["column"]) == (40, 60)
    desk.click("Move")
    desk.pick(10, 10)
    assert [(mark["row"], mark["column"]) for mark in desk.viewer["marks"]] == [(10, 10)]
    assert len(desk.likely) > 1  # likely there before the hint came
    desk.click("Undo")
    assert [(mark["row"], mark["column"]) for mark in desk.viewer["marks"]] == [(40, 60)]
    desk.pick(80, 100)
    desk.click("Use it")
    assert len(desk.viewer["marks"]) == 2
    desk.click("Clear")
    assert desk.viewer["marks"] == []
    np.testing.assert_array_equal(desk.pictures[1], plain)


def test_a_gray_photo_has_no_truth_and_its_file_becomes_coloured(desk):
    desk.open().drop(restoration.to_gray(CAT), "old.png")
    assert "dB" not in desk.status
    assert "unsure" in desk.status
    photo, name = Photo.open(desk.download()), desk.file_name
    assert photo.pixels.shape == CAT.shape
    assert name == "old-coloured.png"


def test_a_toned_print_is_neutralised_as_a_choice(desk):
    sepia = restoration.to_gray(CAT) ** np.float32([1.0, 1.15, 1.5])
    desk.open().drop(sepia, "sepia.png")
    assert "dB" not in desk.status
    neutral = desk.pictures[1]
    desk.set("toggle", "neutral", False)
    kept = desk.pictures[1]
    assert (kept[..., 0] - kept[..., 2]).mean() > (neutral[..., 0] - neutral[..., 2]).mean() + 0.02


def test_other_colourings_uncertainty_truth_and_card(desk):
    desk.open()
    desk.set("segmented_control", "color-closer", "Other colourings")
    assert len(desk.app.image) == room.PROPOSALS
    first = desk.pictures[1]
    desk.click("take-2")
    assert not np.array_equal(desk.pictures[1], first)
    desk.set("selectbox", "sample", "Astronaut").set("selectbox", "sample", "Cat")
    assert not np.array_equal(desk.pictures[1], first)  # taken for this picture, and for no other
    assert desk.app.session_state["proposal:sample:Cat:gray"] == 2
    assert "proposal:sample:Astronaut:gray" not in desk.app.session_state
    for closer in ("How sure is it", "Beside the truth", "Model card"):
        desk.set("segmented_control", "color-closer", closer)
        assert not desk.app.error


def test_the_lecture_network_takes_no_clicks(desk):
    desk.app.query_params["color-preset"] = "lecture"
    desk.open()
    assert desk.viewer["on_pick"] is None
    assert "unsure" not in desk.status
    assert desk.runs == []
    for closer in ("Other colourings", "How sure is it"):
        desk.set("segmented_control", "color-closer", closer)
        assert any("lecture's network" in caption.value for caption in desk.app.caption)


def test_a_large_picture_is_reduced_for_its_preview_and_keeps_its_shape():
    image = np.zeros((1500, 3000, 1), np.float32)
    assert colorize_views.reduced(image).shape == (384, 768, 1)
    assert colorize_views.reduced(image[:1, :5]).shape == (1, 5, 1)


def test_a_reference_lends_its_main_colours():
    image = np.zeros((60, 90, 3), np.float32)
    image[:, :70], image[:, 70:] = (0.8, 0.2, 0.2), (0.2, 0.3, 0.8)
    found = main_colors(image, count=2)
    wanted = [lab.to_lab(image[0, column])[1:] for column in (0, 80)]
    np.testing.assert_allclose(found, wanted, atol=3)
