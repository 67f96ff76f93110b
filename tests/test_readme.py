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
README = (ROOT / "README.md").read_text()
BLOCKS = {kind: re.findall(rf"```{kind}\n(.*?)```", README, re.S) for kind in ("sh", "python")}


@pytest.fixture
def old_photo(tmp_path):
    noisy = restoration.add_noise(np.full((40, 60, 3), 0.5, np.float32), seed=0)
    sample("Cat").with_pixels(noisy).save(tmp_path / "old.jpg")
    return tmp_path


def test_first_command_installs_and_opens():
    make, install, run = BLOCKS["sh"][0].strip().split(" && ")
    assert make == "python3 -m venv .venv"
    assert install == ".venv/bin/pip install -r requirements.txt -e ."
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
        _, *arguments = shlex.split(line)
        subprocess.run([sys.executable, *arguments], cwd=old_photo, check=True)
    assert (old_photo / "better.png").exists()
    assert (old_photo / "coloured.png").exists()


@pytest.mark.parametrize("path", report.pages(), ids=lambda path: str(path.relative_to(ROOT)))
def test_figures_are_the_cards(path):
    assert path.read_text() == report.pages()[path], "run python -m restoration.benchmark.report"


def test_pictures_and_links_exist():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
