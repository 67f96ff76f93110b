"""The before/after viewer, looked at in a real browser: what reaches the screen is what the arrays hold."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import expect
from streamlit.testing.v1 import AppTest

from restoration.ui.components.media import encode_png, media_url
from restoration.ui.components.viewer import viewer

ROOT = Path(__file__).parents[3]
HEIGHT, WIDTH = 700, 1000
TIMES = "\N{MULTIPLICATION SIGN}"
PAGE = f"""
import numpy as np
import streamlit as st
from restoration.ui.components.media import media_url, encode_png
from restoration.ui.components.viewer import viewer

st.set_page_config(layout="wide")
def picture(seed, height={HEIGHT}, width={WIDTH}):
    return (np.random.default_rng(seed).integers(0, 256, (height, width, 3)) / 255).astype(np.float32)

if st.button("fresh"):  # an untouched viewer without loading the page anew
    st.session_state.n = st.session_state.get("n", 0) + 1
n = st.session_state.get("n", 0)
before, after = picture(0), picture(2 if st.checkbox("new result", key=f"new{{n}}") else 1)
strength = 0.5 if st.checkbox("half", key=f"half{{n}}") else 1.0
st.button("again")
case = st.query_params.get("case")
if case == "sizes":
    viewer(encode_png(before), encode_png(picture(1, 30, 20)), key="v")
elif case == "missing":
    viewer(media_url(encode_png(before), key="b"), "/media/missing.png", key="v")
else:
    b, a = media_url(encode_png(before), key="b"), media_url(encode_png(after), key="a")
    labels = ("<b>noisy</b>", "restored")
    viewer(b, a, key=f"v{{n}}", strength=strength, labels=labels, removed=n % 2 == 0, gain=2, alt=f"Noise {{n}}")
"""


def picture(seed):
    """Give the 8-bit pixels of the page's picture."""
    return np.random.default_rng(seed).integers(0, 256, (HEIGHT, WIDTH, 3)).astype(int)


BEFORE, AFTER, NEW = picture(0), picture(1), picture(2)


@pytest.fixture(scope="module")
def address(serve, tmp_path_factory):
    folder = tmp_path_factory.mktemp("viewer")
    (folder / "page.py").write_text(PAGE, encoding="utf-8")
    with serve(folder / "page.py", folder) as server:
        yield server.address


class Screen:
    """A page with the viewer on it, and the few things a visitor does."""

    def __init__(self, page):
        self.page = page
        self.root = page.locator(".viewer")
        self.pictures = []  # loaded since
        page.on("request", lambda request: "/media/" in request.url and self.pictures.append(request.url))

    def __getattr__(self, name):
        """Read a data attribute of the viewer: mode, zoom, split, center, ..."""
        return self.root.get_attribute(f"data-{name}")

    def wait(self, **attributes):
        for name, value in attributes.items():
            expect(self.root).to_have_attribute(f"data-{name}", value)

    def box(self):
        return {k: round(v) for k, v in self.page.locator(".viewer canvas").bounding_box().items()}

    def pixels(self):
        """Photograph the stage."""
        box = self.box()
        png = np.frombuffer(self.page.screenshot(), np.uint8)
        screen = cv2.cvtColor(cv2.imdecode(png, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB).astype(int)
        return screen[box["y"] : box["y"] + box["height"], box["x"] : box["x"] + box["width"]]

    def button(self, name):
        self.page.locator(f".viewer button[value={name}]").click()

    def press(self, key):
        self.root.press(key)
        self.settle()

    def check(self, label):
        self.page.get_by_text(label, exact=True).click()

    def drag(self, start, end):
        box = self.box()
        self.page.mouse.move(box["x"] + start[0], box["y"] + start[1])
        self.page.mouse.down()
        self.page.mouse.move(box["x"] + end[0], box["y"] + end[1], steps=4)
        self.page.mouse.up()
        self.settle()

    def settle(self):
        """Let a frame be drawn, and a second one be shown."""
        self.page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


@pytest.fixture(scope="module")
def open_page(address, browser):
    contexts = []

    def open_page(query="", **options):
        contexts.append(browser.new_context(**{"viewport": {"width": 1100, "height": 900}} | options))
        screen = Screen(contexts[-1].new_page())
        screen.page.goto(f"{address}/{query}")
        screen.root.wait_for(timeout=20_000)
        return screen

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def first_screen(open_page):
    screen = open_page()
    screen.wait(ready="true")
    return screen


@pytest.fixture
def screen(first_screen):
    """Give an untouched viewer on the page that all tests share."""
    number = int(first_screen.root.get_attribute("aria-label").split()[1])
    first_screen.check("fresh")
    first_screen.page.get_by_label(f"Noise {number + 1}", exact=True).wait_for()
    expect(first_screen.root).to_have_count(1)  # Streamlit takes the old one away at the end of the run
    first_screen.wait(ready="true", fit="true", mode="slider", strength="1")
    first_screen.pictures.clear()
    return first_screen


def crop(image, height, width):
    """Cut the middle out of an image as the viewer does at 100 %."""
    top, left = (image.shape[0] - height + 1) // 2, (image.shape[1] - width + 1) // 2
    return image[top : top + height, left : left + width]


def middle(image):
    """Leave out the labels above and the rounded corners."""
    return image[60:-60]


def difference(shown, expected):
    return np.abs(shown - expected).max()


def place_of(shown, image, center):
    """Find what is shown at 100 % near the given center of an image, pixel for pixel."""
    height, width = shown.shape[:2]
    cx, cy = (float(value) for value in center.split())
    left, top = round(cx * image.shape[1] - width / 2), round(cy * image.shape[0] - height / 2)
    for y, x in ((y, x) for y in range(top - 1, top + 2) for x in range(left - 1, left + 2)):
        part = image[y : y + height, x : x + width]
        if part.shape == shown.shape and difference(middle(shown), middle(part)) <= 1:
            return y, x
    return pytest.fail(f"The picture is not shown pixel for pixel around {top, left}.")


def test_true_pixels_at_100_percent_before_left_and_after_right(screen):
    screen.press("1")
    screen.wait(zoom="1.0000", fit="false", split="0.5000")
    shown = screen.pixels()
    height, width = shown.shape[:2]
    before, after = crop(BEFORE, height, width), crop(AFTER, height, width)
    left, right = slice(0, width // 2 - 23), slice(width // 2 + 23, width)  # beside the handle
    assert difference(middle(shown)[:, left], middle(before)[:, left]) <= 1
    assert difference(middle(shown)[:, right], middle(after)[:, right]) <= 1


def test_above_100_percent_each_pixel_is_a_square(screen):
    screen.button("blink")
    for key in ("1", "+", "+", "+"):
        screen.press(key)
    screen.wait(zoom="4.0000", shows="after")
    shown = middle(screen.pixels())
    for axis in (0, 1):
        edges = np.flatnonzero(np.abs(np.diff(shown, axis=axis)).sum(axis=(1 - axis, 2)))
        assert set(np.diff(edges)) == {4}


def test_half_strength_is_the_mean_and_loads_nothing(screen):
    screen.press("1")
    screen.check("half")
    screen.wait(strength="0.5", ready="true")
    shown = screen.pixels()
    height, width = shown.shape[:2]
    mean = crop(BEFORE + AFTER, height, width) / 2
    right = slice(width // 2 + 23, width)
    # the browser mixes in eight bits: half is 128 / 255, and each product is rounded
    assert difference(middle(shown)[:, right], middle(mean)[:, right]) <= 2
    assert screen.pictures == []


def test_the_handle_moves_the_split_and_a_drag_at_fit_too(screen):
    box = screen.box()
    wide = WIDTH * float(screen.zoom)
    left = (box["width"] - wide) / 2
    screen.drag((box["width"] / 2, 100), (left + wide / 4, 100))
    assert float(screen.split) == pytest.approx(0.25, abs=0.01)
    screen.drag((left + wide * 0.6, 300), (left + wide * 0.75, 300))
    assert float(screen.split) == pytest.approx(0.75, abs=0.01)
    assert screen.page.get_by_role("slider", name="Split between").get_attribute("aria-valuenow") == "75"
    screen.press("1")
    screen.drag((200, 300), (150, 280))  # zoomed in: it pans
    assert float(screen.split) == pytest.approx(0.75, abs=0.01)
    assert screen.center != "0.5000 0.5000"


def test_both_panes_show_the_same_place(screen):
    screen.button("side")
    screen.press("1")
    screen.drag((200, 300), (120, 330))
    shown = screen.pixels()
    half = (shown.shape[1] - 4) // 2
    place = place_of(shown[:, :half], BEFORE, screen.center)
    assert place == place_of(shown[:, -half:], AFTER, screen.center)
    assert screen.center != "0.5000 0.5000"


@pytest.mark.parametrize(("word", "sign"), [("Removed", 1), ("Difference", -1)])
def test_the_difference_is_amplified_around_gray_and_named_by_its_sign(screen, word, sign):
    if screen.page.locator(".viewer button[value=difference]").text_content() != word:  # it alternates
        screen.check("fresh")
    expect(screen.page.locator(".viewer button[value=difference]")).to_have_text(word)
    screen.wait(ready="true", mode="slider")
    screen.button("difference")
    screen.press("1")
    screen.wait(gain="2", mode="difference")
    shown = screen.pixels()
    height, width = shown.shape[:2]
    expected = np.clip(127.5 + sign * 2 * (crop(BEFORE, height, width) - crop(AFTER, height, width)), 0, 255)
    assert difference(middle(shown), middle(expected)) <= 1
    assert screen.page.locator(".viewer .chip").first.text_content() == f"{word.lower()} {TIMES}2"
    screen.page.locator(".viewer").locator("button[value='20']").click()
    screen.wait(gain="20")


def test_zoom_place_and_mode_survive_a_rerun_and_a_new_result(screen):
    screen.button("side")
    screen.press("1")
    screen.press("+")
    screen.drag((200, 300), (150, 280))
    state = (screen.mode, screen.zoom, screen.center)
    screen.check("again")
    with screen.page.expect_request(lambda request: "/media/" in request.url):
        screen.check("new result")
    screen.wait(ready="true")
    assert len(screen.pictures) == 1  # the new result alone
    assert (screen.mode, screen.zoom, screen.center) == state
    screen.press("1")
    shown = screen.pixels()
    place_of(shown[:, -((shown.shape[1] - 4) // 2) :], NEW, screen.center)


def test_a_picture_that_is_missing_for_a_moment_is_asked_for_again(screen):
    screen.page.route("**/media/*", lambda route: route.fulfill(status=404), times=1)
    screen.page.route("**/media/*", lambda route: route.abort(), times=1)
    with screen.page.expect_response(lambda response: "/media/" in response.url and response.ok):
        screen.check("new result")
    screen.wait(ready="true")
    assert len(screen.pictures) == 3
    assert screen.page.locator(".viewer .message").text_content() == ""


def test_keyboard(screen):
    screen.root.focus()
    screen.press("ArrowRight")
    screen.wait(split="0.5200")
    fit = screen.zoom
    screen.press("1")
    screen.wait(zoom="1.0000")
    screen.press("ArrowRight")
    assert screen.split == "0.5200"
    assert float(screen.center.split()[0]) > 0.5
    screen.press("+")
    screen.wait(zoom="2.0000")
    screen.press("-")
    screen.wait(zoom="1.0000")
    screen.press("0")
    screen.wait(zoom=fit, fit="true", center="0.5000 0.5000")
    screen.page.keyboard.down("b")
    screen.wait(shows="before")
    screen.page.keyboard.up("b")
    screen.wait(shows="after")
    screen.page.get_by_role("slider", name="Split between").press("End")
    screen.wait(split="1.0000")
    assert screen.root.get_attribute("aria-label").startswith("Noise")


def test_wheel_zooms_at_the_pointer_and_never_traps_the_page(screen):
    box = screen.box()
    screen.page.mouse.move(box["x"] + 300, box["y"] + 200)
    screen.page.mouse.wheel(0, 200)
    screen.settle()
    assert screen.fit == "true"
    screen.page.wait_for_timeout(350)  # a page that scrolls keeps the wheel for 0.3 s
    before = float(screen.zoom)
    screen.page.mouse.wheel(0, -200)
    expect(screen.root).to_have_attribute("data-fit", "false")
    assert float(screen.zoom) == pytest.approx(before * np.exp(0.5), rel=0.01)
    assert float(screen.center.split()[0]) < 0.5
    screen.page.mouse.dblclick(box["x"] + 300, box["y"] + 200)
    screen.wait(fit="true")


def test_blink_alternates_and_holding_shows_before(screen):
    screen.button("blink")
    screen.wait(shows="before")
    screen.wait(shows="after")
    box = screen.box()
    screen.page.mouse.move(box["x"] + 300, box["y"] + 200)
    screen.page.mouse.down()
    screen.wait(shows="before")
    screen.page.wait_for_timeout(1000)
    assert screen.shows == "before"
    screen.page.mouse.up()
    screen.wait(shows="after")


def test_labels_are_text_and_buttons_tell_their_state(screen):
    assert screen.page.locator(".viewer .chip").first.text_content() == "<b>noisy</b>"
    assert screen.page.locator(".viewer b").count() == 0
    pressed = screen.page.locator(".viewer").get_by_role("button", pressed=True)
    assert pressed.all_text_contents() == ["Slider", "Fit"]


@pytest.mark.parametrize(
    ("case", "sentence"),
    [
        ("sizes", f"The two pictures differ in size: 1000 {TIMES} 700 and 20 {TIMES} 30 pixels."),
        ("missing", "The picture could not be loaded. Reload the page."),
    ],
)
def test_a_failure_is_one_sentence(open_page, case, sentence):
    screen = open_page(f"?case={case}")
    screen.wait(ready="failed")
    assert screen.page.locator(".viewer .message").text_content() == sentence


def test_nothing_is_cut_off_at_390_pixels(open_page):
    size = {"width": 390, "height": 844}
    screen = open_page(viewport=size, device_scale_factor=2, has_touch=True, is_mobile=True)
    screen.wait(ready="true")
    assert screen.page.evaluate("document.documentElement.scrollWidth") <= 390
    for mode in ("side", "difference", "slider"):
        screen.button(mode)
        screen.wait(mode=mode)
        for button in screen.page.locator(".viewer button:visible").all():
            box = button.bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 390
            assert box["height"] >= 40
    assert screen.page.locator(".viewer .handle").bounding_box()["width"] == 44


@pytest.mark.parametrize("channels", [1, 3])
def test_encode_png_rounds_and_keeps_every_value(channels):
    image = np.linspace(0, 1, 30 * 20 * channels, dtype=np.float32).reshape(30, 20, channels)
    decoded = cv2.imdecode(np.frombuffer(encode_png(image), np.uint8), cv2.IMREAD_UNCHANGED)
    decoded = decoded[:, :, None] if channels == 1 else decoded[:, :, ::-1]
    np.testing.assert_array_equal(decoded, np.rint(image * 255))


@pytest.mark.parametrize("shape", [(4, 4), (4, 4, 4), (0, 4, 3)])
def test_encode_png_names_a_wrong_shape(shape):
    with pytest.raises(ValueError, match=r"The image has shape .* pass \(height, width, 1 or 3\)"):
        encode_png(np.zeros(shape, np.float32))


def test_without_streamlit_the_address_is_the_picture_itself():
    image = np.zeros((2, 2, 1), np.float32)
    assert media_url(encode_png(image), key="k").startswith("data:image/png;base64,iVBOR")


def test_a_wrong_strength_is_refused():
    with pytest.raises(ValueError, match=r"The strength is 1\.5"):
        viewer(b"", b"", key="v", strength=1.5)


def test_it_runs_in_apptest_run_after_run():
    app = AppTest.from_string(PAGE, default_timeout=60).run()
    assert not app.exception
    assert not app.run().exception
