"""The exploration pages by Streamlit's own test harness: what is shown, and what each control changes."""

import ast
import base64
import io
import re

import numpy as np
import pytest
import streamlit as st
from page_harness import PageHarness
from PIL import Image
from streamlit.testing.v1 import AppTest

from restoration.explore import datasets, latent_plane, pretrained
from restoration.explore.classifier import classify
from restoration.inference.card import WeightsError
from restoration.photo import Photo
from restoration.tasks import blend as blend_task
from restoration.tasks.blend import blends
from restoration.ui import lesson
from restoration.ui.components import gallery, pad, plane
from restoration.ui.components.media import encode_png
from restoration.ui.explore import blend_images, latent_map_views

WEIGHTS = np.linspace(0, 1, 7)


class ExplorePage(PageHarness):
    """An exploration page; what its components were last sent, and the states that they answer with."""

    def __init__(self, repo, monkeypatch):
        super().__init__(repo, monkeypatch)
        self.sent, self.states = {}, {}
        for module in (gallery, plane, pad):
            monkeypatch.setattr(module, "_mount", self._recorded(module._mount))

    def _recorded(self, real):
        def mount(*, key, data, default=None, **callbacks):
            self.sent[key] = data
            result = real(key=key, data=data, default=default, **callbacks)
            return self.states.get(key, result)

        return mount

    def rows(self, key):
        """Pictures (n, h, w, c) of each row of a gallery."""
        return [np.stack([decoded(text) for text in row["images"]]) for row in self.sent[key]["rows"]]

    def captions(self, key):
        return [row["captions"] for row in self.sent[key]["rows"]]

    @property
    def seen(self):
        """Whether the page's check is lit."""
        return bool(self.app.success)


def decoded(address):
    return Photo.open(base64.b64decode(address.split(",")[1])).pixels


@pytest.fixture
def explore_page(repo, monkeypatch):
    return ExplorePage(repo, monkeypatch)


class State:
    """The state of a component."""

    def __init__(self, **values):
        self.__dict__.update(values)


@pytest.mark.parametrize("page", ["pca_and_codes", "blend", "latent_map"])
def test_a_lesson_can_keep_every_control_of_its_page(repo, page):
    text = (repo / f"pages/{page}.py").read_text(encoding="utf-8")
    offered = ast.literal_eval(re.search(r"^CONTROLS = (\{.*?\})", text, re.M | re.S)[1])
    assert set(re.findall(r'lesson\.control\("([\w-]+)"', text)) <= set(offered)


def test_blend_opens_with_seven_steps_by_content_above_representation(explore_page):
    explore_page.open("pages/blend.py")
    content, representation = explore_page.rows("steps")
    assert content.shape == representation.shape == (7, 28, 28, 1)
    test = {image.tobytes() for image in np.rint(255 * datasets.load("digits").test.images).astype(np.uint8)}
    ends = np.rint(255 * content[[0, -1]]).astype(np.uint8)
    assert all(end.tobytes() in test for end in ends)
    for space, row in (("content", content), ("representation", representation)):
        again = blends(*content[[0, -1]], WEIGHTS, space=space, data="digits")
        assert np.abs(row - again).max() < 0.02  # both rounded to 8 bits, and so are the ends here
    assert [[len(text) for text in row] for row in explore_page.captions("steps")] == [[5] * 7] * 2
    assert not explore_page.seen


def test_the_weight_changes_the_pair_alone_and_lights_the_check(explore_page):
    explore_page.open("pages/blend.py")
    before = explore_page.rows("steps")
    explore_page.set("slider", "weight", 50)
    after = explore_page.rows("steps")
    now = np.concatenate(explore_page.rows("now"))
    assert all(np.array_equal(*pair) for pair in zip(before, after, strict=True))
    assert np.array_equal(now[0], after[0][3])
    assert np.array_equal(now[1], after[1][3])
    near = [float(row[0]) for row in explore_page.captions("now")]
    assert near[1] < near[0]
    assert explore_page.seen
    explore_page.set("slider", "weight", 0)
    assert explore_page.seen  # what was seen stays seen


@pytest.mark.parametrize("name", ["fashion", "faces", "photos"])
def test_every_set_blends(explore_page, name):
    explore_page.open("pages/blend.py", data=blend_images.TITLES[name])
    rows = explore_page.rows("steps")
    assert rows[0].shape == (7, *datasets.SHAPES[name])
    assert not np.array_equal(*rows)
    assert bool(explore_page.captions("steps")[0]) == (name != "photos")
    assert any("A code is" in text for text in explore_page.texts)


@pytest.mark.parametrize("name", ["digits", "fashion"])
def test_every_class_is_shown_by_an_image_that_the_network_holds(name):
    for label in range(10):
        images = np.stack([blend_images._of_class(name, label, seed, 0) for seed in range(2)])
        reconstructed = blend_task.decode(blend_task.encode(images, name), name)
        assert classify(pretrained.load_classifier(name), reconstructed)[0].tolist() == [label, label]


def test_a_later_photograph_takes_a_place_that_is_not_mine(explore_page):
    image = encode_png(np.random.default_rng(0).random((70, 80, 3), np.float32))
    files = [(f"{name}.png", image, "image/png") for name in ("a", "b")]
    explore_page.open("pages/blend.py", data="Photographs")
    explore_page.set("file_uploader", "own-photographs", files[:1])
    assert explore_page.app.selectbox(key="first-photos").value == "my a"
    assert explore_page.app.selectbox(key="second-photos").value == "flower"
    explore_page.set("selectbox", "first-photos", "temple").set("selectbox", "second-photos", "my a")
    address = {"first-photos": "temple", "second-photos": "my a"}  # a browser writes there what is chosen
    explore_page.open("streamlit_app.py", **address).open("pages/blend.py")  # the uploader is empty then
    explore_page.set("file_uploader", "own-photographs", files[1:])
    assert explore_page.app.selectbox(key="first-photos").value == "my b"
    assert explore_page.app.selectbox(key="second-photos").value == "my a"


def test_four_corners_make_a_square(explore_page):
    explore_page.open("pages/blend.py", mode="Four corners")
    sides = 7 * 28 + 6 * 2
    for space in ("content", "representation"):
        assert explore_page.rows(f"square-{space}")[0].shape == (1, sides, sides, 1)
    assert len(explore_page.app.selectbox) == 4


def test_the_arc_is_another_way(explore_page):
    line = explore_page.open("pages/blend.py").rows("steps")
    arc = explore_page.set("button_group", "path", "sphere").rows("steps")
    assert np.array_equal(line[0], arc[0])
    assert not np.array_equal(line[1], arc[1])


def test_own_photographs_are_blended_and_a_bad_one_is_a_sentence(explore_page):
    explore_page.open("pages/blend.py", data="Photographs")
    files = []
    for name, colour in (("red.png", (255, 0, 0)), ("blue.png", (0, 0, 255))):
        file = io.BytesIO()
        Image.new("RGB", (90, 70), colour).save(file, "PNG")
        files.append((name, file.getvalue(), "image/png"))
    explore_page.set("file_uploader", "own-photographs", [*files, ("bad.png", b"no picture", "image/png")])
    assert len(explore_page.app.error) == 1
    assert re.match(r"^bad.png.*: [A-Z].+\.$", explore_page.app.error[0].value)
    chosen = [explore_page.app.selectbox(key=f"{place}-photos").value for place in ("first", "second")]
    assert chosen == ["my red", "my blue"]  # as soon as they are given
    content = explore_page.rows("steps")[0]
    assert np.allclose(content[3][10, 10], [0.5, 0, 0.5], atol=0.01)
    explore_page.open("streamlit_app.py").open("pages/blend.py")
    assert "Still in the lists: my red, my blue" in explore_page.texts
    assert np.array_equal(explore_page.rows("steps")[0], content)
    explore_page.click("Forget them")
    assert not any("my red" in text for text in explore_page.texts)
    assert "my red" not in explore_page.app.selectbox(key="first-photos").options


def test_own_photographs_with_transparency_are_laid_on_paper(explore_page):
    shape = np.zeros((70, 70, 4), np.uint8)  # a black square on transparency
    shape[20:50, 20:50, 3] = 255
    file = io.BytesIO()
    Image.fromarray(shape).save(file, "PNG")
    explore_page.open("pages/blend.py", data="Photographs")
    explore_page.set("file_uploader", "own-photographs", [("shape.png", file.getvalue(), "image/png")])
    drawn = explore_page.rows("steps")[0][0]
    assert np.all(drawn[:10] == 1)
    assert np.all(drawn[28:36, 28:36] == 0)


def test_own_photographs_of_one_name_are_two_and_stay_beside_a_later_one(explore_page):
    """Two names that begin alike are cut to one; and the uploader is empty after a visit to another page."""
    image = encode_png(np.random.default_rng(0).random((70, 80, 3), np.float32))
    names = ["holiday-in-the-mountains-1.png", "holiday-in-the-mountains-2.png", "later.png"]
    files = [(name, image, "image/png") for name in names]
    explore_page.open("pages/blend.py", data="Photographs")
    explore_page.set("file_uploader", "own-photographs", files[:2])
    mine = ["my holiday-in-the-mountains", "my holiday-in-the-mountains (2)", "my later"]
    assert explore_page.app.selectbox(key="first-photos").options[:2] == mine[:2]
    explore_page.open("streamlit_app.py").open("pages/blend.py")
    explore_page.set("file_uploader", "own-photographs", files[2:])
    assert explore_page.app.selectbox(key="first-photos").options[:3] == mine
    explore_page.set("file_uploader", "own-photographs", [])
    assert explore_page.app.selectbox(key="first-photos").options[:3] == [*mine[:2], "astronaut"]


def test_downloads_of_a_blend_hold_it(explore_page):
    explore_page.open("pages/blend.py")
    assert Photo.open(explore_page.download("blend-digits.png")).pixels.shape[:2] == (2 * 28 + 2, 7 * 28 + 6 * 2)
    assert Image.open(io.BytesIO(explore_page.download("blend-digits.gif"))).n_frames == 46
    lines = explore_page.download("blend-digits-codes.csv").decode().splitlines()
    assert len(lines) == 8
    assert lines[0].startswith("weight,code 1,")


@pytest.mark.parametrize("page", ["blend", "latent_map"])
def test_missing_weights_are_a_sentence(explore_page, monkeypatch, page):
    def load(name):
        raise WeightsError(f"The weights {name} are missing; install the project again.")

    st.cache_resource.clear()
    monkeypatch.setattr(pretrained, "load_autoencoder", load)
    explore_page.open(f"pages/{page}.py")
    assert "install the project again" in explore_page.app.error[0].value


def test_a_lesson_hides_what_it_does_not_name(explore_page):
    explore_page.open("pages/blend.py", lesson="weight,pictures", weight="40")
    hidden = {
        found
        for html in explore_page.app.get("html")
        for found in re.findall(r"st-key-control-([\w-]+)", html.proto.body)
    }
    assert hidden == {"set", "mode", "more"}
    assert explore_page.app.slider(key="weight").value == 40


def test_a_lesson_outlasts_a_visit_to_other_pages(explore_page):
    explore_page.open("pages/blend.py", lesson="weight")
    explore_page.open("pages/latent_map.py")  # with another page's lesson in the address, as Back may bring it
    assert "lesson" not in explore_page.app.query_params
    explore_page.open("pages/blend.py")  # without one, as the menu leaves it
    assert explore_page.app.query_params["lesson"] == "weight"
    assert any("st-key-control-set" in html.proto.body for html in explore_page.app.get("html"))


def test_a_task_stays_lit():
    def script():
        import streamlit as st

        from restoration.ui import lesson

        task = lesson.Exercise("t", "Try this.")
        task.check(st.checkbox("happened", key="happened"))

    app = AppTest.from_function(script).run()
    assert not app.success
    app.checkbox(key="happened").check().run()
    assert app.success
    app.checkbox(key="happened").uncheck().run()
    assert app.success


def test_a_task_of_two_parts_lights_once_both_have_happened():
    def script():
        import streamlit as st

        from restoration.ui import lesson

        lesson.Exercise("t", "Try both.").check(st.checkbox("one", key="one"), st.checkbox("two", key="two"))

    app = AppTest.from_function(script).run()
    app.checkbox(key="one").check().run()
    app.checkbox(key="one").uncheck().run()
    assert not app.success
    app.checkbox(key="two").check().run()
    assert app.success


def test_the_address_of_a_lesson_names_its_controls():
    made = lesson.lesson_address("http://here/blend?x=1", {"data": "faces"}, ["weight", "set"])
    assert made == "http://here/blend?data=faces&lesson=weight,set"


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
