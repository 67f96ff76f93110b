"""The layers: who may import whom, and what `import restoration` costs."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import restoration

ROOT = Path(restoration.__file__).parent
REPO = ROOT.parent
# Folder -> the folders that it may import, its own included in itself. A folder that is missing here fails the test.
BASE = ("image",)
FILES = (*BASE, "photo")
DEGRADE = (*BASE, "degrade")
INFERENCE = (*FILES, *DEGRADE, "networks", "inference")
EXPLORE = (*INFERENCE, "explore")
TASKS = (*EXPLORE, "tasks")
LAYERS = {
    "image": BASE,
    "photo": FILES,
    "degrade": DEGRADE,
    "networks": (*BASE, "networks"),
    "inference": (*BASE, "networks", "inference"),
    "explore": EXPLORE,
    "explore/sets": EXPLORE,
    "tasks": TASKS,
    "train": (*EXPLORE, "train"),
    "benchmark": (*TASKS, "train", "benchmark"),
    "ui": (*TASKS, "ui"),
    "ui/components": (*BASE, "ui/components"),
    "ui/explore": (*TASKS, "ui", "ui/components", "ui/explore"),
    "ui/restore": (*TASKS, "ui", "ui/components", "ui/restore"),
}
# Library -> where it may be imported.
LIBRARIES = {
    "streamlit": ("ui", "ui/components", "ui/explore", "ui/restore"),
    "tensorflow": ("inference", "benchmark"),
    "openvino": ("inference",),
    "keras": ("networks", "inference", "train", "explore", "benchmark"),
}


def imported(path):
    """Return the dotted names that a file imports, inside functions too."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def folder_of(name):
    """Return the folder below `restoration` that a dotted name lies in, "" for the top; None for other packages."""
    first, *rest = name.split(".")
    if first != "restoration":
        return None
    folder = ROOT
    for part in rest:
        if not (folder / part).is_dir():
            break
        folder /= part
    return folder.relative_to(ROOT).as_posix().removeprefix(".")


FOLDERS = sorted({path.parent.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.py")} - {"."})


@pytest.mark.parametrize("folder", FOLDERS)
def test_imports_point_one_way(folder):
    assert folder in LAYERS, f"{folder} is not in the table of layers"
    for path in (ROOT / folder).glob("*.py"):
        for name in imported(path):
            assert folder_of(name) in (None, *LAYERS[folder]), f"{path} imports {name}"


@pytest.mark.parametrize("library", LIBRARIES)
def test_libraries_stay_in_their_layers(library):
    for path in ROOT.rglob("*.py"):
        if any(name.split(".")[0] == library for name in imported(path)):
            assert path.parent.relative_to(ROOT).as_posix() in LIBRARIES[library], path


def test_import_restoration_is_light():
    code = (
        "import sys, restoration; restoration.Photo; restoration.models();"
        "print([m for m in ('keras', 'tensorflow', 'openvino', 'streamlit', 'skimage', 'cv2') if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPO)
    assert shown.stdout.strip() == "[]"


def test_every_public_name_is_there_and_documented():
    from restoration import explore

    for name in explore.__all__:
        assert getattr(explore, name).__doc__, name
        assert not (ROOT / "explore" / f"{name}.py").exists(), f"the module {name} would hide explore.{name}"
    for name in restoration.__all__:
        assert getattr(restoration, name).__doc__, name
        assert not (ROOT / f"{name}.py").exists(), f"the module {name} would hide restoration.{name}"
        assert not (ROOT / name).exists(), f"the package {name} would hide restoration.{name}"
    with pytest.raises(AttributeError):
        _ = restoration.no_such_name


def test_every_file_says_what_it_is():
    for path in ROOT.rglob("*.py"):
        assert ast.get_docstring(ast.parse(path.read_text())), path
