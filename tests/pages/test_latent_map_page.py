"""The Latent map page by Streamlit's own test harness: what is shown, and what each control changes."""

import base64
import re

import numpy as np
import pytest
from explore_page import State

from restoration.explore import datasets, latent_plane, pretrained
from restoration.explore.classifier import classify
from restoration.photo import Photo
from restoration.ui.components import pad
from restoration.ui.components.media import encode_png
from restoration.ui.explore import latent_map_views


def test_the_map_opens_with_points_and_what_the_middle_decodes_to(explore_page):
    explore_page.open("pages/latent_map.py")
    sent = explore_page.sent["plane-digits-variational"]
    assert len(base64.b64decode(sent["labels"])) == 5000
    assert len(base64.b64decode(sent["points"])) == 4 * 5000
    network = pretrained.load_autoencoder("map-digits-variational-1")
    drawn = network.decode(np.array([sent["at"]], np.float32))
    assert np.abs(explore_page.rows("drawn")[0] - drawn).max() < 0.01


def test_points_lie_where_their_codes_are(explore_page):
    explore_page.open("pages/latent_map.py")
    sent = explore_page.sent["plane-digits-variational"]
    share = np.frombuffer(base64.b64decode(sent["points"]), "<u2").reshape(-1, 2) / 65535
    left, right, bottom, top = sent["region"]
    codes = pretrained.load_autoencoder("map-digits-variational-1").encode(datasets.load("digits").train.images[:5000])
    inside = (codes > [left, bottom]).all(axis=1) & (codes < [right, top]).all(axis=1)
    found = [left, bottom] + share * [right - left, top - bottom]
    assert np.abs(found - codes)[inside].max() < 1e-3


def test_pointing_elsewhere_draws_something_else(explore_page):
    explore_page.open("pages/latent_map.py")
    middle = explore_page.rows("drawn")[0]
    explore_page.states["plane-digits-variational"] = State(at=[-1.5, 0.5])
    explore_page.run()
    assert not np.allclose(middle, explore_page.rows("drawn")[0], atol=0.1)
    assert explore_page.app.query_params["at"] == "-1.5,0.5"
    assert any(text.startswith("(-1.50, 0.50)") for text in explore_page.texts)


def test_the_address_names_a_place(explore_page):
    explore_page.open("pages/latent_map.py", at="0.25,-0.5")
    assert explore_page.sent["plane-digits-variational"]["at"] == [0.25, -0.5]


def test_the_gaps_are_shown_and_named(explore_page):
    codes = pretrained.load_autoencoder("map-digits-plain-1").encode(datasets.load("digits").train.images[:5000])
    region = latent_plane.extent(codes)
    places, far = latent_plane.grid(region, 40), latent_plane.gaps(codes, region, 40).ravel()
    for place, in_gap in ((places[far.argmax()], True), (codes[0], False)):
        explore_page.states["plane-digits-plain"] = State(at=place.tolist())
        explore_page.open("pages/latent_map.py", network="Plain", show="Gaps")
        assert any("in a **gap**" in text for text in explore_page.texts) == in_gap
    found = [re.match(r"\*\*(\d+)%\*\* of this square lies in gaps", text) for text in explore_page.texts]
    (share,) = filter(None, found)
    assert int(share[1]) == pytest.approx(100 * (far > latent_plane.GAP).mean(), abs=2)
    assert not explore_page.sent["plane-digits-plain"]["shown"]
    assert explore_page.sent["plane-digits-plain"]["background"]


def test_clusters_colour_the_points_and_say_how_pure_they_are(explore_page):
    explore_page.open("pages/latent_map.py", show="Clusters", clusters="6")
    sent = explore_page.sent["plane-digits-variational"]
    assert len(sent["names"]) == 6
    assert set(base64.b64decode(sent["labels"])) == set(range(6))
    assert any(re.search(r"6 clusters by k-means, purity 0\.\d\d", text) for text in explore_page.texts)


def test_my_digit_lands_on_the_plane(explore_page):
    digit = datasets.load("digits").test.images[0]
    big = np.zeros((pad.SIDE, pad.SIDE), np.uint8)
    big[14:98, 14:98] = np.rint(255 * digit[..., 0]).astype(np.uint8).repeat(3, axis=0).repeat(3, axis=1)
    explore_page.states["pad"] = State(ink=base64.b64encode(big.tobytes()).decode())
    explore_page.open("pages/latent_map.py")
    ((x, y, label),) = explore_page.sent["plane-digits-variational"]["marks"]
    assert label == "yours"
    own, back, _ = explore_page.rows("own")[0]
    network = pretrained.load_autoencoder("map-digits-variational-1")
    assert np.abs(own - digit).mean() < 0.02
    assert np.allclose([x, y], network.encode(own[None])[0], atol=0.05)
    assert np.abs(back - network.decode(np.array([[x, y]], np.float32))[0]).max() < 0.01
    assert any("Yours lands" in text for text in explore_page.texts)


def test_the_map_and_the_classifier_may_differ_and_both_are_told(explore_page):
    """A test digit that lies among codes of another class than its own, which the classifier is sure of."""
    test, network = datasets.load("digits").test, pretrained.load_autoencoder("map-digits-variational-1")
    shown = latent_map_views.latent_map("digits", "variational")
    labels, confidence = classify(pretrained.load_classifier("digits"), test.images)
    around = [shown.commonest_class(shown.nearest_codes(code)[0]) for code in network.encode(test.images[:300])]
    differing = [
        index
        for index, (name, count) in enumerate(around)
        if confidence[index] > 0.99 and labels[index] == test.labels[index] != int(name) and count > 12
    ]
    image = test.images[differing[0]].repeat(10, axis=0).repeat(10, axis=1)
    explore_page.open("pages/latent_map.py")
    explore_page.set("file_uploader", "own-digit", ("digit.png", encode_png(image), "image/png"))
    (said,) = (text for text in explore_page.texts if "Yours lands" in text)
    found = re.match(r"Yours lands \*\*.+\*\*: of the 15 nearest codes (\d+) are of (\d)\. .* for \*\*(\d)\*\*", said)
    assert found[2] == around[differing[0]][0]
    assert int(found[3]) == test.labels[differing[0]]
    assert "They differ because" in said


def test_an_uploaded_digit_is_decoded_once_however_often_the_pointer_moves(explore_page, monkeypatch):
    opened = []
    real = Photo.open
    monkeypatch.setattr(Photo, "open", lambda *given, **options: opened.append(given) or real(*given, **options))
    digit = encode_png(datasets.load("digits").test.images[0].repeat(3, axis=0).repeat(3, axis=1))
    explore_page.open("pages/latent_map.py")
    explore_page.set("file_uploader", "own-digit", ("digit.png", digit, "image/png"))
    marks = explore_page.sent["plane-digits-variational"]["marks"]
    assert len(marks) == len(opened) == 1
    for at in ([-1.0, 0.5], [0.5, 0.5], [1.0, -0.5]):
        explore_page.states["plane-digits-variational"] = State(at=at)
        explore_page.run()
        assert explore_page.sent["plane-digits-variational"]["marks"] == marks
    assert len(opened) == 1


def test_an_upload_that_is_no_picture_is_a_sentence_at_every_run(explore_page):
    explore_page.open("pages/latent_map.py")
    explore_page.set("file_uploader", "own-digit", ("bad.png", b"no picture", "image/png"))
    for _ in range(2):
        assert len(explore_page.app.error) == 1
        explore_page.run()
    assert not explore_page.sent["plane-digits-variational"]["marks"]


def test_random_samples_of_both(explore_page):
    explore_page.open("pages/latent_map.py", samples="true")
    for kind in ("plain", "variational"):
        assert explore_page.rows(f"samples-{kind}")[0].shape == (20, 28, 28, 1)
    sure = [
        int(re.search(r"(\d+)% sure on average", explore_page.sent[f"samples-{kind}"]["rows"][0]["label"])[1])
        for kind in ("plain", "variational")
    ]
    assert sure[1] > sure[0] + 10
    assert explore_page.seen


def test_codes_and_the_grid_can_be_downloaded(explore_page):
    explore_page.open("pages/latent_map.py", set="Clothes", network="Plain")
    lines = explore_page.download("latent-fashion-plain-codes.csv").decode().splitlines()
    assert lines[0] == "class,code 1,code 2"
    assert len(lines) == 5001
    assert Photo.open(explore_page.download("latent-fashion-plain-grid.png")).pixels.shape == (24 * 28, 24 * 28, 1)
    plot = Photo.open(explore_page.download("latent-fashion-plain.png")).pixels
    assert plot.shape == (1000, 1000, 3)
    assert 0.01 < (plot.min(axis=2) < 0.9).mean() < 0.6
