"""From page to page: what the home page offers, what the address carries, what survives a visit to another page."""

import numpy as np
import pytest
from denoise_page import NOISY, OWN, SHOW, UPLOAD
from page_harness import png

from restoration.photo import Photo
from restoration.pipeline import plan


def test_home_invites_a_photo_and_leads_to_every_page(denoise_page, repo):
    denoise_page.run()
    assert not denoise_page.errors
    links = {link.proto.page for link in denoise_page.app.get("page_link")}
    assert {file.stem for file in (repo / "pages").glob("*.py")} <= links
    assert denoise_page.buttons == ["An old print", "A small photo", "A noisy photo"]
    denoise_page.click("An old print")
    assert "Restore photo" in denoise_page.buttons
    assert any("- Gray" in text for text in denoise_page.texts)


def test_home_runs_the_steps_that_are_switched_on(denoise_page):
    denoise_page.run()
    denoise_page.drop(UPLOAD, "mine.png")
    denoise_page.click("Restore photo")
    given = Photo.open(UPLOAD)
    pipeline = plan(given).pipeline
    assert {"denoise", "upscale"} <= {step.name for step in pipeline.steps}
    assert any("Noise taken out" in text and "made larger" in text for text in denoise_page.texts)
    np.testing.assert_array_equal(Photo.open(denoise_page.download()).pixels, restored_png(pipeline, given))
    key = next(toggle.key for toggle in denoise_page.app.toggle if toggle.label == "Upscale")
    denoise_page.set("toggle", key, False)
    denoise_page.click("Restore photo")
    assert denoise_page.pictures[1].shape == NOISY.shape
    assert denoise_page.file_name == "mine-restored.png"


def restored_png(pipeline, photo):
    """Return what the file of a result holds."""
    return Photo.open(pipeline.run(photo).to_bytes("PNG")).pixels


def test_the_address_carries_the_settings(denoise_page):
    given = {
        "mode": OWN,
        "kind": "Poisson",
        "level-poisson": "40",
        "strength": "60",
        "preset": "simple",
        "sample": "Cat",
    }
    denoise_page.app.query_params.update(given)
    denoise_page.open()
    assert denoise_page.app.slider(key="level-poisson").value == 40
    assert denoise_page.app.slider(key="strength").value == 60
    assert denoise_page.app.segmented_control(key="preset").value == "lecture"
    assert denoise_page.app.segmented_control(key="mode").value == OWN
    assert denoise_page.file_name == "Cat-denoised.png"
    assert any("a sample, spoiled on purpose" in text for text in denoise_page.texts)
    denoise_page.set("segmented_control", "mode", SHOW)
    assert not any("a sample, spoiled on purpose" in text for text in denoise_page.texts)


def test_an_address_that_makes_no_sense_gives_the_defaults(denoise_page):
    nonsense = {
        "mode": "x",
        "kind": "<b>",
        "level-gaussian": "9999",
        "strength": "-5",
        "preset": "../..",
        "sample": "x",
    }
    nonsense |= {
        "seed": "1e99",
        "limit": "nan",
        "format": "EXE",
        "quality": "?",
        "closer": "x",
        "sigma": "abc",
        "blind": "?",
    }
    denoise_page.app.query_params.update(nonsense)
    denoise_page.open()
    assert not denoise_page.errors
    assert denoise_page.scores[1] > 4
    assert denoise_page.file_name == "Coffee-cup-denoised.png"


@pytest.mark.parametrize("number", ["1e400", "-1e400", "nan", "Infinity", "9" * 400])
def test_a_number_without_end_in_an_address_gives_the_default(denoise_page, number):
    denoise_page.open(seed=number, strength=number, sample="Cat")
    assert not denoise_page.errors
    assert denoise_page.app.number_input(key="seed").value == 0
    assert denoise_page.app.slider(key="strength").value == 100
    assert denoise_page.file_name == "Cat-denoised.png"  # the rest of the address counts


def test_a_picture_is_treated_as_ones_own_on_every_page(opened_page):
    opened_page.drop(UPLOAD, "mine.png")
    opened_page.open("pages/upscale.py")
    assert opened_page.app.segmented_control(key="upscale_mode").value == "My picture is small"
    assert opened_page.pictures[0].shape[:2] == (2 * NOISY.shape[0], 2 * NOISY.shape[1])
    opened_page.set("segmented_control", "upscale_mode", SHOW)
    opened_page.open()
    opened_page.open("pages/upscale.py")
    assert opened_page.app.segmented_control(key="upscale_mode").value == SHOW  # what was chosen for a picture stays
    opened_page.drop(png(NOISY[::-1]), "next.png")
    opened_page.open()
    assert opened_page.app.segmented_control(key="mode").value == OWN
    opened_page.click("Back to the samples")
    assert opened_page.app.segmented_control(key="mode").value == SHOW
    opened_page.open("pages/upscale.py", sample="Cat")
    assert opened_page.app.segmented_control(key="upscale_mode").value == SHOW


def test_settings_and_picture_survive_a_visit_to_another_page(opened_page):
    opened_page.drop(UPLOAD, "mine.png")
    opened_page.set("slider", "strength", 40)
    result = opened_page.pictures[1]
    opened_page.open("streamlit_app.py")
    opened_page.open()
    assert opened_page.app.slider(key="strength").value == 40
    assert opened_page.app.segmented_control(key="mode").value == OWN
    assert opened_page.file_name == "mine-denoised.png"
    np.testing.assert_array_equal(opened_page.pictures[1], result)
    assert opened_page.runs == []
    assert "Your picture: mine" in opened_page.texts
    opened_page.click("Back to the samples")
    assert opened_page.file_name == "Coffee-cup-denoised.png"
