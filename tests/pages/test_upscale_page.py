"""The upscale page, by Streamlit's own test harness."""

import io
import re

import numpy as np
import pytest
import streamlit as st
from page_harness import PageHarness, png
from PIL import Image as PillowImage

from restoration.image import metrics
from restoration.image.resample import resize
from restoration.inference import model
from restoration.photo import Photo
from restoration.photo.sample_photos import sample
from restoration.pipeline import Pipeline
from restoration.ui.components import media
from restoration.ui.restore import compare_methods, photo_steps

OWN, SHOW = "My picture is small", "Show me"


class UpscalePage(PageHarness):
    """The upscale page; its runs of networks that enlarge are known by the shapes of their inputs."""

    @property
    def runs(self):
        """The shapes of what was enlarged since the last run of the page; noise may be measured by another network."""
        return [shape for task, shape in super().runs if task == "upscale"]

    @property
    def status(self):
        """The line under the viewer."""
        return next((text.value for text in self.app.markdown if re.search(r"\d+ x \d+ to \d+ x \d+", text.value)), "")

    @property
    def gain(self):
        """What the network gains over the picture beside it, in dB."""
        found = re.match(r"\*\*PSNR [\d.]+ dB\*\*, ([\d.]+) (better|worse) than the \w+ picture", self.status)
        return float(found[1]) * (1 if found[2] == "better" else -1)


@pytest.fixture
def upscale_page(repo, monkeypatch):
    page = UpscalePage(repo, monkeypatch, sample="Cat")
    page.app.switch_page("pages/upscale.py")
    return page.count_runs(model.Model, "__call__", lambda used, image, *_: (used.card.task, image.shape))


SMALL = np.rint(sample("Cat").pixels[60:108, 100:164] * 255).astype(np.uint8)


def test_the_first_look_is_a_sample_enlarged_with_scores(upscale_page):
    upscale_page.run()
    before, after = upscale_page.pictures
    truth = sample("Cat").pixels[:300, :448]
    assert before.shape == after.shape == truth[:300, : after.shape[1]].shape
    assert upscale_page.gain > 0.2
    assert upscale_page.gain == pytest.approx(metrics.psnr(after, truth) - metrics.psnr(before, truth), abs=0.15)
    assert upscale_page.buttons == []


def test_every_scale_and_every_classical_method_is_shown_at_the_results_size(upscale_page):
    upscale_page.run()
    befores = []
    for name in ("Lanczos", "Nearest", "Bicubic"):
        upscale_page.set("segmented_control", "against", name)
        assert not upscale_page.runs  # the network's result is kept
        befores.append(upscale_page.pictures[0])
    assert len({before.tobytes() for before in befores}) == 3
    for scale in ("x2", "x3", "x8"):
        upscale_page.set("segmented_control", "shrunk", scale)
        before, after = upscale_page.pictures
        assert before.shape == after.shape
        assert upscale_page.gain > 0


def test_a_strip_shows_every_method_on_the_same_pixels(upscale_page):
    upscale_page.run()
    for scale in ("x4", "x3"):
        upscale_page.set("segmented_control", "shrunk", scale)
        upscale_page.set("segmented_control", "upscale_closer", "Beside every other method")
        names = upscale_page.app.selectbox(key="beside-left").options
        assert len(upscale_page.app.image) == len(names)
        lines = [text.value for text in upscale_page.app.markdown]
        scores = {}
        for name in names:
            line = next(line for line in lines if line.startswith(f"**{name}**"))
            scores[name] = float(re.search(r"([\d.]+) dB, SSIM", line)[1])
        # The truth lies under the same pixels: one pixel off, and every method would be far below.
        assert scores["Nearest"] < scores["Bicubic"] < scores["Lanczos"] + 0.1
        assert scores["Network, faithful"] > scores["Bicubic"] + 0.2
    upscale_page.drop(png(SMALL))
    assert not any("dB" in text.value for text in upscale_page.app.markdown)
    assert any("64 x 48 pixels, enlarged to 128 x 96" in caption.value for caption in upscale_page.app.caption)


def test_an_upload_is_enlarged_and_saved_with_its_alpha(upscale_page):
    upscale_page.run()
    alpha = np.zeros(SMALL.shape[:2], np.uint8)
    alpha[10:40, 10:50] = 255
    upscale_page.drop(png(np.dstack([SMALL, alpha])))
    assert upscale_page.app.segmented_control(key="upscale_mode").value == OWN
    assert "64 x 48 to 128 x 96" in upscale_page.status
    assert "dB" not in upscale_page.status
    before = np.clip(resize(uploaded_pixels(), 96, 128), 0, 1)
    np.testing.assert_allclose(upscale_page.pictures[0][24:76, 24:96], before[24:76, 24:96], atol=1.1 / 255)
    for shown in upscale_page.pictures:
        np.testing.assert_allclose(shown[:16], media.GRAY, atol=0.6 / 255)
    assert upscale_page.file_name == "photo-128-wide.png"
    saved = Photo.open(upscale_page.download())
    assert saved.pixels.shape == (96, 128, 3)
    assert saved.alpha[48, 60] == 1
    assert saved.alpha[4, 4] == 0
    upscale_page.set("segmented_control", "size", "Width")
    upscale_page.set("number_input", "width-64", 100)
    assert "64 x 48 to 100 x 75" in upscale_page.status
    assert upscale_page.pictures[1].shape == (75, 100, 3)


@pytest.mark.parametrize("mode", [OWN, SHOW])
def test_the_strip_shows_no_colours_under_transparency(upscale_page, mode):
    shown = []
    upscale_page.spy(compare_methods, "encode_png", shown.append)
    upscale_page.run()
    alpha = np.zeros(SMALL.shape[:2], np.uint8)
    alpha[:, 32:] = 255
    upscale_page.drop(png(np.dstack([SMALL, alpha]))).set("segmented_control", "upscale_mode", mode)
    upscale_page.set("segmented_control", "upscale_closer", "Beside every other method")
    assert len(upscale_page.app.image) == len(shown) > 4
    for picture in shown:
        width = picture.shape[1]
        np.testing.assert_array_equal(picture[:, : width // 2 - 4], media.GRAY)
        assert np.std(picture[:, width // 2 + 4 :]) > 0.01


def uploaded_pixels():
    """The upload as a photo has it: what is hidden by transparency is filled."""
    alpha = np.zeros(SMALL.shape[:2], np.uint8)
    alpha[10:40, 10:50] = 255
    return Photo.open(png(np.dstack([SMALL, alpha]))).pixels


def test_an_enlarged_upload_is_found_out(upscale_page):
    upscale_page.run()
    truth = sample("Cat").pixels[:100, :130]
    enlarged = np.clip(resize(truth, 300, 390), 0, 1)
    upscale_page.drop(png(np.rint(enlarged * 255).astype(np.uint8)))
    assert "no enlargement brings back" in upscale_page.status


def test_a_result_beyond_the_limit_is_one_sentence(upscale_page):
    upscale_page.run()
    upscale_page.set("number_input", "largest", 1)
    upscale_page.drop(png(np.tile(SMALL, (14, 12, 1))))
    assert [error.value.replace("\\", "") for error in upscale_page.app.error] == [
        f"The result would have {2 * 64 * 12} x {2 * 48 * 14} pixels, 2 megapixels; the limit is 1. "
        "Choose a smaller scale, or raise the limit. It stands under More > Largest result, megapixels."
    ]
    assert not upscale_page.runs
    for shown in upscale_page.pictures:
        assert shown.shape == (48 * 14, 64 * 12, 3)  # the picture itself stays in sight
    upscale_page.set("number_input", "largest", 5)
    assert upscale_page.runs


def test_cancel_leaves_the_interpolated_picture(upscale_page, monkeypatch):
    upscale_page.run()

    run = model.Model.__call__

    def stopped(self, image, conditions=(), progress=None):
        if self.card.task != "upscale":
            return run(self, image, conditions)
        progress(0, 4)
        progress(1, 4)
        st.stop()

    with monkeypatch.context() as patch:
        patch.setattr(model.Model, "__call__", stopped)
        upscale_page.drop(png(SMALL))
        next(button for button in upscale_page.app.button if button.label == "Cancel").click()
        upscale_page.run()
    before, after = upscale_page.pictures
    np.testing.assert_array_equal(before, after)
    assert upscale_page.buttons == ["Run again", "Back to the samples"]
    upscale_page.click("Run again")
    assert upscale_page.runs == [(48, 64, 3)]


def test_gray_and_tiny_uploads(upscale_page):
    upscale_page.run()
    for pixels in (SMALL[..., 0], SMALL[:1, :1], SMALL[:3, :40]):
        upscale_page.drop(png(pixels))
        assert not upscale_page.app.error
        assert upscale_page.pictures[1].shape[:2] == (2 * pixels.shape[0], 2 * pixels.shape[1])
        upscale_page.set("segmented_control", "upscale_mode", SHOW)
        assert not upscale_page.app.error
        upscale_page.set("segmented_control", "upscale_mode", OWN)


def jpeg(pixels):
    """Return a JPEG of quality 40, as the web has many."""
    file = io.BytesIO()
    PillowImage.fromarray(pixels).save(file, "JPEG", quality=40)
    return file.getvalue()


def test_the_network_that_suits_a_photograph_is_chosen_and_can_be_changed(upscale_page):
    def chosen():
        return upscale_page.app.segmented_control(key="enlarger").value

    crop = np.rint(sample("Coffee cup").pixels[100:260, 200:400] * 255).astype(np.uint8)
    upscale_page.run().drop(png(crop))
    assert chosen() == "faithful"
    assert "*faithful*: this photograph is clean." in upscale_page.texts
    upscale_page.drop(jpeg(crop), "web.jpg", "image/jpeg")
    assert chosen() == "photo"
    assert "*photo*: this photograph is compressed." in upscale_page.texts
    assert PageHarness.runs.fget(upscale_page) == [("upscale", crop.shape)]  # no network was asked what suits
    upscale_page.set("segmented_control", "enlarger", "faithful").set("segmented_control", "size", "x3")
    assert chosen() == "faithful"
    assert not any("compressed" in text for text in upscale_page.texts)


def test_an_address_that_names_a_network_goes_before_what_suits(upscale_page):
    upscale_page.app.query_params["enlarger"] = "photo"
    for pixels, chosen in ((SMALL, "photo"), (SMALL[::-1], "faithful")):  # only the first photograph
        upscale_page.run().drop(png(pixels))
        assert upscale_page.app.segmented_control(key="enlarger").value == chosen


def test_what_home_has_measured_is_not_measured_again(upscale_page, monkeypatch):
    noisy = np.clip(SMALL / 255 + np.random.default_rng(0).normal(0, 20 / 255, SMALL.shape), 0, 1).astype(np.float32)
    upscale_page.open("streamlit_app.py").drop(png(noisy))
    with monkeypatch.context() as patch:
        patch.setattr(photo_steps, "FINDINGS", {})
        upscale_page.open("pages/upscale.py")
    assert "*photo*: this photograph is noisy." in upscale_page.texts


def test_a_blend_runs_each_network_once_and_is_replayed_from_the_file(upscale_page):
    file = jpeg(SMALL)
    upscale_page.run().drop(file, "web.jpg", "image/jpeg")
    photo = upscale_page.pictures[1]
    assert [slider.key for slider in upscale_page.app.slider] == ["faithful-share"]
    upscale_page.set("slider", "faithful-share", 40)
    assert len(upscale_page.runs) == 1  # what *photo* gave was kept
    assert not np.array_equal(upscale_page.pictures[1], photo)
    upscale_page.set("slider", "faithful-share", 70)
    assert not upscale_page.runs
    saved = upscale_page.download()
    pipeline = Pipeline.from_photo(saved)
    assert pipeline == Pipeline.parse("upscale preset=photo blend=0.7")
    again = pipeline.run(Photo.open(file)).to_bytes("PNG")
    np.testing.assert_array_equal(Photo.open(saved).pixels, Photo.open(again).pixels)
    upscale_page.set("segmented_control", "enlarger", "faithful")
    assert not upscale_page.app.slider
    assert Pipeline.from_photo(upscale_page.download()) == Pipeline.parse("upscale")
