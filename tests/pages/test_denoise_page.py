"""The denoise page by Streamlit's own test harness: what is shown, and how often a network runs."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from denoise_page import CARD, CAT, CLEAN, NOISY, OWN, SHOW, STRIP, SURE, UPLOAD, noisy_cat
from page_harness import png

import restoration
from restoration.inference.card import card_for
from restoration.photo import Photo
from restoration.photo.sample_photos import sample
from restoration.ui.components import media
from restoration.ui.restore import compare_methods, denoise_controls, residual_view


def test_the_first_look_at_denoise_is_a_restored_sample_with_scores(denoise_page):
    denoise_page.open()
    before, after = denoise_page.pictures
    truth = sample("Coffee cup").pixels
    after_db, gain = denoise_page.scores
    assert gain > 4
    assert after_db == pytest.approx(restoration.psnr(after, truth), abs=0.1)
    assert gain == pytest.approx(after_db - restoration.psnr(before, truth), abs=0.15)
    assert "SSIM" not in denoise_page.status
    assert re.search(r"SSIM 0\.\d\d · .* s · 0\.2 MP", denoise_page.details)
    assert denoise_page.runs == [(0.0, 0.0)]
    assert denoise_page.file_name == "Coffee-cup-denoised.png"
    assert denoise_page.buttons == []  # nothing left to cancel


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
def test_every_kind_of_noise_is_made_and_taken_out(denoise_page, kind, key, least):
    denoise_page.app.query_params["kind"] = denoise_controls.kind_label(kind)
    denoise_page.app.query_params["sample"] = "Cat"
    denoise_page.open()
    before, after = denoise_page.pictures
    assert denoise_page.app.slider(key=f"level-{key}").label == denoise_controls.KINDS[kind][0]
    assert denoise_page.scores[1] >= least
    truth = sample("Cat").pixels
    assert denoise_page.scores[0] == pytest.approx(restoration.psnr(after, truth), abs=0.1)
    assert restoration.psnr(before, truth) < 32
    level = denoise_page.app.slider(key=f"level-{key}")
    milder = level.value + 20 if kind == "jpeg" else level.value // 2
    denoise_page.set("slider", f"level-{key}", milder)
    assert restoration.psnr(denoise_page.pictures[0], truth) > restoration.psnr(before, truth) + 1


def test_another_seed_is_another_noise_of_the_same_level(denoise_page):
    first = denoise_page.open().pictures[0]
    second = denoise_page.set("number_input", "seed", 7).pictures[0]
    assert not np.array_equal(first, second)
    truth = sample("Coffee cup").pixels
    assert restoration.psnr(first, truth) == pytest.approx(restoration.psnr(second, truth), abs=0.1)


def test_the_mean_of_eight_runs_scores_higher_than_one(denoise_page):
    one = denoise_page.open().scores[1]
    denoise_page.set("toggle", "denoise-ensemble", True)
    assert len(denoise_page.runs) == 8
    assert one < denoise_page.scores[1] < one + 1


def test_the_lecture_network_is_another_one_and_has_its_own_card(denoise_page):
    best = denoise_page.open().pictures[1]
    denoise_page.set("segmented_control", "preset", "lecture")
    assert not np.array_equal(best, denoise_page.pictures[1])
    assert denoise_page.scores[1] > 0
    denoise_page.set("segmented_control", "closer", CARD)
    assert f"**{card_for('denoise', 'lecture').name}**" in [text.value for text in denoise_page.app.markdown]


def test_how_sure_it_is_is_told_and_shown(denoise_page):
    denoise_page.open()
    denoise_page.set("segmented_control", "closer", SURE)
    said = " ".join(text.value for text in denoise_page.app.markdown)
    best = float(re.search(r"detail (-?\d\.\d+); it looks like white noise", said)[1])
    assert 0 < best < 0.5
    assert "times: fine detail may have gone" in said
    denoise_page.set("selectbox", "kind", "camera")
    assert "smooth over neighbouring pixels" in " ".join(text.value for text in denoise_page.app.markdown)


def test_a_cameras_noise_is_told_as_strong_as_it_is(denoise_page):
    denoise_page.app.query_params["kind"] = denoise_controls.kind_label("camera")
    denoise_page.app.query_params["sample"] = "Cat"
    denoise_page.open()
    added = 255 * np.std(denoise_page.pictures[0] - sample("Cat").pixels)
    assert (
        255 * restoration.estimate_sigma(denoise_page.pictures[0]) < 0.7 * added
    )  # what the noisy picture alone tells

    def shown_sigma():
        return float(re.search(r"[Ee]stimated noise (\d+) of 255", denoise_page.status)[1])

    assert shown_sigma() == pytest.approx(added, rel=0.15)
    denoise_page.set("segmented_control", "preset", "lecture")  # takes detail along, so what it removed tells nothing
    assert shown_sigma() < 0.7 * added


def test_a_single_pixel_has_no_noise(opened_page):
    opened_page.drop(np.full((1, 1, 3), [40, 120, 200], np.uint8))
    assert "Estimated noise 0 of 255" in opened_page.status


def test_strength_runs_no_network_and_the_scores_follow_it(denoise_page):
    full = denoise_page.open().scores[1]
    before, after = denoise_page.viewer["pictures"]
    gains = []
    for percent in (0, 50, 100):
        denoise_page.set("slider", "strength", percent)
        assert denoise_page.runs == []
        assert denoise_page.viewer["strength"] == percent / 100
        assert denoise_page.viewer["pictures"] == (before, after)
        gains.append(denoise_page.scores[1])
    assert gains[0] == 0
    assert 1 < gains[1] < gains[2] == full


def test_a_noisy_photo_is_taken_as_noisy_and_its_noise_is_estimated(opened_page):
    opened_page.drop(UPLOAD, "../../etc/Cat photo.PNG")
    assert opened_page.app.segmented_control(key="mode").value == OWN
    assert opened_page.app.slider(key="sigma").value == pytest.approx(20, abs=4)
    assert opened_page.app.slider(key="sigma").disabled
    assert "dB" not in opened_page.status  # nobody knows the truth
    assert opened_page.runs == [(0.0, 0.0)]
    before, after = opened_page.pictures
    np.testing.assert_array_equal(np.rint(before * 255), NOISY)
    assert restoration.psnr(after, CAT) > restoration.psnr(before, CAT) + 3
    assert opened_page.file_name == "Cat-photo-denoised.png"
    saved = Photo.open(opened_page.download())
    np.testing.assert_array_equal(saved.pixels, after)


def test_a_told_noise_level_reaches_the_network(opened_page):
    opened_page.drop(UPLOAD)
    opened_page.set("toggle", "blind", False)
    estimate = opened_page.app.slider(key="sigma").value
    assert not opened_page.app.slider(key="sigma").disabled
    assert opened_page.runs == [(pytest.approx(estimate / 255), 1.0)]
    weak = opened_page.pictures[1]
    opened_page.set("slider", "sigma", 60)
    assert opened_page.runs == [(pytest.approx(60 / 255), 1.0)]
    assert np.std(np.diff(opened_page.pictures[1], axis=1)) < np.std(np.diff(weak, axis=1))  # smoother


def test_another_photo_gets_its_own_estimate(opened_page):
    opened_page.drop(UPLOAD)
    first = opened_page.app.slider(key="sigma").value
    opened_page.set("toggle", "blind", False)
    opened_page.set("slider", "sigma", 70)
    opened_page.drop(png(noisy_cat(sigma=40 / 255)[1]), "other.png")
    assert opened_page.app.slider(key="sigma").value > first + 10
    assert opened_page.app.slider(key="sigma").value < 60


@pytest.mark.parametrize("mode", [SHOW, OWN])
def test_beside_the_classical_methods(opened_page, mode):
    opened_page.drop(CLEAN if mode == SHOW else UPLOAD)
    opened_page.set("segmented_control", "mode", mode)
    opened_page.set("segmented_control", "closer", STRIP)
    assert not opened_page.errors
    names = opened_page.app.selectbox(key="beside-left").options
    lines = [
        text.value for text in opened_page.app.markdown if any(text.value.startswith(f"**{name}**") for name in names)
    ]
    assert len(lines) == len(names) == len(opened_page.app.image)
    assert {"As it came", "Network, best", "Network, simple", "NLM (scikit-image)"} <= set(names)
    scores = {line.split("**")[1]: re.search(r"([\d.]+) dB, SSIM", line) for line in lines}
    if mode == OWN:
        assert not any(scores.values())
        return
    scores = {name: float(score[1]) for name, score in scores.items()}
    assert scores["Network, best"] > scores["As it came"] + 3
    assert scores["NLM (scikit-image)"] > scores["As it came"] + 1
    opened_page.set("selectbox", "beside-left", "As it came")
    assert opened_page.runs == []  # the strip is kept


@pytest.mark.parametrize(("closer", "module"), [(STRIP, compare_methods), (SURE, residual_view)])
def test_no_strip_shows_the_colours_under_transparency(opened_page, closer, module):
    shown = []
    opened_page.spy(module, "encode_png", shown.append)
    opaque = np.arange(128) >= 64
    opened_page.drop(np.dstack([NOISY, np.broadcast_to(255 * opaque, (96, 128)).astype(np.uint8)]))
    opened_page.set("segmented_control", "closer", closer)
    assert len(opened_page.app.image) == len(shown) > 1
    for picture in shown:
        np.testing.assert_array_equal(picture[:, ~opaque], media.GRAY)
        assert np.std(picture[:, opaque]) > 0.01


def test_the_model_card_says_what_the_card_says(denoise_page, monkeypatch):
    card = replace(card_for("denoise", "best"), tested={"cats": {"15": [24.6, 31.5], "50": [14.2, 26.0]}})
    monkeypatch.setattr("restoration.inference.card.card_for", lambda task, preset: card)  # as the page finds it
    denoise_page.open().set("segmented_control", "closer", CARD)
    text = " ".join(part.value for part in (*denoise_page.app.markdown, *denoise_page.app.caption))
    for claim in (
        card.name,
        f"{card.parameters / 1e6:.1f} million",
        card.limits,
        card.sha256[:16],
        card.trained["data"],
    ):
        assert claim in text
    rows = denoise_page.app.dataframe[0].value.to_dict("records")
    assert rows[1] == {"pictures": "cats", "sigma": 50, "before": 14.2, "after": 26.0}
    assert len(rows) == 2
    (curve,) = denoise_page.app.get("plotly_chart")
    steps, scores = zip(*card.learned(), strict=True)
    drawn = json.loads(curve.proto.spec)["data"][0]
    assert (tuple(drawn["x"]), tuple(drawn["y"])) == (steps, scores)
    assert steps[-1] == card.trained["steps"]
