"""The commands that restore: files in, files out, one sentence and an exit code when it fails."""

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
    card = card_for("denoise", "best")
    (step,) = report["steps"]
    assert (step["name"], step["networks"]) == ("denoise", {card.name: card.sha256})
    assert step["change"] > 5
    truth = sample("Cat").pixels[:120, :160]
    before, after = (restoration.Photo.open(folder / name).pixels for name in ("noisy.png", "out.webp"))
    assert restoration.psnr(after, truth) > restoration.psnr(before, truth) + 4


def test_it_restores_by_a_self_ensemble(folder, capsys):
    assert main(["denoise", str(folder / "noisy.png"), str(folder / "out.png"), "--json", "--ensemble"]) == 0
    assert json.loads(capsys.readouterr().out)["steps"][0]["settings"]["ensemble"] is True
    noisy = restoration.Photo.open(folder / "noisy.png").pixels
    again = restoration.denoise(noisy, ensemble=True)
    assert restoration.psnr(restoration.Photo.open(folder / "out.png").pixels, again) > 55  # 8 bits


def test_it_colorizes_a_file_with_hints(folder, capsys):
    gray = restoration.to_gray(sample("Cat").pixels[:120, :160])
    sample("Cat").with_pixels(gray).save(folder / "gray.png")
    options = [str(folder / "gray.png"), str(folder / "out.png"), "--saturation", "1.5", "--hint", "60,80,#3a6ea5"]
    assert main(["colorize", *options, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    (step,) = report["steps"]
    assert list(step["networks"]) == [card_for("colorize", "best").name]
    assert step["settings"]["hints"] == [[60, 80, [58 / 255, 110 / 255, 165 / 255]]]
    colorized = restoration.Photo.open(folder / "out.png").pixels
    again = restoration.colorize(gray, saturation=1.5, hints=[(60, 80, (58 / 255, 110 / 255, 165 / 255))])
    assert restoration.psnr(colorized, again) > 40  # the file holds 8 bits of the gray


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.jpg", "out.png"], "nowhere.jpg: There is no such file"),
        (["noisy.png", "out.xyz"], "out.xyz: The format '.xyz'"),
        (["noisy.png", "nowhere/out.png"], "There is no folder nowhere"),
        (["noisy.png", "out.png", "--max-megapixels", "0.001"], "megapixel"),
    ],
)
def test_a_failure_is_one_sentence(folder, capsys, monkeypatch, arguments, words):
    monkeypatch.chdir(folder)
    assert main(["denoise", *arguments]) == 1
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1
    assert [path.name for path in folder.iterdir()] == ["noisy.png"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["denoise"], "SOURCE and TARGET are missing"),
        (["denoise", "noisy.png"], "TARGET is missing"),
        (["denoise", "noisy.png", "out.png", "--preset", "fest"], "did you mean fast?"),
        (["denoise", "noisy.png", "out.png", "--strength", "2"], "The strength of denoise is 2"),
        (["denoise", "noisy.png", "out.png", "--sigma", "25"], "it must be a number from 0 to 1"),
        (["denoise", "noisy.png", "out.png", "--max-megapixels", "nan"], "above 0"),
        (["denoise", "noisy.png", "out.png", "--max-megapixels", "inf"], "above 0"),
        (["denoise", "noisy.png", "out.png", "--quality", "0"], "quality is 0"),
        (["denoise", "noisy.png", "out/", "--name", "{stem}_{sun}.png"], "gives no file name"),
        (["denoise", "noisy.png", "out/", "--name", "../{stem}.png"], "gives no file name"),
        (["colorize", "noisy.png", "out.png", "--hint", "1,2,#fff"], "ROW,COLUMN,#RRGGBB"),
        (["upscale", "noisy.png", "out.png", "--scale", "x"], "The scale of upscale is 'x'"),
        (["denoise", "-", "-", "out.png"], "name it once"),
        (["denoise", "noisy.png", ".", "-"], "name a folder for several"),
        (["denoise", "noisy.png", ".", "noisy.png"], "is a file"),
        (["denoise", "noisy.png", ".", "out.png"], "name a folder"),
        (["denoise", "noisy.png", "-", "--json"], "standard output"),
        (["restore", "noisy.png", "out.png", "--steps", "denoise; colourize"], "did you mean colorize?"),
        (["restore", "noisy.png", "out.png", "--steps", "tone", "--pipeline", "steps.json"], "give one of them"),
        (["denois", "noisy.png", "out.png"], "did you mean denoise?"),
        (["denoise", "noisy.png", "out.png", "--strenght", "1"], "--strength"),
    ],
)
def test_wrong_usage_is_said_before_the_work(folder, capsys, monkeypatch, arguments, words):
    monkeypatch.chdir(folder)
    monkeypatch.setattr(restoration.Photo, "open", None)
    (folder / "steps.json").write_text("{}")
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert words in said.err
    assert "--help" in said.err
    assert said.err.count("\n") == 1
    assert said.out == ""


def test_several_files_and_folders_go_into_a_folder(folder, capsys, monkeypatch):
    monkeypatch.chdir(folder)
    noisy = (folder / "noisy.png").read_bytes()
    for name in ("box/a.png", "box/deep/er/b \u2603.JPG", "box/Thumbs.db", "box/.DS_Store", "box/broken.png", "c.bmp"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(noisy[:50] if "broken" in name else noisy)
    (folder / "box" / "round").symlink_to(folder / "box")
    assert main(["denoise", "noisy.png", "box", "c.bmp", "new/", "--preset", "fast", "--json"]) == 1
    said = capsys.readouterr()
    lines = [json.loads(line) for line in said.out.splitlines()]
    assert [line["state"] for line in lines].count("done") == 4
    assert {(line["source"], line["message"]) for line in lines if line["state"] == "skipped"} == {
        ("box/Thumbs.db", "no photograph by its name"),
        ("box/.DS_Store", "hidden"),
        ("box/round", "a link to a folder"),
    }
    failed = [line for line in said.err.splitlines() if "skipped" not in line]
    assert len(failed) == 1
    assert failed[0].startswith("box/broken.png: ")
    made = {path.relative_to(folder / "new").as_posix() for path in (folder / "new").rglob("*") if path.is_file()}
    assert made == {"noisy_denoise.png", "a_denoise.png", "deep/er/b \u2603_denoise.JPG", "c_denoise.png"}


def test_results_of_one_name_are_numbered_and_long_names_shortened(folder, capsys, monkeypatch):
    monkeypatch.chdir(folder)
    long = "n" * 251 + ".png"
    for name in ("one/x.png", "two/X.png", "one/" + long):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes((folder / "noisy.png").read_bytes())
    assert main(["denoise", "one", "two", "new", "--preset", "fast", "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")
    made = sorted(path.name for path in (folder / "new").iterdir())
    assert made[:1] + made[2:] == ["X_denoise-2.png", "x_denoise.png"]
    assert len(made[1]) == 255
    assert main(["denoise", "one/x.png", "two/X.png", "new", "--preset", "fast"]) == 1  # never replaced
    assert capsys.readouterr().err.count("There is such a file already") == 2


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


def test_standard_input_and_output(folder):
    command = [sys.executable, "-m", "restoration", "denoise", "-", "-", "--preset", "fast", "--format", "webp"]
    done = subprocess.run(
        command, cwd=folder, input=(folder / "noisy.png").read_bytes(), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    photo = restoration.Photo.open(done.stdout)
    assert (photo.source_format, photo.pixels.shape) == ("WebP", (120, 160, 3))


@pytest.mark.skipif(os.name == "nt", reason="pipes of POSIX")
@pytest.mark.parametrize("target", ["-", "out.png"])
def test_a_closed_pipe_is_no_failure(folder, target):
    end, begin = os.pipe()
    os.close(end)
    command = [sys.executable, "-m", "restoration", "denoise", "noisy.png", target, "--preset", "fast"]
    done = subprocess.run(command, cwd=folder, stdout=begin, stderr=-1, check=False)
    os.close(begin)
    assert (done.returncode, done.stderr) == (0, b"")
    assert target == "-" or (folder / target).exists()


def test_a_new_file_is_as_private_as_its_source_and_keeps_its_time(folder):
    source = folder / "noisy.png"
    source.chmod(0o600)
    os.utime(source, (10**9, 10**9))
    assert main(["denoise", str(source), str(folder / "out.png"), "--preset", "fast", "--keep-times", "-q"]) == 0
    made = (folder / "out.png").stat()
    assert made.st_mtime == 10**9
    assert made.st_mode & 0o777 == 0o600 or os.name == "nt"


def test_restore_and_replay_give_the_same_bits_as_the_pipeline(folder, capsys, monkeypatch):
    monkeypatch.chdir(folder)
    steps = "denoise strength=0.8 preset=fast; upscale width=200"
    (folder / "steps.json").write_text(restoration.Pipeline.parse(steps).to_json())
    assert main(["restore", "noisy.png", "one.png", "--steps", steps]) == 0
    assert main(["restore", "noisy.png", "two.png", "--pipeline", "steps.json"]) == 0
    assert main(["replay", "one.png", "noisy.png", "./", "--name", "three.png"]) == 0
    photo = restoration.Pipeline.parse(steps).run(restoration.Photo.open("noisy.png"))
    assert {(folder / f"{name}.png").read_bytes() for name in ("one", "two", "three")} == {photo.to_bytes("PNG")}
    capsys.readouterr()
    assert main(["replay", "noisy.png", "noisy.png", "four.png"]) == 1
    assert "noisy.png: This photo does not say what was done to it" in capsys.readouterr().err


def test_what_a_photograph_needs_is_said_and_done(folder, capsys, monkeypatch):
    monkeypatch.chdir(folder)
    noisy = restoration.Photo.open("noisy.png")
    proposed = restoration.plan(noisy)
    assert "denoise" in [step.name for step in proposed.pipeline.steps]
    (folder / "broken.png").write_bytes(b"x")
    assert main(["plan", "noisy.png", "broken.png"]) == 1
    said = capsys.readouterr()
    assert said.out.splitlines() == [f"noisy.png: {proposed.pipeline}", *(f"  {reason}" for reason in proposed.why)]
    assert said.err.startswith("broken.png: ")
    assert main(["plan", ".", "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["pipeline"] == str(proposed.pipeline)
    assert {finding["name"] for finding in document["findings"]} == {finding.name for finding in proposed.findings}
    assert main(["restore", "noisy.png", "new/", "--format", "png"]) == 0
    assert (folder / "new" / "noisy_restored.png").read_bytes() == restoration.restore(noisy).to_bytes("PNG")


def test_the_help_lists_every_command_under_a_heading(capsys):
    assert main(["--help"]) == 0
    said = capsys.readouterr().out
    for name in (
        *restoration.pipeline.STEPS,
        "app",
        "restore",
        "batch",
        "plan",
        "replay",
        "models",
        "train",
        "benchmark",
        "completion",
    ):
        assert f"\n  {name} " in said
        assert main([name, "--help"]) == 0 if name not in ("train", "benchmark") else True
    assert main(["--version"]) == 0
    assert restoration.__version__ in capsys.readouterr().out


def test_models_are_listed(capsys):
    assert main(["models"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[1:]] == [card.name for card in restoration.models()]
    assert main(["models", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["sha256"] == restoration.models()[0].sha256


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_completes(capsys, shell):
    assert main(["completion", shell]) == 0
    assert "_LATENT_DARKROOM_COMPLETE" in capsys.readouterr().out


def test_words_of_a_setting_are_completed():
    asked = {"_LATENT_DARKROOM_COMPLETE": "bash_complete", "COMP_CWORD": "3"}
    asked["COMP_WORDS"] = "latent-darkroom denoise --preset b"
    done = subprocess.run(
        [sys.executable, "-m", "restoration"], env=os.environ | asked, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["plain,best"], done.stderr


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
        "def write(file, *_, **__):\n"
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
