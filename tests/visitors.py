"""`python tests/visitors.py`: how much longer a second visitor waits beside a picture of 24 megapixels."""

import io
import os
import tempfile
import time

import chromium
import numpy as np
from conftest import REPO, run_streamlit
from PIL import Image
from playwright.sync_api import TimeoutError, sync_playwright

from restoration.benchmark.images import repeated
from restoration.photo.sample_photos import sample

MEGAPIXELS, LOADS = 24, 5
PAGES = ("", "denoise", "blend")
DONE = "document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'"


def large_jpeg():
    """Return a JPEG of 24 megapixels, made of a sample beside itself."""
    pixels = np.rint(sample("Coffee cup").pixels * 255).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(repeated(pixels, MEGAPIXELS)).save(file, "JPEG", quality=90)
    return file.getvalue()


def load(browser, address):
    """Return the seconds until a new visitor's page stands with a picture in it, and until its run has ended."""
    context = browser.new_context(bypass_csp=True, viewport={"width": 1280, "height": 800})
    page, began = context.new_page(), time.perf_counter()
    page.goto(address)
    page.locator(".viewer[data-ready=true], .gallery img").first.wait_for(timeout=60_000)
    there = time.perf_counter() - began
    page.wait_for_function(DONE, timeout=60_000)
    whole = time.perf_counter() - began
    context.close()
    return there, whole


def _stands(button, milliseconds):
    """Tell whether a button stands there within a time; a page that is being drawn anew lacks it for a moment."""
    try:
        button.wait_for(timeout=milliseconds)
    except TimeoutError:
        return False
    return True


def main():
    """Load each page on an idle server and beside the large picture, and print both."""
    with tempfile.TemporaryDirectory() as logs, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(chromium.FLAGS))
        with run_streamlit(REPO / "streamlit_app.py", logs) as server:
            first = browser.new_page(bypass_csp=True)
            first.goto(f"{server.address}/denoise")
            first.wait_for_function(DONE, timeout=120_000)
            for page in PAGES:
                load(browser, f"{server.address}/{page}")
            idle = {page: [load(browser, f"{server.address}/{page}") for _ in range(LOADS)] for page in PAGES}
            file = {"name": "large.jpg", "mimeType": "image/jpeg", "buffer": large_jpeg()}
            busy = {page: [] for page in PAGES}
            for page, times in busy.items():
                first.locator("input[type=file]").set_input_files(file)
                cancel = first.get_by_role("button", name="Cancel")
                while len(times) < LOADS and _stands(cancel, 60_000 if not times else 2_000):
                    times.append(load(browser, f"{server.address}/{page}"))
                if _stands(cancel, 2_000):
                    cancel.click()
                first.reload()
                first.wait_for_function(DONE, timeout=120_000)
        browser.close()
    print(f"{'page':12} {'there, idle':>12} {'beside':>8} {'whole, idle':>12} {'beside':>8}   (medians, seconds)")
    for page in PAGES:
        (there, whole), (there_busy, whole_busy) = np.median(idle[page], axis=0), np.median(busy[page], axis=0)
        print(
            f"{page or 'home':12} {there:12.2f} {there_busy:8.2f} {whole:12.2f} {whole_busy:8.2f}   ({len(busy[page])})"
        )
    print(f"{os.cpu_count()} cores")


if __name__ == "__main__":
    main()
