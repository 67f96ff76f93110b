"""Every page by axe, light and dark, and how far the first actions are from a keyboard."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from restoration.ui.frame import EXPLORE, TASKS

SETTLED_MS = 180_000
SETTLED = """() => document.querySelector("[data-testid=stApp]").dataset.testScriptState === "notRunning"
    && !document.querySelector("[data-stale=true]")"""
IMPACTS = ("serious", "critical")
OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}
RESTORATION_PAGES = [Path(file).stem for file, *_ in TASKS]
PAGES = ["", *RESTORATION_PAGES, *(Path(file).stem for file, *_ in EXPLORE)]
ACTIONS = ("Open a photo", "Download")
MANY = "many_photographs"  # opens several, and has nothing to be downloaded at first
FOCUSED = """() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return `${element?.ariaLabel} ${element?.innerText}`;
}"""
# Dispatches the event with a picture, as the browser does.
HAND_OVER = """async (element, [event, data]) => {
    const canvas = new OffscreenCanvas(40, 30), drawing = canvas.getContext("2d");
    drawing.fillRect(5, 5, 20, 20);
    const given = new DataTransfer();
    given.items.add(new File([await canvas.convertToBlob()], `by ${event}.png`, { type: "image/png" }));
    const Kind = event === "drop" ? DragEvent : ClipboardEvent;
    element.dispatchEvent(new Kind(event, { [data]: given, bubbles: true, composed: true, cancelable: true }));
}"""


@pytest.fixture(scope="module")
def settled(app_server, browser):
    """Give ``settled(path)`` -> page with nothing left to be computed; a restoration page is opened once."""
    context, pages = browser.new_context(viewport={"width": 1280, "height": 800}), {}

    def open_one(path):
        for other in pages.keys() - {path, *RESTORATION_PAGES}:
            pages.pop(other).close()  # a training that it has begun would go on for as long as it is open
        if path not in pages:
            pages[path] = page = context.new_page()
            page.goto(f"{app_server.address}/{path}")
            page.locator(".viewer[data-ready=true], .gallery img, .plane, .opener.large").first.wait_for(
                timeout=SETTLED_MS
            )
            page.wait_for_function(SETTLED, timeout=SETTLED_MS)
        return pages[path]

    yield open_one
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_serious(settled, path):
    page, faults = settled(path), []
    page.set_viewport_size({"width": 1280, "height": 800})
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(300)  # colours fade
        found = Axe().run(page, options=OPTIONS).response
        faults += [
            (scheme, fault["id"], node["html"][:200], node["failureSummary"][:300])
            for fault in found["violations"]
            if fault["impact"] in IMPACTS
            for node in fault["nodes"]
        ]
    assert not faults, "\n\n".join("\n".join(fault) for fault in faults)


@pytest.mark.parametrize("path", RESTORATION_PAGES)
def test_open_and_download_are_in_sight_and_among_the_first_tab_stops(settled, path):
    page = settled(path)
    actions = ("Open photos", "Download") if path == MANY else ACTIONS
    for width, height in ((390, 844), (1280, 800)):
        page.set_viewport_size({"width": width, "height": height})
        for name in actions:
            expect(page.get_by_role("button", name=name).first).to_be_in_viewport(ratio=1)
    page.evaluate("document.activeElement.blur()")
    stops = []
    for _ in range(5):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(FOCUSED))
    usable = [name for name in actions if page.get_by_role("button", name=name).first.is_enabled()]
    assert usable == [*actions[: 1 if path == MANY else 2]]
    assert all(any(name in stop for stop in stops) for name in usable), stops


def test_a_photo_dropped_on_the_viewer_is_opened_and_so_is_a_pasted_one(settled):
    page = settled("denoise")
    for event, data in (("drop", "dataTransfer"), ("paste", "clipboardData")):
        page.locator(".viewer").first.evaluate(HAND_OVER, [event, data])
        page.get_by_text(f"Your picture: by-{event}").wait_for(timeout=SETTLED_MS)
