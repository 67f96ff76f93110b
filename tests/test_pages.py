"""The pages in every state, by Streamlit's own test harness: what is shown, and how often a network runs."""

import json
import re
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
import streamlit as st
from desk import Desk, png

import restoration
from restoration import model
from restoration.card import Card, card_for
from restoration.photo import Photo
from restoration.samples import SAMPLES, sample
from restoration.ui import beside, how_sure, noise, stage, work
from restoration.ui.source import LONGEST_STEM

OWN, SHOW = "My photo is noisy", "Show me"
STRIP, SURE, CARD = "Beside the classical methods", "How sure is it", "Model card"


class Denoising(Desk):
    """The denoise page."""

    @property
    def status(self):
        """The line under the viewer, '' if there is none."""
        return next((text.value for text in self.app.markdown if "estimated noise" in text.value), "")

    @property
    def scores(self):
        """PSNR of the result and its gain over the noisy picture, in dB."""
        found = re.match(r"\*\*([\d.]+) dB\*\*, ([\d.]+) (better|worse) than the noisy picture", self.status)
        return float(found[1]), float(found[2]) * (1 if found[3] == "better" else -1)


@pytest.fixture
def desk(repo, monkeypatch):
    desk = Denoising(repo, monkeypatch, "pages/denoise.py")
    return desk.count_runs(model.Model, "__call__", lambda _model, _image, conditions=(), *_: conditions)


@pytest.fixture
def table(desk, monkeypatch):
    """Give the denoise page, opened without the seconds that its sample takes."""
    with monkeypatch.context() as patch:
        patch.setattr(
            model.Model, "__call__", lambda self, image, conditions=(), progress=None: progress(0, 1) or image
        )
        return desk.open()


BLACK = np.zeros((1000, 1001), np.uint8)  # no noise to be judged anywhere


def noisy_cat(sigma=20 / 255, height=96, width=128):
    """Give a small truth and its noisy 8-bit picture as float32."""
    truth = sample("Cat").pixels[60 : 60 + height, 100 : 100 + width]
    noisy = truth + np.random.default_rng(0).normal(0, sigma, truth.shape)
    return truth, np.clip(np.rint(noisy * 255), 0, 255).astype(np.uint8)


CAT, NOISY = noisy_cat()
UPLOAD, CLEAN = png(NOISY), png(np.rint(CAT * 255).astype(np.uint8))


def test_home_shows_a_restored_sample_and_the_way_to_every_page(desk, repo):
    desk.run()
    before, after = desk.pictures
    truths = [truth for truth in (sample(name).pixels for name in SAMPLES) if truth.shape == after.shape]
    truth = max(truths, key=lambda truth: restoration.psnr(after, truth))
    assert restoration.psnr(after, truth) > restoration.psnr(before, truth) + 4
    assert not desk.errors
    links = {link.proto.page for link in desk.app.get("page_link")}
    assert {file.stem for file in (repo / "pages").glob("*.py")} <= links


def test_the_first_look_at_denoise_is_a_restored_sample_with_scores(desk):
    desk.open()
    before, after = desk.pictures
    truth = sample("Coffee cup").pixels
    after_db, gain = desk.scores
    assert gain > 4
    assert after_db == pytest.approx(restoration.psnr(after, truth), abs=0.1)
    assert gain == pytest.approx(after_db - restoration.psnr(before, truth), abs=0.15)
    assert "SSIM 0." in desk.status
    assert "0.2 MP" in desk.status
    assert desk.runs == [(0.0, 0.0)]
    assert desk.file_name == "Coffee-cup-denoised.png"
    assert not desk.app.button  # nothing left to cancel


@pytest.mark.parametrize(
    ("kind", "key", "least"),
    [
        ("gaussian", "gaussian", 4),
        ("camera", "camera", 3),
        ("poisson", "poisson", 3),
        ("salt and pepper", "salt-and-pepper", 3),
        ("jpeg", "jpeg", 0),
    ],
)
def test_every_kind_of_noise_is_made_and_taken_out(desk, kind, key, least):
    desk.app.query_params["kind"] = noise._named(kind)
    desk.app.query_params["sample"] = "Cat"
    desk.open()
    before, after = desk.pictures
    assert desk.app.slider(key=f"level-{key}").label == noise.KINDS[kind][0]
    assert desk.scores[1] >= least
    truth = sample("Cat").pixels
    assert desk.scores[0] == pytest.approx(restoration.psnr(after, truth), abs=0.1)
    assert restoration.psnr(before, truth) < 32
    level = desk.app.slider(key=f"level-{key}")
    milder = level.value + 20 if kind == "jpeg" else level.value // 2
    desk.set("slider", f"level-{key}", milder)
    assert restoration.psnr(desk.pictures[0], truth) > restoration.psnr(before, truth) + 1


def test_another_seed_is_another_noise_of_the_same_level(desk):
    first = desk.open().pictures[0]
    second = desk.set("number_input", "seed", 7).pictures[0]
    assert not np.array_equal(first, second)
    truth = sample("Coffee cup").pixels
    assert restoration.psnr(first, truth) == pytest.approx(restoration.psnr(second, truth), abs=0.1)


def test_the_mean_of_eight_runs_scores_higher_than_one(desk):
    one = desk.open().scores[1]
    desk.set("toggle", "denoise-ensemble", True)
    assert len(desk.runs) == 8
    assert one < desk.scores[1] < one + 1


def test_the_lecture_network_is_another_one_and_has_its_own_card(desk):
    best = desk.open().pictures[1]
    desk.set("segmented_control", "preset", "lecture")
    assert not np.array_equal(best, desk.pictures[1])
    assert desk.scores[1] > 0
    desk.set("segmented_control", "closer", CARD)
    assert f"**{card_for('denoise', 'lecture').name}**" in [text.value for text in desk.app.markdown]


def test_how_sure_it_is_is_told_and_shown(desk):
    desk.open()
    desk.set("segmented_control", "closer", SURE)
    said = " ".join(text.value for text in desk.app.markdown)
    best = float(re.search(r"detail (-?\d\.\d+); it looks like white noise", said)[1])
    assert 0 < best < 0.5
    assert "times: fine detail may have gone" in said
    desk.set("selectbox", "kind", "camera")
    assert "smooth over neighbouring pixels" in " ".join(text.value for text in desk.app.markdown)


def test_a_cameras_noise_is_told_as_strong_as_it_is(desk):
    desk.app.query_params["kind"] = noise._named("camera")
    desk.app.query_params["sample"] = "Cat"
    desk.open()
    added = 255 * np.std(desk.pictures[0] - sample("Cat").pixels)
    assert 255 * restoration.estimate_sigma(desk.pictures[0]) < 0.7 * added  # what the noisy picture alone tells

    def told():
        return float(re.search(r"estimated noise (\d+) of 255", desk.status)[1])

    assert told() == pytest.approx(added, rel=0.15)
    desk.set("segmented_control", "preset", "lecture")  # takes detail along, so what it removed tells nothing
    assert told() < 0.7 * added


def test_a_single_pixel_has_no_noise(table):
    table.drop(np.full((1, 1, 3), [40, 120, 200], np.uint8))
    assert "estimated noise 0 of 255" in table.status


def test_strength_runs_no_network_and_the_scores_follow_it(desk):
    full = desk.open().scores[1]
    before, after = desk.viewer["pictures"]
    gains = []
    for percent in (0, 50, 100):
        desk.set("slider", "strength", percent)
        assert desk.runs == []
        assert desk.viewer["strength"] == percent / 100
        assert desk.viewer["pictures"] == (before, after)
        gains.append(desk.scores[1])
    assert gains[0] == 0
    assert 1 < gains[1] < gains[2] == full


def test_a_noisy_photo_is_taken_as_noisy_and_its_noise_is_judged(table):
    table.drop(UPLOAD, "../../etc/Cat photo.PNG")
    assert table.app.segmented_control(key="mode").value == OWN
    assert table.app.slider(key="sigma").value == pytest.approx(20, abs=4)
    assert table.app.slider(key="sigma").disabled
    assert "dB" not in table.status  # nobody knows the truth
    assert table.runs == [(0.0, 0.0)]
    before, after = table.pictures
    np.testing.assert_array_equal(np.rint(before * 255), NOISY)
    assert restoration.psnr(after, CAT) > restoration.psnr(before, CAT) + 3
    assert table.file_name == "Cat-photo-denoised.png"
    saved = Photo.open(table.download())
    np.testing.assert_array_equal(saved.pixels, after)


def test_a_told_noise_level_reaches_the_network(table):
    table.drop(UPLOAD)
    table.set("toggle", "blind", False)
    estimate = table.app.slider(key="sigma").value
    assert not table.app.slider(key="sigma").disabled
    assert table.runs == [(pytest.approx(estimate / 255), 1.0)]
    weak = table.pictures[1]
    table.set("slider", "sigma", 60)
    assert table.runs == [(pytest.approx(60 / 255), 1.0)]
    assert np.std(np.diff(table.pictures[1], axis=1)) < np.std(np.diff(weak, axis=1))  # smoother


def test_another_photo_gets_its_own_estimate(table):
    table.drop(UPLOAD)
    first = table.app.slider(key="sigma").value
    table.set("toggle", "blind", False)
    table.set("slider", "sigma", 70)
    table.drop(png(noisy_cat(sigma=40 / 255)[1]), "other.png")
    assert table.app.slider(key="sigma").value > first + 10
    assert table.app.slider(key="sigma").value < 60


def test_show_me_spoils_an_upload_and_scores_it(table):
    table.drop(CLEAN)
    table.set("segmented_control", "mode", SHOW)
    assert table.scores[1] > 3
    before, _ = table.pictures
    assert restoration.psnr(before, CAT) == pytest.approx(20, abs=2)  # sigma 25 of 255
    before = table.file_name
    table.app.file_uploader(key="upload").clear()  # as a browser does before it puts in another file
    table.run()
    assert table.file_name == before
    table.click("Back to the samples")
    assert table.file_name == "Coffee-cup-denoised.png"


KINDS_OF_FILES = {
    "gray": NOISY[..., 0],
    "transparent": np.dstack([NOISY, np.linspace(0, 255, 96 * 128).reshape(96, 128).astype(np.uint8)]),
    "16 bits": NOISY[..., 0].astype(np.uint16) * 257,
    "one pixel": NOISY[:1, :1],
    "very wide": np.tile(NOISY[:10], (1, 24, 1))[:, :3000],
    "very high": np.tile(NOISY[:, :10], (32, 1, 1))[:3000],
}


@pytest.mark.parametrize("kind", KINDS_OF_FILES)
def test_any_photograph_keeps_its_shape_and_all_that_is_not_noise(table, kind):
    pixels = KINDS_OF_FILES[kind]
    table.drop(png(pixels))
    assert not table.errors
    before, after = table.pictures
    assert before.shape == after.shape == (*pixels.shape[:2], 1 if pixels.ndim == 2 else 3)
    if kind == "transparent":
        for shown in table.pictures:  # not the colours that nobody sees
            np.testing.assert_allclose(shown[0, 0], stage.GROUND, atol=0.01)
            assert np.abs(shown[-20:] - CAT[-20:]).mean() < 0.08
    saved = Photo.open(table.download())
    assert saved.pixels.shape == before.shape
    assert saved.bits == (16 if pixels.dtype == np.uint16 else 8)
    if kind == "transparent":
        np.testing.assert_array_equal(np.rint(saved.alpha * 255), pixels[..., 3])
    if kind == "16 bits":
        assert len(np.unique(saved.pixels)) > 256  # not rounded to 8 bits on the way
    table.set("segmented_control", "mode", SHOW)
    assert not table.errors
    assert table.pictures[1].shape == before.shape
    table.set("selectbox", "kind", "jpeg")  # the kind that has most to do with the shape
    assert not table.errors


BAD_FILES = {
    "cut off": UPLOAD[: len(UPLOAD) // 2],
    "text": b"This is no picture. " * 50,
    "empty": b"",
    "too large": png(BLACK),
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_bad_file_is_one_sentence_and_the_picture_stays(table, kind):
    table.set("number_input", "limit", 1)
    table.drop(UPLOAD, "good.png")
    good = table.pictures[1]
    table.drop(BAD_FILES[kind], "<b>bad</b>.png")
    assert len(table.errors) == 1
    assert re.fullmatch(r"[A-Z].+\.", table.errors[0])
    np.testing.assert_array_equal(table.pictures[1], good)
    assert table.file_name == "good-denoised.png"
    assert table.runs == []
    if kind == "too large":
        assert "1" in table.errors[0]
        assert "limit" in table.errors[0]
        table.set("number_input", "limit", 2)
        table.drop(BAD_FILES[kind], "again.png")
    else:
        table.drop(png(NOISY[::-1]), "next.png")
    assert not table.errors
    assert table.file_name != "good-denoised.png"


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/x.png",
        "..\\..\\x.png",
        "C:\\x\\y.png",
        "<img src=x onerror=alert(1)>.png",
        "a" * 300 + ".png",
        "x\0y.png",
        "\u202egnp.exe",
        "CON.png",
        ".hidden.png",
        "$(rm -rf).png",
        "...",
        "\U0001f431.png",
        "maracuj\u00e1 1%20.png",
    ],
)
def test_a_hostile_file_name_becomes_a_safe_one(table, name):
    table.drop(UPLOAD, name)
    assert not table.errors
    safe = table.file_name
    assert re.fullmatch(r"\w[\w-]*-denoised\.png", safe)
    assert len(safe) <= LONGEST_STEM + len("-denoised.png")
    assert safe.split("-")[0].lower() not in ("con", "nul")
    texts = [text.value for text in (*table.app.markdown, *table.app.caption, *table.app.error)]
    assert not any("<img" in text for text in texts)


def test_a_hostile_name_typed_at_the_download_becomes_a_safe_one(desk):
    desk.open()
    key = next(text.key for text in desk.app.text_input if text.label == "File name")
    for typed, expected in (
        ("../../x", "x.png"),
        ("", "photo.png"),
        ("a<b>.jpg", "a-b-jpg.png"),
        ("nul", "photo-nul.png"),
    ):
        desk.set("text_input", key, typed)
        assert desk.file_name == expected


def test_a_format_too_small_for_the_picture_is_told_before_the_download(table):
    table.drop(png(np.full((2, 16400), 128, np.uint8)))
    table.set("selectbox", "format", "WebP")
    assert table.errors == ["WebP holds 16383 pixels a side and this picture has 16400; choose another format."]
    assert not table.set("selectbox", "format", "PNG").errors


@pytest.mark.parametrize("mode", [SHOW, OWN])
def test_beside_the_classical_methods(table, mode):
    table.drop(CLEAN if mode == SHOW else UPLOAD)
    table.set("segmented_control", "mode", mode)
    table.set("segmented_control", "closer", STRIP)
    assert not table.errors
    names = table.app.selectbox(key="beside-left").options
    lines = [text.value for text in table.app.markdown if any(text.value.startswith(f"**{name}**") for name in names)]
    assert len(lines) == len(names) == len(table.app.image)
    assert {"As it came", "Network, best", "Network, lecture", "NLM (scikit-image)"} <= set(names)
    scores = {line.split("**")[1]: re.search(r"([\d.]+) dB, SSIM", line) for line in lines}
    if mode == OWN:
        assert not any(scores.values())
        return
    scores = {name: float(score[1]) for name, score in scores.items()}
    assert scores["Network, best"] > scores["As it came"] + 3
    assert scores["NLM (scikit-image)"] > scores["As it came"] + 1
    table.set("selectbox", "beside-left", "As it came")
    assert table.runs == []  # the strip is kept


@pytest.mark.parametrize(("closer", "room"), [(STRIP, beside), (SURE, how_sure)])
def test_no_strip_shows_the_colours_under_transparency(table, closer, room):
    shown = []
    table.spy(room, "encode_png", shown.append)
    opaque = np.arange(128) >= 64
    table.drop(np.dstack([NOISY, np.broadcast_to(255 * opaque, (96, 128)).astype(np.uint8)]))
    table.set("segmented_control", "closer", closer)
    assert len(table.app.image) == len(shown) > 1
    for picture in shown:
        np.testing.assert_array_equal(picture[:, ~opaque], stage.GROUND)
        assert np.std(picture[:, opaque]) > 0.01


def test_the_model_card_says_what_the_card_says(desk, monkeypatch):
    card = replace(card_for("denoise", "best"), tested={"cats": {"15": [24.6, 31.5], "50": [14.2, 26.0]}})
    monkeypatch.setattr("restoration.card.card_for", lambda task, preset: card)  # as the page finds it
    desk.open().set("segmented_control", "closer", CARD)
    text = " ".join(part.value for part in (*desk.app.markdown, *desk.app.caption))
    for claim in (
        card.name,
        f"{card.parameters / 1e6:.1f} million",
        card.limits,
        card.sha256[:16],
        card.trained["data"],
    ):
        assert claim in text
    rows = desk.app.dataframe[0].value.to_dict("records")
    assert rows[1] == {"pictures": "cats", "sigma": 50, "before": 14.2, "after": 26.0}
    assert len(rows) == 2
    (curve,) = desk.app.get("plotly_chart")
    steps, scores = zip(*card.learned(), strict=True)
    drawn = json.loads(curve.proto.spec)["data"][0]
    assert (tuple(drawn["x"]), tuple(drawn["y"])) == (steps, scores)
    assert steps[-1] == card.trained["steps"]


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
        return stopped(self, image, conditions, progress) if image.shape == large.shape else image

    monkeypatch.setattr(work.Work, "run", lambda self, function: (function(self.progress), 1.0))
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
    monkeypatch.setitem(model.BYTES_PER_TILE_PIXEL, model.machine.best_precision(), 10**12)
    desk.open()
    assert len(desk.errors) == 1
    assert "memory" in desk.errors[0]


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
