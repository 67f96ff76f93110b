"""The exploration pages by Streamlit's own test harness: what is shown, and what each control changes."""

import ast
import base64
import io
import re

import numpy as np
import pytest
from page_harness import PageHarness
from PIL import Image
from streamlit.testing.v1 import AppTest

from restoration.explore import datasets, latent_plane, pretrained
from restoration.inference.card import WeightsError
from restoration.photo import Photo
from restoration.tasks.blend import blends
from restoration.ui import lesson
from restoration.ui.components import gallery, pad, plane
from restoration.ui.components.media import encode_png
from restoration.ui.explore import blend_images, latent_map_views

WEIGHTS = np.linspace(0, 1, 7)


class Exploring(PageHarness):
    """An exploration page; what its components were last told, and the states they are to answer with."""

    def __init__(self, repo, monkeypatch):
        super().__init__(repo, monkeypatch)
        self.told, self.states = {}, {}
        for module in (gallery, plane, pad):
            monkeypatch.setattr(module, "_mount", self._heard(module._mount))

    def _heard(self, real):
        def mount(*, key, data, default=None, **callbacks):
            self.told[key] = data
            result = real(key=key, data=data, default=default, **callbacks)
            return self.states.get(key, result)

        return mount

    def rows(self, key):
        """Pictures (n, h, w, c) of each row of a gallery."""
        return [np.stack([decoded(text) for text in row["pictures"]]) for row in self.told[key]["rows"]]

    def captions(self, key):
        return [row["captions"] for row in self.told[key]["rows"]]

    @property
    def seen(self):
        """Whether the page's check is lit."""
        return bool(self.app.success)


def decoded(address):
    return Photo.open(base64.b64decode(address.split(",")[1])).pixels


@pytest.fixture
def desk(repo, monkeypatch):
    return Exploring(repo, monkeypatch)


class State:
    """What a component would say."""

    def __init__(self, **values):
        self.__dict__.update(values)


@pytest.mark.parametrize("page", ["pca_and_codes", "blend", "latent_map"])
def test_a_lesson_can_keep_every_control_of_its_page(repo, page):
    text = (repo / f"pages/{page}.py").read_text(encoding="utf-8")
    offered = ast.literal_eval(re.search(r"^CONTROLS = (\{.*?\})", text, re.M | re.S)[1])
    assert set(re.findall(r'lesson\.control\("([\w-]+)"', text)) <= set(offered)


# ---- blend


def test_blend_opens_with_seven_steps_by_content_above_representation(desk):
    desk.open("pages/blend.py")
    content, representation = desk.rows("steps")
    assert content.shape == representation.shape == (7, 28, 28, 1)
    test = {image.tobytes() for image in np.rint(255 * datasets.load("digits").test.images).astype(np.uint8)}
    ends = np.rint(255 * content[[0, -1]]).astype(np.uint8)
    assert all(end.tobytes() in test for end in ends)
    for space, row in (("content", content), ("representation", representation)):
        again = blends(*content[[0, -1]], WEIGHTS, space=space, data="digits")
        assert np.abs(row - again).max() < 0.02  # both rounded to 8 bits, and so are the ends here
    assert [[len(text) for text in row] for row in desk.captions("steps")] == [[5] * 7] * 2
    assert not desk.seen


def test_the_weight_changes_the_pair_alone_and_lights_the_check(desk):
    desk.open("pages/blend.py")
    before = desk.rows("steps")
    desk.set("slider", "weight", 50)
    after = desk.rows("steps")
    now = np.concatenate(desk.rows("now"))
    assert all(np.array_equal(*pair) for pair in zip(before, after, strict=True))
    assert np.array_equal(now[0], after[0][3])
    assert np.array_equal(now[1], after[1][3])
    near = [float(row[0]) for row in desk.captions("now")]
    assert near[1] < near[0]
    assert desk.seen
    desk.set("slider", "weight", 0)
    assert desk.seen  # what was seen stays seen


@pytest.mark.parametrize("name", ["fashion", "faces", "photos"])
def test_every_set_blends(desk, name):
    desk.open("pages/blend.py", data=blend_images.TITLES[name])
    rows = desk.rows("steps")
    assert rows[0].shape == (7, *datasets.SHAPES[name])
    assert not np.array_equal(*rows)
    assert bool(desk.captions("steps")[0]) == (name != "photos")
    assert any("A code is" in text for text in desk.texts)


def test_four_corners_make_a_square(desk):
    desk.open("pages/blend.py", mode="Four corners")
    sides = 7 * 28 + 6 * 2
    for space in ("content", "representation"):
        assert desk.rows(f"square-{space}")[0].shape == (1, sides, sides, 1)
    assert len(desk.app.selectbox) == 4


def test_the_arc_is_another_way(desk):
    line = desk.open("pages/blend.py").rows("steps")
    arc = desk.set("button_group", "path", "sphere").rows("steps")
    assert np.array_equal(line[0], arc[0])
    assert not np.array_equal(line[1], arc[1])


def test_own_photographs_are_blended_and_a_bad_one_is_a_sentence(desk):
    desk.open("pages/blend.py", data="Photographs")
    files = []
    for name, colour in (("red.png", (255, 0, 0)), ("blue.png", (0, 0, 255))):
        file = io.BytesIO()
        Image.new("RGB", (90, 70), colour).save(file, "PNG")
        files.append((name, file.getvalue(), "image/png"))
    desk.set("file_uploader", "own-photographs", [*files, ("bad.png", b"no picture", "image/png")])
    assert len(desk.app.error) == 1
    assert re.match(r"^bad.png.*: [A-Z].+\.$", desk.app.error[0].value)
    desk.set("selectbox", "first-photos", "my red").set("selectbox", "second-photos", "my blue")
    content = desk.rows("steps")[0]
    assert np.allclose(content[3][10, 10], [0.5, 0, 0.5], atol=0.01)
    desk.open("streamlit_app.py").open("pages/blend.py")
    assert "Still in the lists: my red, my blue" in desk.texts
    assert np.array_equal(desk.rows("steps")[0], content)
    desk.click("Forget them")
    assert not any("my red" in text for text in desk.texts)
    assert "my red" not in desk.app.selectbox(key="first-photos").options


def test_own_photographs_of_one_name_are_two_and_stay_beside_a_later_one(desk):
    """Two names that begin alike are cut to one; and the uploader is empty after a visit to another page."""
    image = encode_png(np.random.default_rng(0).random((70, 80, 3), np.float32))
    names = ["holiday-in-the-mountains-1.png", "holiday-in-the-mountains-2.png", "later.png"]
    files = [(name, image, "image/png") for name in names]
    desk.open("pages/blend.py", data="Photographs")
    desk.set("file_uploader", "own-photographs", files[:2])
    mine = ["my holiday-in-the-mountains", "my holiday-in-the-mountains (2)", "my later"]
    assert desk.app.selectbox(key="first-photos").options[:2] == mine[:2]
    desk.open("streamlit_app.py").open("pages/blend.py")
    desk.set("file_uploader", "own-photographs", files[2:])
    assert desk.app.selectbox(key="first-photos").options[:3] == mine
    desk.set("file_uploader", "own-photographs", [])
    assert desk.app.selectbox(key="first-photos").options[:3] == [*mine[:2], "astronaut"]


def test_downloads_of_a_blend_hold_it(desk):
    desk.open("pages/blend.py")
    assert Photo.open(desk.download("blend-digits.png")).pixels.shape[:2] == (2 * 28 + 2, 7 * 28 + 6 * 2)
    assert Image.open(io.BytesIO(desk.download("blend-digits.gif"))).n_frames == 46
    lines = desk.download("blend-digits-codes.csv").decode().splitlines()
    assert len(lines) == 8
    assert lines[0].startswith("weight,code 1,")


@pytest.mark.parametrize("page", ["blend", "latent_map"])
def test_missing_weights_are_a_sentence(desk, monkeypatch, page):
    def load(name):
        raise WeightsError(f"The weights {name} are missing; install the project again.")

    latent_map_views.latent_map.clear()
    monkeypatch.setattr(pretrained, "load", load)
    desk.open(f"pages/{page}.py")
    assert "install the project again" in desk.app.error[0].value


# ---- lessons


def test_a_lesson_hides_what_it_does_not_name(desk):
    desk.open("pages/blend.py", lesson="weight,pictures", weight="40")
    hidden = {
        found for html in desk.app.get("html") for found in re.findall(r"st-key-control-([\w-]+)", html.proto.body)
    }
    assert hidden == {"set", "mode", "more"}
    assert desk.app.slider(key="weight").value == 40


def test_a_lesson_outlasts_a_visit_to_other_pages(desk):
    desk.open("pages/blend.py", lesson="weight")
    desk.open("pages/latent_map.py")  # with another page's lesson in the address, as Back may bring it
    assert "lesson" not in desk.app.query_params
    desk.open("pages/blend.py")  # without one, as the menu leaves it
    assert desk.app.query_params["lesson"] == "weight"
    assert any("st-key-control-set" in html.proto.body for html in desk.app.get("html"))


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


# ---- latent map


def test_the_map_opens_with_points_and_what_the_middle_decodes_to(desk):
    desk.open("pages/latent_map.py")
    told = desk.told["plane-digits-variational"]
    assert len(base64.b64decode(told["labels"])) == 5000
    assert len(base64.b64decode(told["points"])) == 4 * 5000
    network = pretrained.load("map-digits-variational-1")
    drawn = np.clip(network.decode(np.array([told["at"]], np.float32)), 0, 1)
    assert np.abs(desk.rows("drawn")[0] - drawn).max() < 0.01


def test_points_lie_where_their_codes_are(desk):
    desk.open("pages/latent_map.py")
    told = desk.told["plane-digits-variational"]
    share = np.frombuffer(base64.b64decode(told["points"]), "<u2").reshape(-1, 2) / 65535
    left, right, bottom, top = told["region"]
    codes = pretrained.load("map-digits-variational-1").encode(datasets.load("digits").train.images[:5000])
    inside = (codes > [left, bottom]).all(axis=1) & (codes < [right, top]).all(axis=1)
    found = [left, bottom] + share * [right - left, top - bottom]
    assert np.abs(found - codes)[inside].max() < 1e-3


def test_pointing_elsewhere_draws_something_else(desk):
    desk.open("pages/latent_map.py")
    middle = desk.rows("drawn")[0]
    desk.states["plane-digits-variational"] = State(at=[-1.5, 0.5])
    desk.run()
    assert not np.allclose(middle, desk.rows("drawn")[0], atol=0.1)
    assert desk.app.query_params["at"] == "-1.5,0.5"
    assert any(text.startswith("(-1.50, 0.50)") for text in desk.texts)


def test_the_address_names_a_place(desk):
    desk.open("pages/latent_map.py", at="0.25,-0.5")
    assert desk.told["plane-digits-variational"]["at"] == [0.25, -0.5]


def test_the_gaps_are_shown_and_told(desk):
    codes = pretrained.load("map-digits-plain-1").encode(datasets.load("digits").train.images[:5000])
    region = latent_plane.extent(codes)
    places, far = latent_plane.grid(region, 40), latent_plane.gaps(codes, region, 40).ravel()
    for place, in_gap in ((places[far.argmax()], True), (codes[0], False)):
        desk.states["plane-digits-plain"] = State(at=place.tolist())
        desk.open("pages/latent_map.py", network="Plain", show="Gaps")
        assert any("in a **gap**" in text for text in desk.texts) == in_gap
    found = [re.match(r"\*\*(\d+)%\*\* of this square lies in gaps", text) for text in desk.texts]
    (share,) = filter(None, found)
    assert int(share[1]) == pytest.approx(100 * (far > latent_plane.GAP).mean(), abs=2)
    assert not desk.told["plane-digits-plain"]["shown"]
    assert desk.told["plane-digits-plain"]["background"]


def test_clusters_colour_the_points_and_say_how_pure_they_are(desk):
    desk.open("pages/latent_map.py", show="Clusters", clusters="6")
    told = desk.told["plane-digits-variational"]
    assert len(told["names"]) == 6
    assert set(base64.b64decode(told["labels"])) == set(range(6))
    assert any(re.search(r"6 clusters by k-means, purity 0\.\d\d", text) for text in desk.texts)


def test_my_digit_lands_on_the_plane(desk):
    digit = datasets.load("digits").test.images[0]
    big = np.zeros((pad.SIDE, pad.SIDE), np.uint8)
    big[14:98, 14:98] = np.rint(255 * digit[..., 0]).astype(np.uint8).repeat(3, axis=0).repeat(3, axis=1)
    desk.states["pad"] = State(ink=base64.b64encode(big.tobytes()).decode())
    desk.open("pages/latent_map.py")
    ((x, y, label),) = desk.told["plane-digits-variational"]["marks"]
    assert label == "yours"
    own, back, _ = desk.rows("landed")[0]
    network = pretrained.load("map-digits-variational-1")
    assert np.abs(own - digit).mean() < 0.02
    assert np.allclose([x, y], network.encode(own[None])[0], atol=0.05)
    assert np.abs(back - np.clip(network.decode(np.array([[x, y]], np.float32))[0], 0, 1)).max() < 0.01
    assert any("Yours lands" in text for text in desk.texts)


def test_an_empty_or_a_strange_drawing_is_none():
    assert pad.unpacked("") is None
    assert pad.unpacked("no base64!") is None
    assert pad.unpacked(base64.b64encode(b"abc").decode()) is None
    assert pad.unpacked(base64.b64encode(bytes(pad.SIDE**2)).decode()) is None


def test_random_samples_of_both(desk):
    desk.open("pages/latent_map.py", samples="true")
    for kind in ("plain", "variational"):
        assert desk.rows(f"samples-{kind}")[0].shape == (20, 28, 28, 1)
    sure = [
        int(re.search(r"(\d+)% sure on average", desk.told[f"samples-{kind}"]["rows"][0]["label"])[1])
        for kind in ("plain", "variational")
    ]
    assert sure[1] > sure[0] + 10
    assert desk.seen


def test_codes_and_the_grid_can_be_taken_home(desk):
    desk.open("pages/latent_map.py", set="Clothes", network="Plain")
    lines = desk.download("latent-fashion-plain-codes.csv").decode().splitlines()
    assert lines[0] == "class,code 1,code 2"
    assert len(lines) == 5001
    assert Photo.open(desk.download("latent-fashion-plain-grid.png")).pixels.shape == (24 * 28, 24 * 28, 1)
    plot = Photo.open(desk.download("latent-fashion-plain.png")).pixels
    assert plot.shape == (1000, 1000, 3)
    assert 0.01 < (plot.min(axis=2) < 0.9).mean() < 0.6
