"""The app as it is served: to whom it answers, and that it watches no folders."""

import socket
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from conftest import REPO, run_server
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect


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
