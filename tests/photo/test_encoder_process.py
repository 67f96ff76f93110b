"""Encoding that is stopped: at the next piece of a JPEG, at once where an encoder does all in one call."""

import subprocess

import numpy as np
import pytest

from restoration.photo import Photo, PhotoError, encoder_process, writer

NOISE = np.random.default_rng(0).random((1000, 1200, 3), dtype=np.float32)


class StoppedError(BaseException):
    """What cancels: no failure, so it is no Exception."""


@pytest.fixture(autouse=True)
def processes(monkeypatch):
    """Let small pictures be encoded apart, too; give the processes that were started."""
    started, usual = [], subprocess.Popen
    monkeypatch.setattr(writer, "_ENCODED_APART", 0)
    monkeypatch.setattr(encoder_process, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(
        subprocess, "Popen", lambda *given, **more: started.append(usual(*given, **more)) or started[-1]
    )
    return started


@pytest.mark.parametrize("file_format", ["JPEG", "WebP", "AVIF"])
def test_with_progress_the_file_is_the_same(file_format):
    photo, told = Photo(NOISE[:90, :80], alpha=NOISE[:90, :80, 0], dpi=(300, 300)), []
    settings = {"quality": 80, "settings": {"steps": ["denoise"]}}
    file = photo.to_bytes(file_format, progress=lambda *rows: told.append(rows), **settings)
    assert file == photo.to_bytes(file_format, **settings)
    assert set(told) == {(0, 90)}


@pytest.mark.parametrize("file_format", ["JPEG", "WebP", "AVIF"])
def test_it_is_stopped_in_the_middle(file_format, processes):
    told = []

    def stop(*rows):
        told.append(rows)
        if len(told) == 3:
            raise StoppedError

    with pytest.raises(StoppedError):
        Photo(NOISE).to_bytes(file_format, progress=stop)
    assert len(told) == 3
    assert len(processes) == (file_format != "JPEG")
    assert all(process.returncode for process in processes)  # killed


def test_a_process_that_fails_is_one_sentence(monkeypatch):
    monkeypatch.setattr(encoder_process, "__file__", "no such script")
    with pytest.raises(PhotoError, match=r"cannot be saved: .*no such script.*\. Choose another"):
        Photo(NOISE).to_bytes("WebP", progress=lambda *rows: None)
