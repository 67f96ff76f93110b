"""The style is a rule, not a hope."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]], ids=" ".join)
def test_ruff(repo, command):
    said = subprocess.run(
        [sys.executable, "-m", "ruff", *command, "."], cwd=repo, capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stdout
