"""`python tests/load.py`: many visitors at once, each with a large photograph: memory, order, and what is given back.

Raw clients on this computer speak Streamlit's protocol, so that no browser takes part in the figures.
"""

import argparse
import http.client
import io
import socket
import sys
import tempfile
import threading
import time
import uuid
from itertools import pairwise
from urllib.parse import urlsplit

import numpy as np
import psutil
from conftest import REPO, run_streamlit
from PIL import Image
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from restoration.benchmark.images import repeated
from restoration.photo.sample_photos import sample

ARRIVAL_SECONDS = 0.3  # between two visitors
WAIT_SECONDS = 1_500
AFTER_SECONDS = 12  # within which memory is given back


def photograph(megapixels, seed):
    """Return a noisy JPEG, another for each seed."""
    pixels = repeated(np.rint(sample("Coffee cup").pixels * 255).astype(np.uint8), megapixels)
    noise = np.random.default_rng(seed).integers(-20, 21, (257, 263, 1), np.int16)
    rows, columns = pixels.shape[:2]
    noise = np.tile(noise, (rows // 257 + 1, columns // 263 + 1, 1))[:rows, :columns]
    file = io.BytesIO()
    Image.fromarray(np.clip(pixels + noise, 0, 255).astype(np.uint8)).save(file, "JPEG", quality=90)
    return file.getvalue()


class Visitor(threading.Thread):
    """One visitor: opens the page, uploads a photograph, and waits for the result."""

    def __init__(self, address, data, preset, megapixels):
        super().__init__()
        self.address, self.data, self.preset = urlsplit(address), data, preset
        self.size = f"{megapixels:.1f} MP"
        self.seconds, self.end, self.outcome, self.has_read_that_it_waits = None, None, "nothing", False
        self.leave = threading.Event()

    def run(self):
        """Visit, and stay until told to leave."""
        try:
            self._visit()
        except (ConnectionClosed, TimeoutError, OSError) as error:
            self.outcome = f"{type(error).__name__}: {error}"

    def _visit(self):
        netloc = self.address.netloc
        client = http.client.HTTPConnection(netloc, timeout=600)
        client.request("GET", "/_stcore/health")
        token = client.getresponse().headers["Set-Cookie"].split("=", 1)[1].split(";")[0]
        client.close()
        where = socket.create_connection((self.address.hostname, self.address.port), timeout=600)
        url = f"ws://{netloc}/_stcore/stream"
        with connect(url, sock=where, origin=f"http://{netloc}", max_size=None, open_timeout=600) as connection:
            message = BackMsg()
            message.rerun_script.page_name = "denoise"
            message.rerun_script.query_string = f"preset={self.preset}"
            connection.send(message.SerializeToString())
            place = self._read_page(connection)
            began = time.perf_counter()
            self._upload(connection, token, place)
            self._wait_for_result(connection)
            self.end = time.perf_counter()
            self.seconds = self.end - began
            while not self.leave.is_set():
                try:
                    connection.recv(timeout=0.5)
                except TimeoutError:
                    continue

    def _read_page(self, connection):
        uploader = session = None
        while True:
            message = ForwardMsg.FromString(connection.recv(timeout=600))
            kind = message.WhichOneof("type")
            if kind == "new_session":
                session = message.new_session.initialize.session_id
            elif kind == "delta" and message.delta.new_element.WhichOneof("type") == "file_uploader":
                uploader = message.delta.new_element.file_uploader.id
            elif kind == "script_finished" and uploader:
                return uploader, session

    def _upload(self, connection, token, place):
        uploader, session = place
        message = BackMsg()
        request = message.file_urls_request
        request.request_id, request.session_id = "upload", session
        request.file_names.append("photo.jpg")
        connection.send(message.SerializeToString())
        while True:
            answer = ForwardMsg.FromString(connection.recv(timeout=600))
            if answer.WhichOneof("type") == "file_urls_response":
                (urls,) = answer.file_urls_response.file_urls
                break
        border = uuid.uuid4().hex
        head = f'--{border}\r\nContent-Disposition: form-data; name="photo.jpg"; filename="photo.jpg"\r\n\r\n'
        headers = {
            "Content-Type": f"multipart/form-data; boundary={border}",
            "X-Xsrftoken": token,
            "Cookie": f"_streamlit_xsrf={token}",
        }
        client = http.client.HTTPConnection(self.address.netloc, timeout=600)
        client.request("PUT", urls.upload_url, head.encode() + self.data + f"\r\n--{border}--\r\n".encode(), headers)
        answer = client.getresponse()
        client.close()
        if answer.status >= 300:
            raise OSError(f"the upload was answered with {answer.status}")
        message = BackMsg()
        run = message.rerun_script
        run.page_name, run.query_string = "denoise", f"preset={self.preset}"
        state = run.widget_states.widgets.add()
        state.id = uploader
        info = state.file_uploader_state_value.uploaded_file_info.add()
        info.name, info.size, info.file_id = "photo.jpg", len(self.data), urls.file_id
        info.file_urls.CopyFrom(urls)
        connection.send(message.SerializeToString())

    def _wait_for_result(self, connection):
        last = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < last:
            message = ForwardMsg.FromString(connection.recv(timeout=WAIT_SECONDS))
            element = message.delta.new_element
            text = str(element.markdown.body or element.progress.text or element.alert.body)
            self.has_read_that_it_waits |= "waiting," in text or "before yours" in text
            if element.WhichOneof("type") in ("alert", "exception"):
                self.outcome = f"refused: {text or element.exception.message}"
                return
            if f"· {self.size}" in element.markdown.help:  # the details of the line below the picture
                self.outcome = "answered"
                return


class Memory(threading.Thread):
    """The memory of a server and its children, read ten times a second."""

    def __init__(self, process):
        super().__init__(daemon=True)
        self.process, self.peak = psutil.Process(process.pid), 0.0

    def now(self):
        """Return gigabytes."""
        total = 0
        for process in [self.process, *self.process.children(recursive=True)]:
            try:
                total += process.memory_info().rss
            except psutil.NoSuchProcess:
                continue
        return total / 1e9

    def run(self):
        """Keep the peak."""
        while self.process.is_running():
            self.peak = max(self.peak, self.now())
            time.sleep(0.1)


def main():
    """Send the visitors, and print what they met and what the server needed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, default=20)
    parser.add_argument("--megapixels", type=float, default=12)
    parser.add_argument("--preset", default="fast")
    parser.add_argument("--after", type=int, default=120, help="seconds after which memory should be given back")
    options = parser.parse_args()
    files = [photograph(options.megapixels, seed) for seed in range(options.visitors)]
    with tempfile.TemporaryDirectory() as logs, run_streamlit(REPO / "streamlit_app.py", logs) as server:
        memory = Memory(server.process)
        memory.start()
        shape = Image.open(io.BytesIO(files[0])).size
        megapixels = shape[0] * shape[1] / 1e6
        visitors = [Visitor(server.address, file, options.preset, megapixels) for file in files]
        for visitor in visitors:
            visitor.start()
            time.sleep(ARRIVAL_SECONDS)
        while any(visitor.seconds is None and visitor.is_alive() for visitor in visitors):
            time.sleep(0.5)
        print(f"{sum(visitor.outcome == 'answered' for visitor in visitors)} answered", file=sys.stderr, flush=True)
        peak, all_there = memory.peak, memory.now()
        for visitor in visitors:
            visitor.leave.set()
        for visitor in visitors:
            visitor.join()
        time.sleep(options.after)
        after = memory.now()
        log = server.log
    for outcome in sorted({visitor.outcome for visitor in visitors} - {"answered"}):
        print(f"{sum(visitor.outcome == outcome for visitor in visitors)} times: {outcome}")
    if "Traceback" in log or not any(visitor.seconds for visitor in visitors):
        print(log[-3000:])
        return
    seconds = [visitor.seconds for visitor in visitors if visitor.seconds is not None]
    outcomes = [visitor.outcome for visitor in visitors]
    ends = [visitor.end for visitor in visitors if visitor.end is not None]
    late = sum(second < first for first, second in pairwise(ends))
    print(
        "| visitors | MP each | answered | were told that they wait | first, s | last, s | passed by a later one |",
        end="",
    )
    print(" peak, GB | all still there, GB | afterwards, GB |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    print(
        f"| {options.visitors} | {megapixels:.1f} | {outcomes.count('answered')} "
        f"| {sum(visitor.has_read_that_it_waits for visitor in visitors)} | {min(seconds):.0f} | {max(seconds):.0f} "
        f"| {late} | {peak:.2f} | {all_there:.2f} | {after:.2f} |"
    )


if __name__ == "__main__":
    main()
