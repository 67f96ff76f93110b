"""The style: ruff for Python, oxlint for JavaScript."""

import shutil
import subprocess
import sys
import sysconfig

import pytest


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]], ids=" ".join)
def test_ruff(repo, command):
    said = subprocess.run(
        [sys.executable, "-m", "ruff", *command, "."], cwd=repo, capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stdout


def test_oxlint(repo):
    oxlint = shutil.which("oxlint", path=sysconfig.get_path("scripts"))
    command = [oxlint, "--deny-warnings", "restoration/ui"]
    said = subprocess.run(command, cwd=repo, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout
    assert "Found 0 warnings and 0 errors" in said.stdout
    assert " on 0 files" not in said.stdout
