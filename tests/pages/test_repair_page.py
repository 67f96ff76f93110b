"""The repair page, by Streamlit's own test harness."""

import re

import numpy as np
import pytest
from page_harness import PageHarness, png

from restoration.inference.card import card_for, models
from restoration.photo import Photo
from restoration.photo.sample_photos import sample
from restoration.tasks.repair_presets import offered_presets
from restoration.ui.restore import repair_views

PRESETS = {card.preset for card in models() if card.task == "repair"}
FOUND, PAINTED, RESULT, MARKING = "The damage found", "Only what I paint", "Result", "What is filled"
SMALL = np.rint(sample("Cat").pixels[60:140, 100:220] * 255).astype(np.uint8)
LINE = {"action": "add", "radius": 0.03, "points": [[0.2, 0.5], [0.8, 0.5]]}


class RepairPage(PageHarness):
    """The repair page; what the brush is given is kept."""

    def __init__(self, repo, monkeypatch, **query):
        super().__init__(repo, monkeypatch, "pages/repair.py", **query)
        self.brushes = []
        self.spy(repair_views, "mask_brush", lambda *pictures, **options: self.brushes.append((pictures, options)))

    @property
    def status(self):
        return next((text for text in self.texts if "filled in" in text or "under *What is filled*" in text), "")

    @property
    def mask(self):
        """The mask that the brush shows."""
        return Photo.open(self.brushes[-1][0][1]).pixels[..., 0] > 0.5

    def paint(self, stroke):
        """Send a stroke as the brush does, and run the page."""
        self.brushes[-1][1]["on_stroke"](stroke)
        return self.run()


@pytest.fixture
def repair_page(repo, monkeypatch):
    if not {"damage", "complete"} <= PRESETS:
        pytest.skip("The networks of repair are not published.")
    return RepairPage(repo, monkeypatch, sample="Cat").count_runs(
        repair_views, "complete", lambda image, mask, **_: (image.shape, int(mask.sum()))
    )


@pytest.mark.skipif({"damage", "complete"} <= PRESETS, reason="The networks of repair are published.")
def test_without_networks_the_page_says_so(repo, monkeypatch):
    page = RepairPage(repo, monkeypatch).open()
    assert [info.value for info in page.app.info] == ["The networks that repair are not part of this installation."]


def test_a_sample_is_damaged_repaired_and_scored(repair_page):
    repair_page.open()
    before, after = repair_page.pictures
    assert before.shape == after.shape == sample("Cat").pixels.shape
    assert not np.array_equal(before, after)
    gain = re.match(r"\*\*PSNR [\d.]+ dB\*\*, ([\d.]+) (better|worse) than the damaged picture", repair_page.status)
    assert gain
    assert "invented" in repair_page.status
    assert "of the damage found" in repair_page.status
    repair_page.set("slider", "sensitivity", 0)
    repair_page.set("segmented_control", "repair-view", MARKING)
    least = repair_page.mask
    repair_page.set("slider", "sensitivity", 100)
    assert repair_page.mask.sum() > least.sum()
    assert not repair_page.runs  # nothing is filled while it is being marked


def test_an_upload_keeps_every_pixel_outside_the_mask_and_its_alpha(repair_page):
    repair_page.open()
    alpha = np.full(SMALL.shape[:2], 255, np.uint8)
    alpha[:10] = 0
    alpha[10:20] = 128
    repair_page.drop(png(np.dstack([SMALL, alpha])))
    repair_page.set("segmented_control", "fill", PAINTED)
    assert repair_page.status.startswith("Nothing is marked")
    repair_page.set("segmented_control", "repair-view", MARKING)
    assert not repair_page.mask.any()
    repair_page.paint(LINE)
    mask = repair_page.mask
    assert mask[40, 30:90].all()
    repair_page.set("segmented_control", "repair-view", RESULT)
    assert repair_page.runs == [(SMALL.shape, int(mask.sum()))]
    assert repair_page.file_name == "photo-repaired.png"
    saved = Photo.open(repair_page.download())
    np.testing.assert_array_equal(np.rint(saved.pixels * 255)[20:][~mask[20:]], SMALL[20:][~mask[20:]])
    assert not np.array_equal(np.rint(saved.pixels * 255)[mask], SMALL[mask])
    np.testing.assert_array_equal(np.rint(saved.alpha * 255), alpha)


def test_strokes_are_taken_back_and_belong_to_their_picture(repair_page):
    repair_page.open(**{"fill": PAINTED, "repair-view": MARKING})
    repair_page.paint(LINE)
    one = repair_page.mask
    repair_page.paint({**LINE, "action": "erase", "points": [[0.5, 0.5]]})
    assert 0 < repair_page.mask.sum() < one.sum()
    repair_page.paint({"action": "undo", "radius": 0, "points": []})
    np.testing.assert_array_equal(repair_page.mask, one)
    repair_page.paint({"action": "add", "radius": "x"})
    np.testing.assert_array_equal(repair_page.mask, one)
    assert repair_page.brushes[-1][1]["undoable"]
    repair_page.drop(png(SMALL))
    repair_page.set("segmented_control", "repair-view", MARKING)
    assert not repair_page.mask.any()
    assert not repair_page.brushes[-1][1]["undoable"]


def test_every_method_fills_the_same_part_by_the_same_mask(repair_page):
    repair_page.open()
    repair_page.set("segmented_control", "repair-closer", "Beside the classical methods")
    names = repair_page.app.selectbox(key="beside-left").options
    assert len(repair_page.app.image) == len(names) == 4 + len(offered_presets())
    repair_page.set("segmented_control", "repair-closer", "Model card")
    assert any(text == f"**{card_for('repair', 'damage').name}**" for text in repair_page.texts)


def test_a_mask_that_covers_everything_is_one_sentence(repair_page):
    repair_page.open(**{"fill": PAINTED, "repair-view": MARKING})
    repair_page.paint({"action": "add", "radius": 0.5, "points": [[0, 0], [1, 0], [1, 1], [0, 1], [0.5, 0.5]]})
    assert repair_page.mask.all()
    repair_page.set("segmented_control", "repair-view", RESULT)
    (error,) = repair_page.errors
    assert "covers all" in error
