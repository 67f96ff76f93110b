"""The command line: one file in, one file out, one sentence and an exit code when it fails."""

import json
import os
import signal
import subprocess
import sys

import pytest

import restoration
from restoration.cli.main import main
from restoration.inference.card import card_for
from restoration.photo.sample_photos import sample


@pytest.fixture
def folder(tmp_path):
    truth = sample("Cat").pixels[:120, :160]
    noisy = restoration.add_noise(truth, level=25 / 255)
    sample("Cat").with_pixels(noisy).save(tmp_path / "noisy.png")
    return tmp_path


def test_it_denoises_a_file(folder, capsys):
    assert main(["denoise", str(folder / "noisy.png"), str(folder / "out.webp"), "--json", "--quality", "98"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["network"] == card_for("denoise", "best").name
    truth = sample("Cat").pixels[:120, :160]
    before, after = (restoration.Photo.open(folder / name).pixels for name in ("noisy.png", "out.webp"))
    assert restoration.psnr(after, truth) > restoration.psnr(before, truth) + 4


def test_it_restores_by_a_self_ensemble(folder, capsys):
    assert main(["denoise", str(folder / "noisy.png"), str(folder / "out.png"), "--json", "--ensemble"]) == 0
    assert json.loads(capsys.readouterr().out)["ensemble"] is True
    noisy = restoration.Photo.open(folder / "noisy.png").pixels
    again = restoration.denoise(noisy, ensemble=True)
    assert restoration.psnr(restoration.Photo.open(folder / "out.png").pixels, again) > 55  # 8 bits


def test_it_colorizes_a_file_with_hints(folder, capsys):
    gray = restoration.to_gray(sample("Cat").pixels[:120, :160])
    sample("Cat").with_pixels(gray).save(folder / "gray.png")
    options = [str(folder / "gray.png"), str(folder / "out.png"), "--saturation", "1.5", "--hint", "60,80,#3a6ea5"]
    assert main(["colorize", *options, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["network"] == card_for("colorize", "best").name
    assert report["hints"] == [[60, 80, [58 / 255, 110 / 255, 165 / 255]]]
    colorized = restoration.Photo.open(folder / "out.png").pixels
    again = restoration.colorize(gray, saturation=1.5, hints=[(60, 80, (58 / 255, 110 / 255, 165 / 255))])
    assert restoration.psnr(colorized, again) > 40  # the file holds 8 bits of the gray


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.jpg", "out.png"], "nowhere.jpg"),
        (["noisy.png", "out.xyz"], "xyz"),
        (["noisy.png", "out.png", "--preset", "magic"], "magic"),
        (["noisy.png", "out.png", "--strength", "2"], "strength"),
        (["noisy.png", "out.png", "--max-megapixels", "0.001"], "megapixel"),
        (["noisy.png", "out.png", "--max-megapixels", "nan"], "above 0"),
        (["noisy.png", "out.png", "--max-megapixels", "inf"], "above 0"),
        (["noisy.png", "out.png", "--sigma", "300"], "--sigma is 300.0; it must be a number between 0 and 255"),
    ],
)
def test_a_failure_is_one_sentence(folder, capsys, monkeypatch, arguments, words):
    monkeypatch.chdir(folder)
    assert main(["denoise", *arguments]) == 1
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1
    assert not (folder / "out.png").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["out.xyz"], "out.xyz: The format '.xyz'"),
        (["nowhere/out.png"], "There is no folder nowhere"),
        (["."], "This is a folder"),
        (["out.png", "--quality", "0"], "quality is 0"),
    ],
)
def test_what_cannot_be_saved_is_refused_before_the_work(folder, capsys, monkeypatch, arguments, words):
    monkeypatch.chdir(folder)
    monkeypatch.setattr(restoration.Photo, "open", None)
    assert main(["denoise", "noisy.png", *arguments]) == 1
    assert words in capsys.readouterr().err


def run_alone(folder, target, **environment):
    command = [sys.executable, "-m", "restoration", "denoise", "noisy.png", target, "--preset", "fast"]
    return subprocess.run(command, cwd=folder, env=os.environ | environment, capture_output=True, check=False)


def test_an_unknown_runtime_is_one_sentence(folder):
    done = run_alone(folder, "out.png", LATENT_DARKROOM_RUNTIME="abacus")
    assert (done.returncode, done.stderr.count(b"\n"), b"abacus" in done.stderr) == (1, 1, True), done.stderr


def test_a_name_that_the_console_cannot_show_is_no_failure(folder):
    done = run_alone(folder, "out-\u2603.png", PYTHONIOENCODING="cp1252")
    assert (done.returncode, b"out-\\u2603.png" in done.stdout) == (0, True), done.stderr
    assert (folder / "out-\u2603.png").exists()


def test_a_malformed_hint_is_refused_with_an_example(folder, capsys):
    with pytest.raises(SystemExit):
        main(["colorize", str(folder / "noisy.png"), str(folder / "out.png"), "--hint", "1,2,#fff"])
    assert "'1,2,#fff' is no hint; give ROW,COLUMN,#RRGGBB" in capsys.readouterr().err


@pytest.mark.parametrize("how", ["same", "dots", "link", "hard link"])
def test_the_source_is_never_replaced(folder, capsys, monkeypatch, how):
    monkeypatch.chdir(folder)
    source = folder / "noisy.png"
    before, target = source.read_bytes(), {"same": "noisy.png", "dots": "../" + folder.name + "/noisy.png"}.get(how)
    if target is None:
        target = "linked.png"
        (folder / target).symlink_to(source) if how == "link" else os.link(source, folder / target)
    assert main(["denoise", "noisy.png", target, "--preset", "fast", "--overwrite"]) == 1
    assert "the source itself" in capsys.readouterr().err
    assert source.read_bytes() == before


def test_an_existing_target_is_replaced_only_when_asked(folder, capsys):
    target = folder / "there.png"
    target.write_bytes(b"mine")
    target.chmod(0o640)
    command = ["denoise", str(folder / "noisy.png"), str(target), "--preset", "fast"]
    assert main(command) == 1
    said = capsys.readouterr().err
    assert "--overwrite" in said
    assert said.count("\n") == 1
    assert target.read_bytes() == b"mine"
    assert main([*command, "--overwrite"]) == 0
    assert restoration.Photo.open(target).pixels.shape == (120, 160, 3)
    assert target.stat().st_mode & 0o777 == 0o640 or os.name == "nt"


@pytest.mark.parametrize("name", ["n" * 300 + ".png", "n" * 5000 + ".png", "d" * 300 + "/out.png", "a\0b.png"])
def test_a_name_that_no_file_can_have_is_one_short_sentence(folder, capsys, monkeypatch, name):
    monkeypatch.chdir(folder)
    monkeypatch.setattr(restoration.Photo, "open", None)  # refused before the work
    assert main(["denoise", "noisy.png", name]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert len(said) <= 300


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stopped_command_is_one_line_and_leaves_nothing(folder, number, code):
    slow = (
        "import sys, time; from restoration.photo import writer; from restoration.cli.main import main\n"
        "def write(file, *_):\n"
        "    file.write(b'half'); print('writing', flush=True); time.sleep(60)\n"
        "writer.write_file = write\n"
        "sys.exit(main(['denoise', 'noisy.png', 'out.png', '--preset', 'fast']))"
    )
    running = subprocess.Popen([sys.executable, "-c", slow], cwd=folder, stdout=-1, stderr=-1)
    assert running.stdout.readline() == b"writing\n"
    running.send_signal(number)
    said = running.communicate(timeout=30)[1]
    assert (running.returncode, said) == (code, b"Stopped before the end.\n")
    assert [path.name for path in folder.iterdir()] == ["noisy.png"]
