"""From the denoise page to the viewer: the functions of ours that a run of the page enters, the files it reads."""

import sys
import threading
from collections import Counter
from contextlib import contextmanager

import pytest
from denoise_page import NOISY, UPLOAD

from restoration.ui.restore import restoration_job

# What was measured and a little more: distinct functions, calls and nesting of a rerun, then those of a new upload.
MAX_FUNCTIONS, MAX_CALLS, MAX_DEPTH = 63, 104, 6
MAX_UPLOAD_FUNCTIONS, MAX_UPLOAD_DEPTH = 218, 12
READS: list[str] = []
_recording = threading.Event()


def _note_read(event, arguments):
    if _recording is not None and _recording.is_set() and event == "open" and "/weights/" in str(arguments[0]):
        READS.append(str(arguments[0]))


sys.addaudithook(_note_read)


class CallTrace:
    """The calls of our functions, and the deepest nesting of them."""

    def __init__(self, repo):
        self._folders = tuple(f"{repo / name}/" for name in ("restoration", "pages"))
        self.calls, self.depth = Counter(), 0

    def _is_ours(self, frame):
        return frame.f_code.co_filename.startswith(self._folders)

    def __call__(self, frame, event, _):
        if event != "call" or not self._is_ours(frame):
            return
        self.calls[frame.f_code.co_filename, frame.f_code.co_qualname] += 1
        depth = 0
        while frame:
            depth, frame = depth + self._is_ours(frame), frame.f_back
        self.depth = max(self.depth, depth)

    def names(self, *qualnames):
        return sum(count for (_, name), count in self.calls.items() if name in qualnames)


@contextmanager
def traced(repo):
    """Trace what a run of the page does; Streamlit runs it in a thread of its own."""
    trace = CallTrace(repo)
    READS.clear()
    _recording.set()
    threading.setprofile(trace)
    try:
        yield trace
    finally:
        threading.setprofile(None)
        _recording.clear()


@pytest.fixture
def restored_page(opened_page):
    """Give the denoise page with an upload and its result, run once more since."""
    return opened_page.drop(UPLOAD).run()


def test_a_rerun_goes_the_short_way_and_reads_no_file(restored_page, repo):
    with traced(repo) as trace:
        restored_page.run()
    assert restored_page.runs == []
    assert READS == []
    assert len(trace.calls) <= MAX_FUNCTIONS, sorted(trace.calls)
    assert trace.calls.total() <= MAX_CALLS, trace.calls.most_common()
    assert trace.depth <= MAX_DEPTH
    assert trace.names("find_restoration") == 1


def test_a_new_upload_reads_no_card(restored_page, repo):
    with traced(repo) as trace:
        restored_page.drop(NOISY[::-1])
    assert len(restored_page.runs) == 1
    assert READS == []
    assert trace.names("run_with_progress") == 1
    assert len(trace.calls) <= MAX_UPLOAD_FUNCTIONS, sorted(trace.calls)
    assert trace.depth <= MAX_UPLOAD_DEPTH


def test_a_large_upload_is_shown_before_anything_is_computed(restored_page, monkeypatch):
    monkeypatch.setattr(restoration_job, "run_job", lambda *_: None)
    restored_page.drop(NOISY.repeat(12, axis=0).repeat(10, axis=1))
    assert restored_page.runs == []
    assert restored_page.viewer["labels"] == ("noisy, the middle",) * 2
