"""The Blend page by Streamlit's own test harness: what is shown, and what each control changes."""

import io
import re

import numpy as np
import pytest
from PIL import Image

from restoration.explore import datasets, pretrained
from restoration.explore.classifier import classify
from restoration.photo import Photo
from restoration.tasks import blend as blend_task
from restoration.tasks.blend import blends
from restoration.ui.components.media import encode_png
from restoration.ui.explore import blend_images

WEIGHTS = np.linspace(0, 1, 7)


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
