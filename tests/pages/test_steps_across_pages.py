"""What is done on one page is there on the next: the steps so far, their results, and the file that carries all."""

import numpy as np
import pytest
from page_harness import PageHarness, png

from restoration.image.lab import to_gray
from restoration.inference import model
from restoration.photo import Photo
from restoration.photo.sample_photos import sample
from restoration.pipeline import STEPS, Pipeline

CAT = sample("Cat").pixels[60:108, 100:164]
OLD = png(np.clip(to_gray(CAT) + np.random.default_rng(0).normal(0, 12 / 255, (48, 64, 1)), 0, 1).astype(np.float32))
CHAIN = "denoise strength=0.8; colorize saturation=1.2 warmth=0.5; upscale scale=3 preset=photo"


@pytest.fixture
def pages(repo, monkeypatch):
    """Give the app; a run of a network is known by the size of its picture."""
    page = PageHarness(repo, monkeypatch, "pages/denoise.py")
    return page.count_runs(model.Model, "__call__", lambda _model, image, *_: image.shape)


@pytest.fixture
def chained(pages):
    """Give the app after a visit to three pages with an old print."""
    pages.run().drop(OLD, "old.png")
    pages.open("pages/denoise.py").set("slider", "strength", 80)
    pages.open("pages/colorize.py").set("slider", "saturation", 120).set("slider", "warmth", 50)
    return pages.open("pages/upscale.py").set("segmented_control", "size", "x3")


def line(pages):
    """Return the titles of the steps above the viewer."""
    labels = [block.proto.popover.label for block in blocks(pages.app.main) if block.type == "popover"]
    return [label for label in labels if label.lower() in STEPS]


def blocks(block):
    for child in block.children.values():
        yield child
        if hasattr(child, "children"):
            yield from blocks(child)


def saved(pipeline):
    """Return the pixels in the file of what a pipeline gives for the old print."""
    return Photo.open(pipeline.run(Photo.open(OLD)).to_bytes("PNG")).pixels


def test_a_chain_of_three_pages_gives_the_bits_of_the_pipeline_and_records_it(chained):
    file = chained.download()
    assert chained.file_name == "old-restored.png"
    pipeline = Pipeline.from_photo(file)
    assert [step.name for step in pipeline.steps] == ["denoise", "colorize", "upscale"]
    assert pipeline == Pipeline.parse(CHAIN)
    np.testing.assert_array_equal(Photo.open(file).pixels, saved(pipeline))


def test_a_visit_runs_nothing_twice_and_an_earlier_page_runs_what_comes_behind_it_only(chained):
    first = chained.download()
    for page in ("colorize", "denoise", "upscale"):
        chained.open(f"pages/{page}.py")
        assert chained.runs == []
        assert chained.download() == first  # every page's download carries all steps
    chained.open("pages/denoise.py").set("slider", "strength", 40)
    assert chained.runs == [(48, 64, 3)]  # the upscaling of a coloured picture; nothing is denoised again
    pipeline = Pipeline.from_photo(chained.download())
    assert pipeline == Pipeline.parse(CHAIN.replace("0.8", "0.4"))
    np.testing.assert_array_equal(Photo.open(chained.download()).pixels, saved(pipeline))


def test_a_step_is_switched_off_removed_and_taken_back(chained):
    chained.click("remove-colorize")
    without = Pipeline.parse("denoise strength=0.8; upscale scale=3 preset=photo")
    assert Pipeline.from_photo(chained.download()) == without
    chained.open("pages/colorize.py")
    assert any("Colorize is switched off" in text for text in chained.texts)
    chained.click("undo-step")
    assert Pipeline.from_photo(chained.download()) == Pipeline.parse(CHAIN)
    assert chained.app.slider(key="saturation").value == 120
    key = next(toggle.key for toggle in chained.app.toggle if toggle.key.startswith("on-denoise"))
    chained.set("toggle", key, False)
    assert [step.name for step in Pipeline.from_photo(chained.download()).steps] == ["colorize", "upscale"]
    chained.click("undo-step").click("redo-step").click("undo-step")
    np.testing.assert_array_equal(Photo.open(chained.download()).pixels, saved(Pipeline.parse(CHAIN)))


def test_home_shows_the_steps_and_a_page_takes_over_what_home_has_set(chained):
    chained.open("streamlit_app.py")
    assert any(text == "**Noise taken out, colours guessed, made larger**" for text in chained.texts)
    key = next(slider.key for slider in chained.app.slider if slider.key.startswith("main-denoise"))
    chained.set("slider", key, 50).click("Restore photo")
    chained.open("pages/denoise.py")
    assert chained.app.slider(key="strength").value == 50
    assert Pipeline.from_photo(chained.download()) == Pipeline.parse(CHAIN.replace("0.8", "0.5"))


def test_a_look_at_a_page_adds_its_step_only_where_the_photo_needs_it_or_the_visitor_asks_for_it(pages):
    def names():
        return [step.name for step in Pipeline.from_photo(pages.download()).steps]

    pages.run().drop(OLD, "old.png")
    pages.open("pages/repair.py")
    assert names() == ["repair"]  # what the page shows is what it gives
    pages.open("pages/denoise.py")
    assert names() == ["denoise"]  # measured to be needed
    pages.open("pages/repair.py")
    assert line(pages) == ["Denoise"]
    pages.click("Add repair").open("pages/denoise.py")
    assert names() == ["repair", "denoise"]
    pages.open("pages/repair.py").click("remove-repair").click("Repair this photo").open("pages/denoise.py")
    assert names() == ["repair", "denoise"]
    pages.open("pages/repair.py").set("slider", "sensitivity", 60)
    assert Pipeline.from_photo(pages.download()) == Pipeline.parse("repair sensitivity=0.6; denoise")
    pages.click("undo-step").click("undo-step")
    assert any("Repair is switched off" in text for text in pages.texts)


def test_home_keeps_the_last_results_and_compares_any_two(pages):
    pages.run().drop(OLD, "old.png").click("Restore photo")
    first = pages.pictures[1]
    key = next(slider.key for slider in pages.app.slider if slider.key.startswith("main-denoise"))
    pages.set("slider", key, 50).click("Restore photo")
    second = pages.pictures[1]
    assert not np.array_equal(first, second)
    compared = next(box.key for box in pages.app.selectbox if box.key.startswith("compared"))
    pages.set("selectbox", compared, "Result 1")
    assert pages.viewer["labels"] == ("result 1", "after")
    np.testing.assert_array_equal(pages.pictures, [first, second])
    pages.click("Result 1")
    assert pages.runs == []
    np.testing.assert_array_equal(pages.pictures[1], first)
    pages.click("Result 2")
    np.testing.assert_array_equal(pages.pictures[1], second)


def test_a_photo_that_is_degraded_for_show_takes_no_steps_along_and_leaves_none(chained):
    chained.set("segmented_control", "upscale_mode", "Show me")
    assert [step.name for step in Pipeline.from_photo(chained.download()).steps] == ["upscale"]
    chained.set("segmented_control", "upscale_mode", "My picture is small")
    assert Pipeline.from_photo(chained.download()) == Pipeline.parse(CHAIN)


def test_strokes_on_what_is_repaired_are_carried_too(pages):
    pages.run().drop(OLD, "old.png")
    pages.open("pages/repair.py", fill="Only what I paint")
    pages.app.session_state["mask strokes"] = {
        f"{pages.app.session_state.uploaded.key}:Only what I paint": ((True, 0.05, ((0.2, 0.5), (0.8, 0.5))),)
    }
    pages.run()
    repaired = Pipeline.from_photo(pages.download())
    assert repaired == Pipeline.parse("repair sensitivity=none strokes=add:0.05:0.2,0.5,0.8,0.5")
    pages.open("pages/denoise.py")
    pipeline = Pipeline.from_photo(pages.download())
    assert [step.name for step in pipeline.steps] == ["repair", "denoise"]
    np.testing.assert_array_equal(Photo.open(pages.download()).pixels, saved(pipeline))
