"""What the README says is executed; what it shows is made by the project."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import restoration
from restoration.benchmark import report
from restoration.photo.sample_photos import sample

ROOT = Path(restoration.__file__).parent.parent
DOCUMENTS = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "docs/figures.md",
    "docs/pages.md",
    "docs/serving.md",
    "docs/speed.md",
]
README = (ROOT / "README.md").read_text()
BLOCKS = {kind: re.findall(rf"```{kind}\n(.*?)```", README, re.S) for kind in ("sh", "python")}


@pytest.fixture
def old_photo(tmp_path):
    noisy = restoration.add_noise(np.full((40, 60, 3), 0.5, np.float32), seed=0)
    sample("Cat").with_pixels(noisy).save(tmp_path / "old.jpg")
    return tmp_path


def test_first_command_installs_and_opens():
    make, lock, package, run = BLOCKS["sh"][0].strip().split(" && ")
    assert make == "python3 -m venv .venv"
    assert lock == ".venv/bin/pip install -r requirements.txt"
    assert package == ".venv/bin/pip install --no-deps --no-build-isolation -e ."  # nothing without a hash is fetched
    assert run == ".venv/bin/latent-darkroom"
    assert 'latent-darkroom = "restoration.cli.main:main"' in (ROOT / "pyproject.toml").read_text()


def test_second_command_is_what_ci_runs(tmp_path):
    idle = tmp_path / "bash"  # stands in for the inner shell, so that CI's script only says what it would run
    idle.write_text("#!/bin/sh\n")
    idle.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    shown = subprocess.run(
        [shutil.which("bash"), ".ci/run"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PATH": path},
    )
    assert shown.stdout.strip() == BLOCKS["sh"][1].strip()


def test_python_example(old_photo):
    subprocess.run([sys.executable, "-c", BLOCKS["python"][0]], cwd=old_photo, check=True)
    better = restoration.Photo.open(old_photo / "better.png").pixels
    assert better.std() < restoration.Photo.open(old_photo / "old.jpg").pixels.std() / 2


def test_command_line_example(old_photo):
    for line in BLOCKS["sh"][2].strip().splitlines():
        command, *arguments = shlex.split(line)
        assert command == "latent-darkroom"  # the same as python -m restoration: tests/test_package.py
        subprocess.run([sys.executable, "-m", "restoration", *arguments], cwd=old_photo, check=True)
    better, coloured, large, old, again = (
        restoration.Photo.open(old_photo / name).pixels
        for name in ("better.png", "coloured.png", "large.png", "old.jpg", "again.png")
    )
    assert better.shape == coloured.shape == old.shape
    assert {path.name for path in (old_photo / "prints").iterdir()} == {
        "old_denoise-tone-upscale.jpg",
        "better_denoise-tone-upscale.png",
    }
    assert again.shape == large.shape
    assert len(list((old_photo / "restored").glob("*_denoise-tone-upscale_denoise-tone.*"))) == 2
    assert (old_photo / "sheet.html").exists()
    assert large.shape[:2] == (2 * old.shape[0], 2 * old.shape[1])


def test_every_block_is_one_that_is_executed():
    assert {kind: len(blocks) for kind, blocks in BLOCKS.items()} == {"sh": 3, "python": 1}
    assert README.count("```") == 2 * 4


@pytest.mark.parametrize("path", report.pages(), ids=lambda path: str(path.relative_to(ROOT)))
def test_figures_are_the_cards(path):
    assert path.read_text() == report.pages()[path], "run python -m restoration.benchmark.report"


@pytest.mark.parametrize("page", DOCUMENTS)
def test_images_and_links_exist(page):
    for target in re.findall(r"\]\(([^)#]+)\)", (ROOT / page).read_text()):
        assert (ROOT / page).parent.joinpath(target).exists(), target


@pytest.mark.parametrize("page", DOCUMENTS)
def test_files_and_modules_that_are_named_exist(page):
    text = (ROOT / page).read_text()
    for path in re.findall(r"`((?:restoration|pages|tests|weights|docs)/[\w/.]*)`", text):
        assert (ROOT / path).exists(), path
    for module in re.findall(r"python -m (restoration[\w.]*)", text):
        path = ROOT / module.replace(".", "/")
        assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), module


def test_every_image_of_docs_is_shown():
    shown = "".join(path.read_text() for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
    for path in (ROOT / "docs").iterdir():
        assert path.suffix == ".md" or path.name in shown, path
