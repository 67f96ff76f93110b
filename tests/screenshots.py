"""`python tests/screenshots.py [NAME ...]`: pictures for docs/, of the real app in a real browser."""

import json
import os
import sys
import tempfile
from pathlib import Path

import chromium
from conftest import REPO, run_streamlit
from playwright.sync_api import sync_playwright

from restoration.benchmark.cost_chart import cost_figure

# File in docs/ -> page, width and height in pixels, colour scheme.
PICTURES = {
    "home-1280-light.jpg": ("", 1280, 800, "light"),
    "denoise-1280-light.jpg": ("denoise?sample=Motorcycle&level-gaussian=35", 1280, 800, "light"),
    "denoise-1280-dark.jpg": ("denoise?sample=Motorcycle&level-gaussian=35", 1280, 800, "dark"),
    "denoise-390-dark.jpg": ("denoise", 390, 844, "dark"),
    "colorize-1280-light.jpg": ("colorize?sample=Temple", 1280, 800, "light"),
    "upscale-1280-dark.jpg": ("upscale?sample=Cat", 1280, 800, "dark"),
    "blend-1280-light.jpg": ("blend?weight=50", 1280, 800, "light"),
    "latent-map-1280-dark.jpg": ("latent_map", 1280, 800, "dark"),
    "beside-1280-light.jpg": ("denoise?closer=Beside the classical methods", 1280, 2300, "light"),
}

# Page -> what stands on it when all is there; on a restoration page its score.
LAST_TEXTS = {
    "": "colours guessed",
    "blend": "Under each picture",
    "latent_map": "% sure.",
    "colorize": "than gray",
    "upscale": "than the bicubic picture",
}
GALLERIES = ("blend", "latent_map")


def take(browser, address, file):
    """Open one page, wait until its result is there, and write the picture."""
    page_name, width, height, scheme = PICTURES[file.name]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.goto(f"{address}/{page_name}")
    kind = page_name.split("?")[0]
    if not kind:
        page.get_by_role("button", name="An old print").click()
        page.get_by_role("button", name="Restore photo").click()
    page.get_by_text(LAST_TEXTS.get(kind, "than the noisy picture")).wait_for(timeout=120_000)
    if "closer" in page_name:
        page.get_by_text("The same").wait_for(timeout=120_000)
    page.wait_for_function("document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'")
    page.wait_for_selector(".gallery img" if kind in GALLERIES else ".viewer[data-ready=true]")
    page.screenshot(path=file, type="jpeg", quality=85)
    context.close()


def draw_cost(browser, file):
    """Write the picture of quality against cost."""
    figure = cost_figure(json.loads((REPO / "weights" / "benchmark-denoise.json").read_text()))
    page = browser.new_page(viewport={"width": figure.layout.width, "height": figure.layout.height})
    page.set_content(figure.to_html(include_plotlyjs=True))
    page.wait_for_selector(".main-svg")
    page.locator(".main-svg").first.wait_for()
    page.locator(".plot-container").screenshot(path=file)
    page.close()


if __name__ == "__main__":
    folder = REPO / "docs"
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as logs, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.FLAGS)
        draw_cost(browser, folder / "cost-denoise.png")
        with run_streamlit(REPO / "streamlit_app.py", Path(logs)) as server:
            for name in sys.argv[1:] or PICTURES:
                take(browser, server.address, folder / name)
                print(os.path.relpath(folder / name))
