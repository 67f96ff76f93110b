"""The running app in a real browser: what a visitor does, sees and takes home."""

import io
import re
import time
from urllib.parse import parse_qs, urlsplit

import numpy as np
import psutil
import pytest
from PIL import ExifTags, Image
from playwright.sync_api import expect

import restoration
from restoration.image.lab import to_gray
from restoration.image.resample import shrink
from restoration.photo import Photo
from restoration.photo.sample_photos import sample
from restoration.pipeline import Pipeline

OWN = "My photo is noisy"
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
TAKEN = "2019:07:21 18:30:00"
RESULT_MS = 60_000
# A picture that a rerun has replaced may be gone before a slow browser asks for it; `Visit.wait` proves that the one
# after it came.
MAY_BE_MISSING = re.compile(r"^/media/")


class Visit:
    """One visitor's browser, and all that it asked for and complained of."""

    def __init__(self, context, address):
        self.page, self.address = context.new_page(), address
        self.requests, self.pictures, self.complaints = [], [], []
        self.page.on("request", self._note)
        self.page.on("websocket", lambda socket: self.requests.append(socket.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._hear)
        self.viewer = self.page.locator(".viewer").first

    def _note(self, request):
        self.requests.append(request.url)
        if "/media/" in request.url and request.resource_type == "fetch":  # not a font, not the page's icon
            self.pictures.append(request.url)

    def _hear(self, message):
        path = urlsplit(message.location["url"]).path
        missing = "404" in message.text and MAY_BE_MISSING.search(path)
        if message.type == "error" and not missing:
            self.complaints.append(f"{message.text} {path}")

    def open(self, path="denoise"):
        self.page.goto(f"{self.address}/{path}")
        return self

    def wait(self, name="Coffee-cup"):
        """Wait for the whole result of the picture of that name, and for the end of the page's run."""
        expect(self.viewer).to_have_attribute("aria-label", f"{name}, noisy and denoised", timeout=RESULT_MS)
        self.page.wait_for_function(
            """() => {
                const texts = (place) => [...document.querySelectorAll(place)].map((element) => element.textContent);
                return document.querySelector("[data-testid=stApp]").dataset.testScriptState === "notRunning"
                    && texts("[data-testid=stMarkdown]").some((text) => /estimated noise/i.test(text))
                    && !texts("button").some((text) => text.includes("Cancel"));
            }""",
            timeout=RESULT_MS,
        )
        expect(self.viewer.locator(".chip").nth(1)).to_have_text("denoised")  # not the preview, nor the noisy one
        expect(self.viewer).to_have_attribute("data-ready", "true")
        return self

    def wait_for_photo(self, name):
        """Wait for a photograph of Home, and until the browser holds the token of what is kept of it."""
        expect(self.viewer).to_have_attribute("aria-label", name, timeout=RESULT_MS)
        self.page.wait_for_function("sessionStorage.getItem('latent-darkroom-photo')?.length > 40", timeout=RESULT_MS)
        return self

    def drop(self, data, name):
        file = {"name": name, "mimeType": "image/jpeg", "buffer": data}
        self.page.locator("input[type=file]").set_input_files(file)
        return self

    def download(self, file_format):
        """Choose the format, and return the name and the bytes of the file."""
        self.page.get_by_role("button", name="Save as").click()
        self.choose("Format", file_format)
        button = self.page.get_by_role("button", name="Download", exact=True)
        with self.page.expect_download() as download:
            button.click()
        return download.value.suggested_filename, download.value.path().read_bytes()

    def choose(self, label, option):
        self.page.get_by_label(label, exact=True).click()
        self.page.get_by_role("option", name=option, exact=True).click()

    def go_to(self, group, title):
        """Choose a page in the menu of a group."""
        self.page.get_by_role("button", name=re.compile(f"^{group}")).click()
        self.page.get_by_role("link", name=title, exact=True).click()

    def slide(self, label, key):
        self.page.get_by_role("slider", name=label).press(key)

    @property
    def query(self):
        """The settings that the address carries."""
        return {key: values[-1] for key, values in parse_qs(urlsplit(self.page.url).query).items()}


@pytest.fixture
def visit(app_server, browser):
    """Give ``visit(viewport)`` -> Visit; afterwards nobody has complained and all requests stayed on this machine."""
    visits, contexts = [], []

    def visit(viewport=DESKTOP, **options):
        contexts.append(browser.new_context(viewport=viewport, **options))
        visits.append(Visit(contexts[-1], app_server.address))
        return visits[-1]

    said = len(app_server.log)
    yield visit
    for context in contexts:
        context.close()
    for one in visits:
        assert {urlsplit(url).hostname for url in one.requests if not url.startswith(("data:", "blob:"))} == {
            "127.0.0.1"
        }
        assert not one.complaints
    assert "Traceback" not in app_server.log[said:]
    assert "Stack (" not in app_server.log[said:]


def photograph(name="Cat", height=240, width=320, seed=0):
    """Give a truth, and the noisy JPEG of it that a camera held upright would write: turned, and dated."""
    truth = sample(name).pixels[40 : 40 + height, 60 : 60 + width]
    noisy = truth + np.random.default_rng(seed).normal(0, 25 / 255, truth.shape)
    stored = Image.fromarray(np.rint(np.rot90(noisy).clip(0, 1) * 255).astype(np.uint8))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6  # turn right to view
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = TAKEN
    file = io.BytesIO()
    stored.save(file, "JPEG", quality=95, exif=exif)
    return truth, file.getvalue()


def test_a_noisy_photo_comes_back_clean_upright_and_dated(visit):
    truth, jpeg = photograph()
    visitor = visit().open().wait().drop(jpeg, "Our cat (1).JPG").wait("Our-cat-1")
    expect(visitor.page.get_by_role("radio", name=OWN)).to_be_checked()
    name, data = visitor.download("PNG")
    assert name == "Our-cat-1-denoised.png"
    noisy, restored = Photo.open(jpeg), Photo.open(data)
    assert restored.pixels.shape == truth.shape
    assert restoration.psnr(restored.pixels, truth) > restoration.psnr(noisy.pixels, truth) + 3
    exif = Image.open(io.BytesIO(data)).getexif()
    assert exif.get(ExifTags.Base.Orientation, 1) == 1
    assert exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] == TAKEN


def test_two_visitors_at_once_get_their_own_pictures(visit):
    names = ("Cat", "Astronaut")
    photographs = [photograph(name, seed=seed) for seed, name in enumerate(names)]
    visitors = [visit().open() for _ in names]
    for visitor in visitors:
        visitor.wait()
    for visitor, name, (_, jpeg) in zip(visitors, names, photographs, strict=True):
        visitor.drop(jpeg, f"{name}.jpg")
    files = [visitor.wait(name).download("PNG")[1] for visitor, name in zip(visitors, names, strict=True)]
    for file, (own, jpeg) in zip(files, photographs, strict=True):
        assert restoration.psnr(Photo.open(file).pixels, own) > restoration.psnr(Photo.open(jpeg).pixels, own) + 3
    other = photographs[0][0]
    assert restoration.psnr(Photo.open(files[1]).pixels, other) < 15


def test_strength_is_answered_without_new_pictures_and_stands_in_the_address(visit):
    visitor = visit().open().wait()
    page, loaded = visitor.page, list(visitor.pictures)
    assert visitor.query == {}
    visitor.slide("Strength", "Home")
    expect(visitor.viewer).to_have_attribute("data-strength", "0")
    expect(page.get_by_text("0.0 better than the noisy picture")).to_be_visible()
    visitor.wait()
    assert visitor.query == {"strength": "0"}
    visitor.slide("Strength", "End")
    expect(visitor.viewer).to_have_attribute("data-strength", "1")
    assert visitor.wait().pictures == loaded


def test_an_address_opens_with_its_settings_and_they_survive_a_visit_home(visit):
    settings = {
        "sample": "Cat",
        "kind": "Poisson",
        "level-poisson": "40",
        "strength": "60",
        "preset": "simple",
    }
    visitor = visit().open("denoise?" + "&".join(f"{key}={value}" for key, value in settings.items())).wait("Cat")
    page = visitor.page

    def check():
        expect(page.get_by_role("slider", name="Noise level")).to_have_value("40")
        expect(page.get_by_role("slider", name="Strength")).to_have_value("60")
        expect(page.get_by_role("radio", name="simple")).to_be_checked()
        expect(visitor.viewer).to_have_attribute("data-strength", "0.6")

    check()
    page.get_by_role("link", name="Latent Darkroom", exact=True).click()
    page.wait_for_url(re.compile(r":\d+/(\?|$)"))
    visitor.go_to("Restore", "Denoise")
    visitor.wait("Cat")
    check()
    assert visitor.query == settings


def test_a_photo_and_its_steps_are_there_on_the_next_page_after_back_and_after_a_reload_for_nobody_else(visit):
    _, jpeg = photograph(height=64, width=96)
    visitor = visit().open().wait().drop(jpeg, "mine.jpg").wait("mine")
    page = visitor.page
    visitor.go_to("Restore", "Upscale")
    expect(page.get_by_role("radio", name="My picture is small")).to_be_checked(timeout=RESULT_MS)
    expect(page.get_by_text("Your picture: mine")).to_be_visible()
    page.get_by_text("96 x 64 to 192 x 128").wait_for(timeout=RESULT_MS)
    page.get_by_role("button", name="Add upscale").click()
    expect(page.get_by_role("button", name="Upscale", exact=True)).to_be_visible()
    page.wait_for_function("document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'")
    page.go_back()
    visitor.wait("mine")
    expect(page.get_by_role("radio", name=OWN)).to_be_checked()
    page.reload()
    visitor.wait("mine")
    expect(page.get_by_role("radio", name=OWN)).to_be_checked()
    expect(page.get_by_role("button", name="Upscale", exact=True)).to_be_visible()  # the step of the other page
    assert "mine" not in page.url
    token = page.evaluate("localStorage.getItem('latent-darkroom-photo')")
    assert len(token) > 40
    assert token not in page.url
    second = visit().open().wait()  # another browser
    expect(second.page.get_by_role("radio", name="Show me")).to_be_checked()
    page.get_by_role("button", name="Back to the samples").click()
    visitor.wait()
    page.reload()
    visitor.wait()
    assert page.evaluate("localStorage.getItem('latent-darkroom-photo')") is None


def test_a_fresh_tab_and_a_duplicate_begin_with_the_photo_of_the_last_one_and_keep_their_own(visit):
    first = visit().open("")
    first.drop(photograph(height=64, width=96)[1], "one.jpg").wait_for_photo("one")
    second = Visit(first.page.context, first.address).open("").wait_for_photo("one")
    second.drop(photograph("Coffee cup", height=64, width=96)[1], "two.jpg").wait_for_photo("two")
    for tab, name in ((first, "one"), (second, "two")):
        tab.page.reload()
        tab.wait_for_photo(name)
    with first.page.expect_popup() as opened:
        first.page.evaluate("window.open(location.href)")  # begins with a copy of sessionStorage, as a duplicate does
    token = first.page.evaluate("sessionStorage.getItem('latent-darkroom-photo')")
    opened.value.wait_for_function(
        f"(sessionStorage.getItem('latent-darkroom-photo') ?? '{token}') !== '{token}'", timeout=RESULT_MS
    )
    expect(opened.value.locator(".viewer")).to_have_attribute("aria-label", "one", timeout=RESULT_MS)
    opened.value.close()
    second.page.get_by_text("Keep my photo for a day").click()
    second.page.wait_for_function("sessionStorage.getItem('latent-darkroom-photo') === 'off'")
    first.page.reload()
    first.wait_for_photo("one")


def test_a_bad_file_is_a_sentence_and_the_picture_stays(visit):
    _, jpeg = photograph(height=64, width=96)
    visitor = visit().open().wait().drop(jpeg, "good.jpg").wait("good")
    loaded = list(visitor.pictures)
    visitor.drop(jpeg[:4] + bytes(50), "<img src=x onerror=window.hit=1>.jpg")
    alert = visitor.page.get_by_role("alert")
    expect(alert).to_have_text(re.compile(r"[A-Z].+\.$"))
    visitor.wait("good")
    assert alert.count() == 1
    visitor.page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 0)")
    expect(alert).to_be_in_viewport(ratio=0.9)  # below the picture, wherever the uploader is
    assert visitor.pictures == loaded
    assert visitor.page.evaluate("window.hit") is None
    assert not any(url.endswith("/x") for url in visitor.requests)
    visitor.drop(jpeg, "next.jpg").wait("next")
    expect(alert).to_have_count(0)


def test_cancel_stops_the_work_and_the_app_goes_on(visit, app_server):
    small = np.random.default_rng(0).integers(0, 256, (500, 750), np.uint8)
    file = io.BytesIO()
    Image.fromarray(np.kron(small, np.ones((4, 4), np.uint8))).save(file, "JPEG")
    visitor = visit().open().wait().drop(file.getvalue(), "large.jpg")
    page = visitor.page
    expect(page.get_by_role("progressbar").first).to_be_visible(timeout=RESULT_MS)
    expect(page.get_by_text(re.compile(r"Denoising 6.0 megapixels: about .* left"))).to_be_visible(timeout=RESULT_MS)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Cancelled; the picture is as it was.")).to_be_visible(timeout=20_000)
    expect(page.get_by_role("button", name="Run again")).to_be_visible()
    server = psutil.Process(app_server.process.pid)
    last = time.monotonic() + 20
    while (busy := server.cpu_percent(interval=0.5)) > 20:
        assert time.monotonic() < last, f"The server still keeps a core {busy:.0f} % busy."
    _, jpeg = photograph(height=64, width=96)
    visitor.drop(jpeg, "small.jpg").wait("small")


def test_on_a_phone_the_picture_comes_first_and_nothing_is_cut_off(visit):
    visitor = visit(PHONE, has_touch=True, is_mobile=True).open().wait()
    page = visitor.page
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    viewer = visitor.viewer.bounding_box()
    assert viewer["y"] < PHONE["height"] / 3
    bottom = viewer["y"] + viewer["height"]
    assert page.get_by_role("slider", name="Strength").bounding_box()["y"] > bottom
    boxes = [control.bounding_box() for control in page.locator("button:visible, a:visible, label:visible").all()]
    for box in boxes:
        if box["width"] > 1:  # else it is there for screen readers
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= PHONE["width"]
    strength = page.get_by_role("slider", name="Strength")
    strength.evaluate("slider => slider.scrollIntoView({block: 'end'})")
    assert strength.bounding_box()["y"] < PHONE["height"]
    expect(page.locator(".viewer .stage")).to_be_in_viewport(ratio=0.9)  # its effect is seen


def test_on_a_desktop_the_image_takes_most_of_the_first_screen(visit):
    box = visit().open().wait().viewer.bounding_box()
    assert box["y"] + box["height"] <= DESKTOP["height"]
    assert box["width"] * box["height"] > 0.6 * DESKTOP["width"] * DESKTOP["height"]


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_stranger_drops_a_print_presses_one_button_and_downloads_a_better_one(visit, viewport):
    truth = sample("Coffee cup").pixels[:320, :400]
    small = shrink(truth, 2)
    noisy = np.clip(to_gray(small) + np.random.default_rng(0).normal(0, 15 / 255, (*small.shape[:2], 1)), 0, 1)
    file = io.BytesIO()
    Image.fromarray(np.rint(noisy[..., 0] * 255).astype(np.uint8)).save(file, "PNG")
    page = visit(viewport).open("").page
    expect(page.get_by_role("button", name=re.compile("^Drop a photograph here"))).to_be_in_viewport(timeout=RESULT_MS)
    page.locator("input[type=file]").set_input_files(
        {"name": "print.png", "mimeType": "image/png", "buffer": file.getvalue()}
    )
    button = page.get_by_role("button", name="Restore photo")
    expect(button).to_be_in_viewport(ratio=1, timeout=RESULT_MS)
    button.click()
    expect(page.get_by_text(re.compile("Noise taken out,.*colours guessed,.*made larger"))).to_be_visible(
        timeout=RESULT_MS
    )
    with page.expect_download() as download:
        page.get_by_role("button", name="Download", exact=True).click()
    assert download.value.suggested_filename == "print-restored.png"
    data = download.value.path().read_bytes()
    restored = Photo.open(data)
    scale = restored.pixels.shape[1] // noisy.shape[1]
    assert scale >= 2
    light, clean = shrink(to_gray(restored.pixels), scale), to_gray(small)
    assert restoration.psnr(light, clean) > restoration.psnr(noisy, clean) + 1
    assert {"denoise", "colorize", "upscale"} <= {step.name for step in Pipeline.from_photo(data).steps}
    page.locator("label").filter(
        has_text=re.compile("^Upscale$")
    ).click()  # further down, out of sight of the picture on a phone
    button.click()
    expect(page.get_by_text("Noise taken out, colours guessed", exact=True)).to_be_visible(timeout=RESULT_MS)
    expect(page.locator(".viewer .stage")).to_be_in_viewport(ratio=0.5)
