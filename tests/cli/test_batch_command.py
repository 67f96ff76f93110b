"""`latent-darkroom batch`: exit codes, lines of JSON, and Ctrl-C."""

import json
import os
import signal
import subprocess
import sys

import numpy as np
import pytest

import restoration
from restoration.cli.main import main
from restoration.photo import Photo
from restoration.photo.sample_photos import sample

NAMES = ["a.png", "b.png", "c.png"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    for number, name in enumerate(NAMES):
        pixels = np.random.default_rng(number).uniform(0.2, 0.7, (24, 32, 3)).astype(np.float32)
        Photo(pixels).save(tmp_path / "in" / name)
    return tmp_path


def test_a_folder_is_restored_and_the_second_time_nothing_is_left_to_do(folder, capsys):
    command = ["batch", "in", "out", "--steps", "tone", "--json", "--report", "sheet.html"]
    assert main(command) == 0
    said = capsys.readouterr()
    assert [json.loads(line)["state"] for line in said.out.splitlines()] == ["done"] * 3
    assert said.err.startswith("3 done in ")
    assert (folder / "sheet.html").exists()
    assert {path.name for path in (folder / "out").glob("*.png")} == {"a_tone.png", "b_tone.png", "c_tone.png"}
    assert main(command) == 0
    assert [json.loads(line)["state"] for line in capsys.readouterr().out.splitlines()] == ["unchanged"] * 3
    (folder / "in" / "d.png").write_bytes(b"x")
    assert main(["batch", "in", "out", "--steps", "tone", "--quiet"]) == 1
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)


def test_each_photograph_gets_what_it_needs(folder, capsys):
    ramp = np.linspace(0.3, 0.6, 64, dtype=np.float32)
    Photo(np.tile(ramp, (64, 1))[..., None]).save(folder / "in" / "faded.png")
    for name in NAMES:
        (folder / "in" / name).unlink()
    assert main(["batch", "in", "out", "--plan", "--json"]) == 0
    (line,) = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    proposed = restoration.plan(Photo.open(folder / "in" / "faded.png")).pipeline
    assert [step["name"] for step in line["steps"]] == [step.name for step in proposed.steps]
    assert main(["batch", "in", "out", "--plan", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["state"] == "unchanged"


def test_a_photograph_that_needs_nothing_is_copied_and_told_so(folder, capsys):
    for name in NAMES:
        (folder / "in" / name).unlink()
    sample("Coffee cup").save(folder / "in" / "clean.jpg", quality=98)
    data = (folder / "in" / "clean.jpg").read_bytes()
    reports = [word for suffix in ("txt", "json", "html") for word in ("--report", f"sheet.{suffix}")]
    assert main(["batch", "in", "out", "--plan", "--json", *reports]) == 0
    said = capsys.readouterr()
    told = json.loads(said.out)
    assert (told["state"], told["steps"], told["target"]) == ("copied", [], "out/clean_restored.jpg")
    assert (folder / "out" / "clean_restored.jpg").read_bytes() == data
    assert said.err.startswith("1 copied (nothing to do) in ")
    assert "out/clean_restored.jpg, nothing to do" in (folder / "sheet.txt").read_text()
    assert json.loads((folder / "sheet.json").read_text())["copied"] == 1
    assert "<br>nothing to do</figcaption>" in (folder / "sheet.html").read_text()
    assert main(["batch", "in", "out", "--plan"]) == 0
    assert capsys.readouterr().err.startswith("1 done before in ")
    assert main(["restore", "in/clean.jpg", "one.jpg"]) == 0
    assert capsys.readouterr().out == "one.jpg: nothing to do, copied\n"
    assert (folder / "one.jpg").read_bytes() == data
    assert main(["restore", "in/clean.jpg", "one.png", "--steps", ""]) == 0
    assert "There was nothing to do; it was encoded again as PNG." in capsys.readouterr().err
    np.testing.assert_array_equal(Photo.open(folder / "one.png").pixels, Photo.open(data).pixels)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["in"], 2, "OUT"),
        (["in", "out"], 2, "--steps"),
        (["in", "out", "--steps", "tone", "--plan"], 2, "one of --steps, --pipeline and --plan"),
        (["in", "out", "--steps", "tone", "--processes", "2", "--dask", "tcp://a:1"], 2, "give one of them"),
        (["in", "out", "--steps", "tones"], 2, "did you mean tone?"),
        (["in", "out", "--steps", "tone", "--report", "a.doc"], 2, "A report ends in"),
        (["none", "out", "--steps", "tone"], 1, "none is no folder"),
        (["in", "in", "--steps", "tone"], 1, "among the sources"),
    ],
)
def test_what_cannot_be_begun_is_said_and_nothing_is_made(folder, capsys, arguments, code, words):
    assert main(["batch", *arguments]) == code
    assert words in capsys.readouterr().err
    assert not list(folder.glob("out/*"))


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_pauses_behind_the_part_in_work(folder, number, code):
    slow = (
        "import sys, time; from restoration.batch import local_runner; from restoration.cli.main import main\n"
        "restore = local_runner.restore_opened\n"
        "def wait(task, *rest):\n"
        "    if task.path.name == 'b.png':\n"
        "        print('in work', flush=True); time.sleep(0.5)\n"
        "    return restore(task, *rest)\n"
        "local_runner.restore_opened = wait\n"
        "sys.exit(main(['batch', 'in', 'out', '--steps', 'tone']))"
    )
    running = subprocess.Popen([sys.executable, "-c", slow], cwd=folder, stdout=-1, stderr=-1, text=True)
    assert running.stdout.readline() == "in work\n"
    running.send_signal(number)
    said = running.communicate(timeout=60)[1].splitlines()
    assert running.returncode == code
    assert said[0].startswith("Pausing")
    assert said[1].startswith("1 done in ")
    assert said[1].endswith("paused.")
    assert said[-1] == "The same command goes on where it was."
    assert [path.name for path in (folder / "out").glob("*.png")] == ["a_tone.png"]
