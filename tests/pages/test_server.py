"""The app as it is served: to whom it answers, what its pages may load, and that it watches no folders."""

import asyncio
import socket
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
import streamlit as st
from conftest import REPO, run_server
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import script_runner
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from restoration.ui import server as app_server
from restoration.ui.server import app_settings


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Serve the app by its own command, with its own settings."""
    command = [sys.executable, "-m", "restoration", "app", "--no-browser", "--port", "{port}"]
    with run_server(command, tmp_path_factory.mktemp("served"), cwd=REPO) as running:
        yield running


def session(server, host="127.0.0.1"):
    """Connect as a browser does that has found the app under a host's name."""
    address = urlsplit(server.address)
    where = socket.create_connection((address.hostname, address.port), timeout=60)
    name = f"{host}:{address.port}"
    return connect(f"ws://{name}/_stcore/stream", sock=where, origin=f"http://{name}", max_size=None, open_timeout=60)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_it_answers_to_this_computers_names(server, host):
    with session(server, host) as connection:
        assert connection.response.status_code == 101


def test_it_answers_to_no_other_name(server):
    with pytest.raises(InvalidStatus, match="403"):
        session(server, "rebound.example.org")


@pytest.mark.skipif(not Path("/proc/self/fdinfo").exists(), reason="Linux lists what a process watches")
def test_a_session_watches_no_folder(server):
    with session(server) as connection:
        run = BackMsg()
        run.rerun_script.query_string = ""
        connection.send(run.SerializeToString())
        while ForwardMsg.FromString(connection.recv(timeout=120)).WhichOneof("type") != "script_finished":
            pass
        files = Path(f"/proc/{server.process.pid}/fdinfo").iterdir()
        watched = [line for file in files for line in file.read_text().splitlines() if line.startswith("inotify")]
    assert len(watched) == 0


@pytest.mark.parametrize("path", ["", "denoise", "no-such-page", "_stcore/health", "favicon.png"])
def test_every_answer_says_what_may_be_loaded_and_that_no_other_site_frames_it(server, path):
    with urllib.request.urlopen(f"{server.address}/{path}", timeout=60) as answer:
        headers = answer.headers
    assert headers.get_all("X-Content-Type-Options") == ["nosniff"]
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["frame-ancestors"] == policy["object-src"] == "'none'"
    assert policy["default-src"] == "'self'"
    assert "unsafe" not in policy["script-src"]


@pytest.mark.parametrize(("path", "drawn"), [("denoise", ".viewer[data-ready=true]"), ("latent_map", ".plane")])
def test_a_page_needs_nothing_that_is_forbidden_and_asks_for_nothing_that_is_missing(server, browser, path, drawn):
    context, complaints = browser.new_context(bypass_csp=False), []
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("response", lambda answer: complaints.append(answer.url) if answer.status >= 400 else None)
    page.goto(f"{server.address}/{path}")
    page.locator(drawn).first.wait_for(timeout=120_000)
    assert page.title() != "Streamlit"
    assert urlsplit(page.url).path == f"/{path}"
    page.get_by_role("link", name="Latent Darkroom").click()  # still found from below a page's address
    page.wait_for_url(lambda url: urlsplit(url).path == "/")
    context.close()
    assert not complaints


def test_the_browser_is_opened_where_there_is_one(monkeypatch, repo):
    opened = []
    monkeypatch.setattr("streamlit.cli_util.open_browser", opened.append)
    settings = {"server.headless": False, "server.address": "127.0.0.1", "server.port": 8601}
    monkeypatch.setattr("streamlit.config.get_option", lambda name, get=st.get_option: settings.get(name, get(name)))
    # What the server changes of Streamlit is put back: other tests count the functions that a page enters.
    monkeypatch.setattr(script_runner, "_clean_problem_modules", script_runner._clean_problem_modules)

    async def start():
        async with app_settings(str(repo / "streamlit_app.py"))["lifespan"](None):
            while not opened:
                await asyncio.sleep(0.1)

    with ThreadPoolExecutor() as thread:  # Playwright's event loop runs in this one
        thread.submit(asyncio.run, start()).result(timeout=60)
    assert opened == ["http://127.0.0.1:8601"]


def test_what_keras_has_compiled_outlives_a_run_of_a_page(monkeypatch):
    spec = find_spec("streamlit.runtime.scriptrunner.script_runner")
    fresh = module_from_spec(spec)  # whatever a server in this process has changed of the other
    spec.loader.exec_module(fresh)
    monkeypatch.setattr(app_server, "script_runner", fresh)
    cleared = []
    backend = SimpleNamespace(clear_session=lambda: cleared.append(True))
    monkeypatch.setitem(sys.modules, "keras", SimpleNamespace(backend=backend))
    fresh._clean_problem_modules()
    assert cleared, "Streamlit clears Keras by another function now"
    app_server.keep_compiled_steps()
    fresh._clean_problem_modules()
    assert len(cleared) == 1
