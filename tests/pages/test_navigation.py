"""From page to page: what the home page offers, what the address carries, what survives a visit to another page."""

import numpy as np
from denoise_page import NOISY, OWN, SHOW, UPLOAD
from page_harness import png

import restoration
from restoration.photo.sample_photos import SAMPLES, sample


def test_home_shows_a_restored_sample_and_the_way_to_every_page(desk, repo):
    desk.run()
    before, after = desk.pictures
    truths = [truth for truth in (sample(name).pixels for name in SAMPLES) if truth.shape == after.shape]
    truth = max(truths, key=lambda truth: restoration.psnr(after, truth))
    assert restoration.psnr(after, truth) > restoration.psnr(before, truth) + 4
    assert not desk.errors
    links = {link.proto.page for link in desk.app.get("page_link")}
    assert {file.stem for file in (repo / "pages").glob("*.py")} <= links


def test_the_address_carries_the_settings(desk):
    given = {
        "mode": OWN,
        "kind": "Poisson",
        "level-poisson": "40",
        "strength": "60",
        "preset": "lecture",
        "sample": "Cat",
    }
    desk.app.query_params.update(given)
    desk.open()
    assert desk.app.slider(key="level-poisson").value == 40
    assert desk.app.slider(key="strength").value == 60
    assert desk.app.segmented_control(key="preset").value == "lecture"
    assert desk.app.segmented_control(key="mode").value == OWN
    assert desk.file_name == "Cat-denoised.png"
    assert any("a sample, spoiled on purpose" in text for text in desk.texts)
    desk.set("segmented_control", "mode", SHOW)
    assert not any("a sample, spoiled on purpose" in text for text in desk.texts)


def test_an_address_that_makes_no_sense_gives_the_defaults(desk):
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
    desk.app.query_params.update(nonsense)
    desk.open()
    assert not desk.errors
    assert desk.scores[1] > 4
    assert desk.file_name == "Coffee-cup-denoised.png"


def test_a_picture_is_treated_as_ones_own_on_every_page(table):
    table.drop(UPLOAD, "mine.png")
    table.open("pages/upscale.py")
    assert table.app.segmented_control(key="upscale_mode").value == "My picture is small"
    assert table.pictures[0].shape[:2] == (2 * NOISY.shape[0], 2 * NOISY.shape[1])
    table.set("segmented_control", "upscale_mode", SHOW)
    table.open()
    table.open("pages/upscale.py")
    assert table.app.segmented_control(key="upscale_mode").value == SHOW  # what was chosen for a picture stays
    table.drop(png(NOISY[::-1]), "next.png")
    table.open()
    assert table.app.segmented_control(key="mode").value == OWN
    table.click("Back to the samples")
    assert table.app.segmented_control(key="mode").value == SHOW
    table.open("pages/upscale.py", sample="Cat")
    assert table.app.segmented_control(key="upscale_mode").value == SHOW


def test_settings_and_picture_survive_a_visit_to_another_page(table):
    table.drop(UPLOAD, "mine.png")
    table.set("slider", "strength", 40)
    result = table.pictures[1]
    table.open("streamlit_app.py")
    table.open()
    assert table.app.slider(key="strength").value == 40
    assert table.app.segmented_control(key="mode").value == OWN
    assert table.file_name == "mine-denoised.png"
    np.testing.assert_array_equal(table.pictures[1], result)
    assert table.runs == []
    assert "Your picture: mine" in table.texts
    table.click("Back to the samples")
    assert table.file_name == "Coffee-cup-denoised.png"
