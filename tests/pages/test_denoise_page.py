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
    desk.app.query_params["kind"] = denoise_controls._named(kind)
    desk.app.query_params["sample"] = "Cat"
    desk.open()
    before, after = desk.pictures
    assert desk.app.slider(key=f"level-{key}").label == denoise_controls.KINDS[kind][0]
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
    desk.app.query_params["kind"] = denoise_controls._named("camera")
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


@pytest.mark.parametrize(("closer", "room"), [(STRIP, compare_methods), (SURE, residual_view)])
def test_no_strip_shows_the_colours_under_transparency(table, closer, room):
    shown = []
    table.spy(room, "encode_png", shown.append)
    opaque = np.arange(128) >= 64
    table.drop(np.dstack([NOISY, np.broadcast_to(255 * opaque, (96, 128)).astype(np.uint8)]))
    table.set("segmented_control", "closer", closer)
    assert len(table.app.image) == len(shown) > 1
    for picture in shown:
        np.testing.assert_array_equal(picture[:, ~opaque], media.GRAY)
        assert np.std(picture[:, opaque]) > 0.01


def test_the_model_card_says_what_the_card_says(desk, monkeypatch):
    card = replace(card_for("denoise", "best"), tested={"cats": {"15": [24.6, 31.5], "50": [14.2, 26.0]}})
    monkeypatch.setattr("restoration.inference.card.card_for", lambda task, preset: card)  # as the page finds it
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
