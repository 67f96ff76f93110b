"""Where the weights and the app's files lie: beside the package in a checkout, inside it in a wheel."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
_IS_INSTALLED = (PACKAGE / "weights").is_dir()  # pyproject.toml puts them there

WEIGHTS = (PACKAGE if _IS_INSTALLED else PACKAGE.parent) / "weights"
APP = PACKAGE / "app" if _IS_INSTALLED else PACKAGE.parent
