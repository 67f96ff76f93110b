"""The exploration pages in a real browser."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

READY_MS = 300_000  # of a machine that is busy with other things
SETTLED = "document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'"
CACHED_BYTES = 10_000  # a message of so many is what Streamlit would send as a reference the second time


@pytest.fixture
def open_page(app_server, browser):
    """Give ``open_page(path, width, height, frame)`` -> page, opened and settled.

    Afterwards neither the browser's console nor the server's log may hold an error.

    `frame` is called with the bytes of each message that the server sends.
    """
    contexts, errors = [], []

    def open_one(path, width=1280, height=800, frame=None):
        context = browser.new_context(viewport={"width": width, "height": height})
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        if frame:
            page.on("websocket", lambda socket: socket.on("framereceived", frame))
        page.goto(f"{app_server.address}/{path}")
        page.locator(".gallery img").first.wait_for(timeout=READY_MS)
        settle(page)
        return page

    said = len(app_server.log)
    yield open_one
    for context in contexts:
        context.close()
    assert not errors
    assert "Traceback" not in app_server.log[said:]


def settle(page):
    page.wait_for_function(SETTLED, timeout=READY_MS)


def go_to(page, title):
    page.get_by_role("button", name=re.compile("^Explore")).click()
    page.get_by_role("link", name=title, exact=True).click()


def query(page):
    return {key: values[-1] for key, values in parse_qs(urlsplit(page.url).query).items()}


def test_the_weight_of_a_blend_is_answered_and_stands_in_the_address(open_page):
    page = open_page("blend")
    now = page.locator(".gallery").nth(1).locator("img")
    before = [picture.get_attribute("src") for picture in now.all()]
    slider = page.get_by_role("slider", name="Weight of the second")
    for _ in range(25):
        slider.press("ArrowRight")
    expect(page.get_by_text("Seen.")).to_be_visible(timeout=READY_MS)
    expect(page.get_by_text("Representation at 50%")).to_be_visible()
    settle(page)
    assert all(now.nth(index).get_attribute("src") != source for index, source in enumerate(before))
    assert query(page)["weight"] == "50"


def test_what_a_page_was_sent_before_is_sent_whole_again(open_page):
    """Never as a reference, which a page that reruns meanwhile may no longer resolve (`.streamlit/config.toml`)."""
    messages = []
    page = open_page("blend", frame=lambda data: messages.append(ForwardMsg.FromString(data)))
    first = {message.hash for message in messages if message.ByteSize() > CACHED_BYTES}
    messages.clear()
    page.get_by_role("slider", name="Weight of the second").press("ArrowRight")
    expect(page.get_by_text("Representation at 26%")).to_be_visible(timeout=READY_MS)
    settle(page)
    assert first & {message.hash for message in messages}
    assert not any(message.ref_hash for message in messages)


def test_a_lesson_shows_what_it_names_alone(open_page):
    page = open_page("blend?lesson=weight&data=Clothes")
    expect(page.get_by_role("slider", name="Weight of the second")).to_be_visible()
    for hidden in ("Data set", "What to blend", "First", "More"):
        expect(page.get_by_text(hidden, exact=True).first).to_be_hidden()


def test_a_lesson_is_there_again_after_a_visit_to_another_page_and_not_on_that_one(open_page):
    page = open_page("blend?lesson=weight")
    go_to(page, "Latent map")
    expect(page.get_by_text("The plane shows")).to_be_visible(timeout=READY_MS)
    go_to(page, "Blend")
    expect(page.get_by_role("slider", name="Weight of the second")).to_be_visible(timeout=READY_MS)
    settle(page)
    expect(page.get_by_text("What to blend", exact=True)).to_be_hidden()
    assert query(page)["lesson"] == "weight"


def test_a_click_and_a_drag_on_the_plane_are_answered(open_page):
    page = open_page("latent_map?at=0,0")
    stage, drawn = page.locator(".plane .stage"), page.locator(".gallery img").first
    expect(page.locator(".plane")).to_have_attribute("data-drawn", "5000")
    before = drawn.get_attribute("src")
    box = stage.bounding_box()
    page.mouse.click(box["x"] + 0.2 * box["width"], box["y"] + 0.5 * box["height"])
    expect(drawn).not_to_have_attribute("src", before, timeout=READY_MS)
    settle(page)
    clicked = drawn.get_attribute("src")
    page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 0.5 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.8 * box["width"], box["y"] + 0.6 * box["height"], steps=12)
    page.mouse.up()
    expect(drawn).not_to_have_attribute("src", clicked, timeout=READY_MS)
    expect(page.get_by_text(re.compile(r"^\(\d\.\d\d, -?\d\.\d\d\)"))).to_be_visible()
    x = float(query(page)["at"].split(",")[0])
    page.get_by_role("application").press("ArrowRight")
    page.wait_for_function("x => Number(new URL(location).searchParams.get('at').split(',')[0]) > x", arg=x)


def test_a_drawn_digit_lands_on_the_plane(open_page):
    page = open_page("latent_map")
    box = page.locator(".pad canvas").bounding_box()
    page.mouse.move(box["x"] + 85, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 83, box["y"] + 140, steps=20)
    page.mouse.up()
    said = page.get_by_text(re.compile("Yours lands"))
    expect(said).to_be_visible(timeout=READY_MS)
    expect(said).to_contain_text(re.compile(r"takes it for 1,"))
    page.get_by_role("button", name="Clear").click()
    expect(said).to_have_count(0, timeout=READY_MS)


@pytest.mark.parametrize("path", ["blend", "blend?mode=Four+corners", "latent_map"])
def test_on_a_phone_nothing_is_cut_off(open_page, path):
    page = open_page(path, 390, 844)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for control in page.locator("button:visible, label:visible, .gallery img:visible, .plane .stage").all():
        box = control.bounding_box()
        if box and box["width"] > 1:
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 391


def test_results_fit_a_phone(open_page):
    page = open_page("regularize?data-set=Small digits&regularize-points=100&units=16", 390, 844)
    bars = page.locator(".bars li")
    expect(bars).to_have_count(30, timeout=READY_MS)  # six measures of five networks
    boxes = bars.evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect().toJSON())"
    )  # at once: they are redrawn
    assert min(box["left"] for box in boxes) >= 0
    assert max(box["right"] for box in boxes) <= 390


def test_points_are_linked_selected_and_saved(open_page):
    page = open_page("pca_and_codes?data-set=Small digits&points=500")
    planes = page.locator(".two-planes")
    expect(planes).to_have_attribute("data-drawn", "500")
    expect(page.get_by_text(", ready.")).to_be_visible(timeout=READY_MS)
    page.wait_for_function(
        "parseFloat([...document.querySelectorAll('[data-testid=stMetricValue]')][0].textContent) < 2", timeout=READY_MS
    )
    settle(page)
    shown = page.locator(".gallery").first.locator("img").first
    before = shown.get_attribute("src")
    box = planes.locator(".stage").nth(0).bounding_box()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.3 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.6 * box["height"], steps=4)
    page.mouse.up()
    expect(planes).not_to_have_attribute("data-selected", "0")
    expect(page.get_by_text("those you selected")).to_be_visible(timeout=READY_MS)
    expect(shown).not_to_have_attribute("src", before)
    planes.locator(".stage").nth(1).focus()
    page.keyboard.press("ArrowRight")
    expect(planes.locator(".tip")).to_contain_text("error")
    expect(planes.locator(".tip canvas")).to_be_visible()
    with page.expect_download() as plot:
        page.get_by_role("button", name="Save the plot").click()
    assert plot.value.path().read_bytes()[:4] == b"\x89PNG"
    page.get_by_text("Codes as CSV").click()
    with page.expect_download() as table:
        page.get_by_role("button", name="Save the codes").click()
    lines = table.value.path().read_text().splitlines()
    assert len(lines) == 501
    assert lines[0].startswith("point,class,pca 1,pca 2")


def test_five_thousand_points_are_drawn_without_a_stall_on_a_phone_too(open_page):
    page = open_page("pca_and_codes?points=5000", width=390, height=844)
    planes = page.locator(".two-planes")
    expect(planes).to_have_attribute("data-drawn", "5000")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Pause").click()
