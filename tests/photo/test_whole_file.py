"""A file appears whole or not at all; what killed runs leave behind is removed by the next one."""

import os
import subprocess
import sys

import numpy as np
import pytest

from restoration.photo import Photo, PhotoError
from restoration.photo.whole_file import whole_file

PHOTO = Photo(np.full((4, 5, 3), 0.5, np.float32))
HALF = """
import sys
from pathlib import Path
from restoration.photo.whole_file import whole_file
with whole_file(Path("out.png")) as file:
    file.write(b"half")
    file.flush()
    print("writing", flush=True)
    sys.stdin.read()
"""


def unfinished(folder):
    return [path for path in folder.iterdir() if path.suffix == ".part"]


def test_the_next_run_removes_what_a_killed_one_left_and_nothing_of_a_running_one(tmp_path):
    (tmp_path / ".mine.part").write_bytes(b"of another program")
    killed, running = (
        subprocess.Popen([sys.executable, "-c", HALF], cwd=tmp_path, stdin=-1, stdout=-1) for _ in range(2)
    )
    for process in (killed, running):
        assert process.stdout.readline().strip() == b"writing"
    killed.kill()
    killed.communicate()
    assert len(unfinished(tmp_path)) == 3
    PHOTO.save(tmp_path / "other.png")
    assert len(unfinished(tmp_path)) == 2
    assert not (tmp_path / "out.png").exists()
    running.communicate()
    assert running.returncode == 0
    assert (tmp_path / "out.png").read_bytes() == b"half"
    assert unfinished(tmp_path) == [tmp_path / ".mine.part"]


def test_a_failure_leaves_the_file_that_was_there(tmp_path):
    (tmp_path / "out.png").write_bytes(b"before")
    with pytest.raises(TypeError), whole_file(tmp_path / "out.png") as file:
        file.write("no bytes")
    assert (tmp_path / "out.png").read_bytes() == b"before"
    assert unfinished(tmp_path) == []


@pytest.mark.skipif(os.name == "nt", reason="links and modes of POSIX")
def test_a_link_is_written_through_and_the_mode_is_kept(tmp_path):
    real, link = tmp_path / "real.png", tmp_path / "link.png"
    real.write_bytes(b"before")
    real.chmod(0o604)
    link.symlink_to(real.name)
    PHOTO.save(link)
    assert link.is_symlink()
    assert Photo.open(real).pixels.shape == (4, 5, 3)
    assert real.stat().st_mode & 0o777 == 0o604


def test_it_is_on_the_disk_before_it_takes_its_name(tmp_path, monkeypatch):
    calls = []
    for name in ("fsync", "replace"):
        real = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *given, name=name, real=real: calls.append(name) or real(*given))
    PHOTO.save(tmp_path / "out.png")
    assert calls == ["fsync", "replace"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes of POSIX")
def test_a_pipe_is_not_replaced(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(PhotoError, match="a device or a pipe"):
        PHOTO.save(tmp_path / "pipe.png")
