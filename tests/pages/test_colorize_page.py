"""The colorize page: what is shown, what a click does, and what the file holds."""

import re

import numpy as np
import pytest
from page_harness import PageHarness

import restoration
from restoration.image import lab
from restoration.image.resample import reduce
from restoration.photo import Photo
from restoration.photo.sample_photos import sample
from restoration.tasks import colorize as task
from restoration.ui.restore.colorize_hints import main_colors
from restoration.ui.restore.preview import REDUCED_SIDE

CAT = sample("Cat").pixels[60:156, 100:228]


class ColorizePage(PageHarness):
    """The colorize page; its runs are known by their number of hints."""

    def pick(self, row, column):
        """Click a pixel of the image."""
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
        return next((text.value for text in self.app.markdown if text.value.startswith("Colours are guessed")), "")


@pytest.fixture
def colorize_page(repo, monkeypatch):
    page = ColorizePage(repo, monkeypatch, "pages/colorize.py", sample="Cat")
    return page.count_runs(task, "_distribution", lambda _image, hints, _preset: len(hints))


def test_the_first_look_is_a_coloured_sample_with_scores(colorize_page):
    colorize_page.open()
    before, after = colorize_page.pictures
    truth = sample("Cat").pixels
    assert before.shape[-1] == 1
    assert restoration.psnr(after, truth) > restoration.psnr(before, truth)
    assert "dB" in colorize_page.status
    assert "uncertain" in colorize_page.status
    assert len(colorize_page.runs) == 1
    photo, name = Photo.open(colorize_page.download()), colorize_page.file_name
    assert name == "Cat-coloured.png"
    np.testing.assert_allclose(photo.pixels, after, atol=1 / 255)


def test_saturation_and_warmth_run_no_network(colorize_page):
    colorize_page.open()
    vivid = colorize_page.pictures[1]
    colorize_page.set("slider", "saturation", 0)
    assert colorize_page.runs == []
    pale = colorize_page.pictures[1]
    assert np.ptp(pale, axis=-1).max() < 0.01 < np.ptp(vivid, axis=-1).max()
    colorize_page.set("slider", "warmth", 100)
    assert colorize_page.runs == []
    assert (colorize_page.pictures[1][..., 0] - colorize_page.pictures[1][..., 2]).mean() > 0.02


def test_a_click_offers_colours_and_a_hint_is_used_undone_moved_and_cleared(colorize_page):
    colorize_page.open().drop(CAT)
    plain = colorize_page.pictures[1]
    colorize_page.pick(40, 60)
    assert [mark["chosen"] for mark in colorize_page.viewer["marks"]] == [True]
    assert colorize_page.runs == []
    likely = colorize_page.likely
    colorize_page.click("likely-1")
    assert colorize_page.runs == [1]
    assert colorize_page.likely == likely  # another one may still be chosen
    color = colorize_page.viewer["marks"][0]["color"]
    assert colorize_page.app.color_picker[0].value == color
    colorize_page.click("likely-0")
    assert colorize_page.app.color_picker[0].value == colorize_page.viewer["marks"][0]["color"] != color
    colorize_page.click("likely-1")
    assert not np.array_equal(colorize_page.pictures[1], plain)
    assert (colorize_page.viewer["marks"][0]["row"], colorize_page.viewer["marks"][0]["column"]) == (40, 60)
    colorize_page.click("Move")
    colorize_page.pick(10, 10)
    assert [(mark["row"], mark["column"]) for mark in colorize_page.viewer["marks"]] == [(10, 10)]
    assert len(colorize_page.likely) > 1  # likely there before the hint came
    colorize_page.click("Undo")
    assert [(mark["row"], mark["column"]) for mark in colorize_page.viewer["marks"]] == [(40, 60)]
    colorize_page.pick(80, 100)
    colorize_page.click("Use it")
    assert len(colorize_page.viewer["marks"]) == 2
    colorize_page.click("Clear")
    assert colorize_page.viewer["marks"] == []
    np.testing.assert_array_equal(colorize_page.pictures[1], plain)


def test_a_gray_photo_has_no_truth_and_its_file_becomes_coloured(colorize_page):
    colorize_page.open().drop(restoration.to_gray(CAT), "old.png")
    assert "dB" not in colorize_page.status
    assert "uncertain" in colorize_page.status
    photo, name = Photo.open(colorize_page.download()), colorize_page.file_name
    assert photo.pixels.shape == CAT.shape
    assert name == "old-coloured.png"


def test_a_toned_print_is_neutralised_as_a_choice(colorize_page):
    sepia = restoration.to_gray(CAT) ** np.float32([1.0, 1.15, 1.5])
    colorize_page.open().drop(sepia, "sepia.png")
    assert "dB" not in colorize_page.status
    neutral = colorize_page.pictures[1]
    colorize_page.set("toggle", "neutral", False)
    kept = colorize_page.pictures[1]
    assert (kept[..., 0] - kept[..., 2]).mean() > (neutral[..., 0] - neutral[..., 2]).mean() + 0.02


def test_other_colourings_uncertainty_truth_and_card(colorize_page):
    colorize_page.open()
    colorize_page.set("segmented_control", "color-closer", "Other colourings")
    assert len(colorize_page.app.image) == task.PROPOSALS
    first = colorize_page.pictures[1]
    colorize_page.click("take-2")
    assert not np.array_equal(colorize_page.pictures[1], first)
    colorize_page.set("selectbox", "sample", "Astronaut").set("selectbox", "sample", "Cat")
    assert not np.array_equal(colorize_page.pictures[1], first)  # taken for this picture, and for no other
    assert colorize_page.app.session_state["proposal:sample:Cat"] == 2
    assert "proposal:sample:Astronaut:gray" not in colorize_page.app.session_state
    for closer in ("How sure is it", "Beside the truth", "Model card"):
        colorize_page.set("segmented_control", "color-closer", closer)
        assert not colorize_page.app.error


def test_the_lecture_network_takes_no_clicks(colorize_page):
    colorize_page.app.query_params["color-preset"] = "simple"
    colorize_page.open()
    assert colorize_page.viewer["on_pick"] is None
    assert "uncertain" not in colorize_page.status
    assert colorize_page.runs == []
    for closer in ("Other colourings", "How sure is it"):
        colorize_page.set("segmented_control", "color-closer", closer)
        assert any("simple network" in caption.value for caption in colorize_page.app.caption)


def test_a_large_picture_is_reduced_for_its_preview_and_keeps_its_shape():
    image = np.zeros((1500, 3000, 1), np.float32)
    assert reduce(image, REDUCED_SIDE).shape == (384, 768, 1)
    assert reduce(image[:1, :5], REDUCED_SIDE).shape == (1, 5, 1)


def test_a_reference_lends_its_main_colours():
    image = np.zeros((60, 90, 3), np.float32)
    image[:, :70], image[:, 70:] = (0.8, 0.2, 0.2), (0.2, 0.3, 0.8)
    found = main_colors(image, count=2)
    wanted = [lab.to_lab(image[0, column])[1:] for column in (0, 80)]
    np.testing.assert_allclose(found, wanted, atol=3)
