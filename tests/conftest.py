"""What the tests share: the repository's folder, a seed, the running app and a browser."""

import os
import random
import signal
import socket
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import chromium
import numpy as np
import pytest

REPO = Path(__file__).parent.parent
_photos = tempfile.TemporaryDirectory()  # where the app keeps visitors' photographs, while tests run
os.environ["LATENT_DARKROOM_PHOTOS"] = _photos.name


# A run in the background, or a worker of pytest-xdist, ignores Ctrl-C, and so would the programs that tests interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser):
    parser.addoption("--update-goldens", action="store_true", help="store what each network gives now")


@pytest.fixture
def update_goldens(request):
    """Tell whether the stored outputs of the networks shall be rewritten."""
    return request.config.getoption("--update-goldens")


@pytest.fixture(autouse=True)
def _seed():
    """Begin every test at the same place of every random sequence."""
    random.seed(0)
    np.random.seed(0)


@pytest.fixture(scope="session")
def repo():
    """Give the folder of the repository."""
    return REPO


@pytest.fixture(scope="session")
def shared(tmp_path_factory):
    """Give ``shared(name)``: the folder of a collection that is too large for the repository, unpacked.

    Tests that need one are skipped where it does not lie beside the repository.
    """

    @cache
    def unpack(name):
        packed = REPO.parent / "shared" / "data" / f"{name}.tar"
        if not packed.exists():
            pytest.skip(f"{name}.tar is not here: it is no part of the project, so what rests on it is not recomputed.")
        folder = tmp_path_factory.mktemp(name)
        with tarfile.open(packed) as archive:
            archive.extractall(folder, filter="data")
        return folder

    return unpack


@pytest.fixture
def photos(tmp_path):
    """Give a folder of small photographs to train on: squares of the samples."""
    from PIL import Image

    from restoration.photo.sample_photos import SAMPLES, sample

    folder = tmp_path / "photos"
    folder.mkdir()
    for name in SAMPLES:
        pixels = np.rint(sample(name).pixels[:200, :200] * 255).astype(np.uint8)
        Image.fromarray(np.broadcast_to(pixels, (200, 200, 3))).save(folder / f"{name}.png")
    return folder


@pytest.fixture(scope="module")
def codec(tmp_path_factory):
    """Give a codec whose network is small and not trained (ImageCodec)."""
    from codec.small_codec import small_codec  # most tests need no network

    with small_codec(tmp_path_factory.mktemp("codec")) as made:
        yield made


@dataclass(frozen=True)
class Server:
    """A running Streamlit: where it answers, its process, and the file of its log."""

    address: str
    process: subprocess.Popen
    log_file: Path

    @property
    def log(self):
        """What it has said so far."""
        return self.log_file.read_text()


@pytest.fixture(scope="session")
def serve():
    """Give ``with serve(script, folder) as server``: Streamlit on a free port, with its log in the folder."""
    return run_streamlit


@contextmanager
def run_streamlit(script, folder):
    settings = ["--server.address=127.0.0.1", "--server.headless=true", "--server.fileWatcherType=none"]
    command = [sys.executable, "-m", "streamlit", "run", Path(script).name, "--server.port={port}", *settings]
    with run_server(command, folder, cwd=Path(script).parent) as server:
        yield server


@contextmanager
def run_server(command, folder, **settings):
    """Run a command that serves the app until the block ends; its ``{port}`` becomes a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log_file = Path(folder) / "streamlit.log"
    command = [word.replace("{port}", str(port)) for word in command]
    with log_file.open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, **settings)
        server = Server(f"http://127.0.0.1:{port}", process, log_file)
        try:
            _wait_until_healthy(server)
            yield server
        finally:
            process.kill()
            process.wait()


def _wait_until_healthy(server, seconds=60):
    last = time.monotonic() + seconds
    while time.monotonic() < last and server.process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.address}/_stcore/health", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    pytest.fail(f"Streamlit did not start: {server.log}")


@pytest.fixture(scope="session")
def app_server(serve, tmp_path_factory):
    """Give the app itself, as a visitor starts it (Server)."""
    with serve(REPO / "streamlit_app.py", tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture(scope="module")
def browser():
    """Give a Chromium. One per test file: Playwright allows one at a time in a process."""
    from playwright.sync_api import sync_playwright  # most tests need none

    path = chromium.find()
    if path is None:
        pytest.fail("There is no Chromium: run `python tests/chromium.py`, or name one in the variable CHROMIUM.")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=chromium.FLAGS)
        # Playwright compiles what it waits for as text, which the app's content policy forbids; that pages need no
        # such permission is tested in tests/pages/test_server.py.
        launched.new_context = partial(launched.new_context, bypass_csp=True)
        launched.new_page = partial(launched.new_page, bypass_csp=True)
        yield launched
        launched.close()


@pytest.fixture
def denoise_page(repo, monkeypatch):
    """Give the denoise page, not yet opened; its runs are known by their conditioning."""
    from denoise_page import DenoisePage  # most tests need no page

    from restoration.inference import model

    page = DenoisePage(repo, monkeypatch, "pages/denoise.py")
    return page.count_runs(model.Model, "__call__", lambda _model, _image, conditions=(), *_: conditions)


@pytest.fixture
def opened_page(denoise_page, monkeypatch):
    """Give the denoise page, opened without running a network on its sample."""
    from restoration.inference import model

    with monkeypatch.context() as patch:
        patch.setattr(
            model.Model, "__call__", lambda self, image, conditions=(), progress=None: progress(0, 1) or image
        )
        return denoise_page.open()


@pytest.fixture
def explore_page(repo, monkeypatch):
    """Give an exploration page, not yet opened, whose components' data are kept (ExplorePage)."""
    from explore_page import ExplorePage  # most tests need no page

    return ExplorePage(repo, monkeypatch)
