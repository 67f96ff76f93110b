"""Many photographs at once: limits, what each needs, one file's own steps, cancel, the archive, folders."""

import asyncio
import os
import re
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
from page_harness import PageHarness, png
from playwright.sync_api import expect
from starlette.requests import Request

from restoration.photo import Photo
from restoration.pipeline import Pipeline
from restoration.ui import disk_download, own_computer
from restoration.ui.restore import dropped_photos, many_photos

RANDOM = np.random.default_rng(0)
FADED = {f"{name}.png": png(RANDOM.uniform(0.3, 0.6, (24, 32, 1)).astype(np.float32)) for name in "abc"}
WAIT_MS = 60_000


class ManyPage(PageHarness):
    """The page, whose photographs are waited for."""

    def drop_all(self, files):
        uploader = next(one for one in self.app.file_uploader if one.key.startswith("photo-files"))
        uploader.set_value([(name, data, "image/png") for name, data in files.items()])
        return self.run()

    @property
    def photos(self):
        return self.app.session_state[many_photos.BOX].photos

    def wait(self):
        assert self.photos.wait(60)
        return self.run()

    def run_steps(self, text):
        """Restore all by the same steps."""
        self.photos.restore(Pipeline.parse(text))
        return self.wait()


@pytest.fixture
def page(repo, monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    page = ManyPage(repo, monkeypatch, "pages/many_photographs.py")
    page.spy(many_photos, "viewer", page._keep_shown)
    yield page.open()
    if many_photos.BOX in page.app.session_state:
        page.app.session_state[many_photos.BOX].close()
    assert not list(tmp_path.glob("latent-darkroom-*"))


def test_each_gets_what_it_needs_and_one_file_steps_of_its_own(page):
    page.drop_all(FADED | {"broken.png": FADED["a.png"][:50]}).wait()
    assert [row.state for row in page.photos.rows.values()] == ["waiting"] * 3 + ["failed"]
    assert any("a.png" in text and "Small, 32 x 24" in text for text in page.texts)
    page.run_steps("tone")
    assert [row.state for row in page.photos.rows.values()] == ["done"] * 3 + ["failed"]
    given = Photo.open(FADED["a.png"])
    expected = Pipeline.parse("tone").run(given)
    np.testing.assert_allclose(page.pictures[1], expected.pixels, atol=1 / 255)
    assert page.viewer["labels"] == ("before", "after")
    own = Pipeline.parse("tone strength=0.4")
    many_photos._restore_own(page.photos, Path("b.png"), own, Pipeline.parse("tone"))
    page.app.session_state[many_photos.CHOSEN] = "b.png"
    page.wait()
    assert page.photos.state.summary.unchanged == 2
    np.testing.assert_allclose(page.pictures[1], own.run(Photo.open(FADED["b.png"])).pixels, atol=1 / 255)


def test_what_passes_a_limit_is_left_out_with_a_sentence(page, monkeypatch):
    monkeypatch.setattr(dropped_photos, "MOST_FILES", 2)
    page.app.session_state["limit"] = 1
    large = png(np.zeros((1100, 1000, 1), np.float32))
    page.drop_all({"notes.txt": b"x", "large.png": large, **FADED})
    assert list(map(str, page.photos.rows)) == ["a.png", "b.png"]
    assert len(page.errors) == 3
    assert "no photograph by its name" in page.errors[0]
    assert "limit is 1" in page.errors[1]
    assert "2 photographs are the limit" in page.errors[2]
    page.wait()
    monkeypatch.setattr(dropped_photos, "MOST_FILES", 9)
    monkeypatch.setattr(dropped_photos, "MOST_BYTES", 10)
    page.drop_all({"c.png": FADED["c.png"]})
    assert "above the limit" in page.errors[0]
    monkeypatch.setattr(dropped_photos, "MOST_BYTES", 10**9)
    monkeypatch.setattr(dropped_photos, "MOST_DISK_BYTES", 10)
    page.drop_all({"c.png": FADED["c.png"]})
    assert "disk of the server is full" in page.errors[0]
    page.run_steps("tone")
    assert "disk of the server is full" in page.photos.state.problem


def test_hostile_names_stay_in_the_folder_and_equal_ones_are_numbered(page, tmp_path):
    page.drop_all({"../../evil.png": FADED["a.png"], "box/CON.png": FADED["b.png"], "evil.PNG": FADED["c.png"]}).wait()
    assert list(map(str, page.photos.rows)) == ["evil.png", os.path.join("box", "photo-CON.png"), "evil-2.png"]
    assert all((page.photos.source / path).resolve().is_relative_to(tmp_path) for path in page.photos.rows)


def test_the_archive_is_sent_from_disk_and_made_anew_after_a_change(page):
    page.drop_all(FADED).wait().run_steps("tone")
    box = page.app.session_state[many_photos.BOX]
    token = page.app.session_state["address of many-download"]

    def send(token):
        request = Request({"type": "http", "path_params": {"token": token}, "headers": []})
        return asyncio.run(disk_download.send_file(request))

    assert send("guessed").status_code == 404
    with zipfile.ZipFile(send(token).path) as archive:
        assert sorted(archive.namelist()) == ["a_restored.png", "b_restored.png", "c_restored.png"]
        assert archive.read("a_restored.png") == (page.photos.target / "a_restored.png").read_bytes()
    first = box.make_file().stat().st_ino
    assert box.make_file().stat().st_ino == first
    many_photos._restore_own(page.photos, Path("a.png"), Pipeline.parse("tone strength=0.2"), Pipeline.parse("tone"))
    page.wait()
    assert box.make_file().stat().st_ino != first
    (page.photos.target / "a_restored.png").unlink()
    assert send(token).status_code == 507
    page.click("start-over")
    assert send(token).status_code == 404


def test_folders_of_killed_servers_are_removed(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / f"latent-darkroom-{2**22 + 1}-x").mkdir()
    (tmp_path / f"latent-darkroom-{os.getpid()}-x").mkdir()
    dropped_photos.remove_left_folders()
    assert [path.name for path in tmp_path.iterdir()] == [f"latent-darkroom-{os.getpid()}-x"]


def test_a_folder_of_this_computer_goes_into_another_by_the_ledger_of_the_command_line(page, tmp_path, monkeypatch):
    monkeypatch.setattr(own_computer, "is_own_computer", lambda: True)
    (tmp_path / "in").mkdir()
    for name, data in FADED.items():
        (tmp_path / "in" / name).write_bytes(data)
    page.run()
    page.set("text_input", "folder-in", str(tmp_path / "in"))
    page.set("text_input", "folder-out", str(tmp_path / "out"))
    page.set("segmented_control", "many-mode", many_photos.SAME)
    for toggle in page.app.toggle:
        page.set("toggle", toggle.key, toggle.label == "Tone")
    page.click("restore-folder")
    photos = page.app.session_state[many_photos.FOLDERS]
    assert photos.wait(60)
    page.run()
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        ".latent-darkroom.sqlite",
        *(f"{name}_restored.png" for name in "abc"),
    ]
    page.click("Go on")
    assert photos.wait(60)
    assert photos.state.summary.unchanged == 3
    page.click("Another folder")
    page.set("text_input", "folder-in", str(tmp_path / "none"))
    page.click("restore-folder")
    assert page.app.session_state[many_photos.FOLDERS].wait(60)
    page.run()
    assert any("is no folder" in error for error in page.errors)


@pytest.mark.parametrize(
    ("address", "hosts", "headers", "expected"),
    [
        ("127.0.0.1", ["localhost"], {}, True),
        ("0.0.0.0", ["localhost"], {}, False),
        ("127.0.0.1", ["darkroom.example.org"], {}, False),
        ("127.0.0.1", ["localhost"], {"X-Forwarded-For": "1.2.3.4"}, False),
    ],
)
def test_folders_are_offered_only_on_ones_own_computer(monkeypatch, address, hosts, headers, expected):
    options = {"server.address": address, "server.allowedHosts": hosts}
    context = type("Context", (), {"headers": headers, "ip_address": None})
    monkeypatch.setattr(own_computer.st, "get_option", options.get)
    monkeypatch.setattr(own_computer.st, "context", context)
    assert own_computer.is_own_computer() is expected


def test_twelve_in_a_browser_cancelled_gone_on_with_and_taken_home(app_server, browser, tmp_path):
    for number in range(12):
        pixels = RANDOM.uniform(0.3, 0.6, (600, 800, 3)).astype(np.float32)
        (tmp_path / f"{number}.png").write_bytes(png(pixels))
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page, messages = context.new_page(), []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: messages.append(len(data))))
    page.goto(f"{app_server.address}/many_photographs")
    page.locator(".opener.large").wait_for(timeout=WAIT_MS)
    page.locator(".st-key-photo-files input[type=file]").set_input_files(sorted(tmp_path.glob("*.png")))
    expect(page.locator(".photo-list .row")).to_have_count(12, timeout=WAIT_MS)
    expect(page.get_by_text("Looking at")).to_have_count(0, timeout=WAIT_MS)
    expect(page.locator(".photo-list img")).to_have_count(12)
    page.get_by_text("The same steps for all").click()
    page.get_by_role("button", name="Restore 12 photos").click()
    page.get_by_role("button", name="Cancel").click(timeout=WAIT_MS)
    expect(page.get_by_text(re.compile("paused"))).to_be_visible(timeout=WAIT_MS)
    assert page.locator(".row.done").count() < 12
    page.get_by_role("button", name="Restore 12 photos").click()
    expect(page.locator(".row.done")).to_have_count(12, timeout=WAIT_MS)
    page.locator(".row").nth(4).click()
    expect(page.locator(".viewer").first).to_have_attribute("aria-label", "2.png, before and after", timeout=WAIT_MS)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == sorted(f"{number}_restored.png" for number in range(12))
    context.close()
    assert max(messages) < 100_000, "thumbnails travel by their addresses"
