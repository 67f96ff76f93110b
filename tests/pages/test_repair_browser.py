"""The brush of the repair page under fingers, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from restoration.tasks.repair_presets import offered_presets
from restoration.ui.restore import repair_views

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
WAIT_MS = 60_000


@pytest.fixture
def repair_page(app_server, browser):
    """Give the page of a phone, what is filled shown, and nothing marked yet."""
    if "best" not in offered_presets() or not repair_views.can_find():
        pytest.skip("The networks of repair are not published.")
    context = browser.new_context(**PHONE)
    page = context.new_page()
    page.goto(f"{app_server.address}/repair?sample=Cat&fill=Only+what+I+paint&repair-view=What+is+filled")
    expect(page.locator(".mask-brush")).to_have_attribute("data-ready", "true", timeout=WAIT_MS)
    expect(page.get_by_text("Nothing is marked yet")).to_be_visible(timeout=WAIT_MS)
    yield page
    context.close()


def touch(page, *ways):
    """Move fingers, each from a point to another, all at once."""
    session = page.context.new_cdp_session(page)
    for step in range(11):
        points = [
            {"x": x + (to_x - x) * step / 10, "y": y + (to_y - y) * step / 10, "id": finger}
            for finger, ((x, y), (to_x, to_y)) in enumerate(ways)
        ]
        for number in range(1, len(points) + 1) if step == 0 else [len(points)]:
            kind = "touchMove" if step else "touchStart"
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points[:number]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_one_finger_paints_and_two_move_the_picture(repair_page):
    stage, share = repair_page.locator(".mask-brush .stage"), repair_page.get_by_text("of the picture is filled in")
    box = stage.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch(repair_page, ((x - 60, y), (x + 60, y + 20)))
    expect(share).to_have_text(re.compile(r"^[1-9]\.\d % "), timeout=WAIT_MS)
    for _ in range(2):  # clicked: Chromium drops a tap that comes within moments of fingers that were sent like this
        repair_page.get_by_role("button", name="Zoom in").click()
    place = "stage => [stage.scrollLeft, stage.scrollTop]"
    before = stage.evaluate(place)
    assert before[0] == pytest.approx(box["width"] / 2, abs=2)  # the middle stays in the middle
    touch(repair_page, ((x - 30, y), (x - 80, y - 30)), ((x + 30, y), (x - 20, y - 30)))
    assert stage.evaluate(place) == pytest.approx([before[0] + 50, before[1] + 30], abs=3)
    repair_page.get_by_role("button", name="Undo").click()  # the one stroke there is
    expect(repair_page.get_by_text("Nothing is marked yet")).to_be_visible(timeout=WAIT_MS)
