"""The layers: who may import whom, and what `import restoration` costs."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import restoration

PACKAGE = Path(restoration.__file__).parent
REPO = PACKAGE.parent
# Layer -> the layers that it may import, itself included. A layer is a folder of the package, "paths" and "" modules
# directly in it, or "pages", the scripts of the app. One that is missing here fails the test.
BASE = ("image",)
FILES = (*BASE, "photo")
DEGRADE = (*BASE, "degrade")
INFERENCE = (*BASE, "paths", "networks", "inference")
EXPLORE = (*FILES, *DEGRADE, *INFERENCE, "explore")
CODEC = (*FILES, *INFERENCE, "codec")
SCAN = (*FILES, "scan")
TASKS = (*EXPLORE, "codec", "tasks")
PIPELINE = (*TASKS, "pipeline")
BATCH = (*PIPELINE, "batch")
UI = (*BATCH, "scan", "ui", "ui/components")
LAYERS = {
    "paths": (),
    "image": BASE,
    "photo": FILES,
    "degrade": DEGRADE,
    "networks": (*BASE, "networks"),
    "inference": INFERENCE,
    "codec": CODEC,
    "scan": SCAN,
    "explore": EXPLORE,
    "explore/sets": EXPLORE,
    "tasks": TASKS,
    "pipeline": PIPELINE,
    "train": (*EXPLORE, "scan", "train"),
    "benchmark": (*BATCH, "train", "benchmark"),
    "batch": BATCH,
    "cli": (*BATCH, "cli", ""),  # "" for the version
    "ui": UI,
    "ui/components": (*BASE, "ui/components"),
    "ui/explore": (*UI, "ui/explore"),
    "ui/restore": (*UI, "ui/restore"),
    "pages": (*UI, "ui/explore", "ui/restore"),
    "": ("cli",),
}
# Library -> where it may be imported.
LIBRARIES = {
    "streamlit": ("ui", "ui/components", "ui/explore", "ui/restore", "pages", "cli"),  # cli only to start the app
    "distributed": ("batch",),
    "fsspec": ("batch",),
    "tensorflow": ("inference", "benchmark"),
    "openvino": ("inference",),
    "keras": ("networks", "inference", "train", "explore", "benchmark"),
}
SCRIPTS = [REPO / "streamlit_app.py", *sorted((REPO / "pages").glob("*.py"))]
ALL_FILES = [*sorted(PACKAGE.rglob("*.py")), *SCRIPTS]


def layer_of_file(path):
    """Return the layer that a file belongs to."""
    if path in SCRIPTS:
        return "pages"
    return layer_of_name(".".join(path.relative_to(REPO).with_suffix("").parts))


def imported(path):
    """Return the dotted names that a file imports, inside functions too."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def layer_of_name(name):
    """Return the layer that a dotted name lies in; None for other packages."""
    first, *rest = name.split(".")
    if first != "restoration":
        return None
    if rest[:1] == ["paths"]:
        return "paths"
    folder = PACKAGE
    for part in rest:
        if not (folder / part).is_dir():
            break
        folder /= part
    return folder.relative_to(PACKAGE).as_posix().removeprefix(".")


@pytest.mark.parametrize("layer", sorted({layer_of_file(path) for path in ALL_FILES}))
def test_imports_point_one_way(layer):
    assert layer in LAYERS, f"{layer} is not in the table of layers"
    for path in (path for path in ALL_FILES if layer_of_file(path) == layer):
        for name in imported(path):
            assert layer_of_name(name) in (None, *LAYERS[layer]), f"{path} imports {name}"


@pytest.mark.parametrize("library", LIBRARIES)
def test_libraries_stay_in_their_layers(library):
    for path in ALL_FILES:
        if any(name.split(".")[0] == library for name in imported(path)):
            assert layer_of_file(path) in LIBRARIES[library], path


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
        assert not (PACKAGE / "explore" / f"{name}.py").exists(), f"the module {name} would hide explore.{name}"
    for name in restoration.__all__:
        assert getattr(restoration, name).__doc__, name
        assert not (PACKAGE / f"{name}.py").exists(), f"the module {name} would hide restoration.{name}"
        assert not (PACKAGE / name).exists(), f"the package {name} would hide restoration.{name}"
    with pytest.raises(AttributeError):
        _ = restoration.no_such_name


def test_every_file_says_what_it_is():
    for path in PACKAGE.rglob("*.py"):
        assert ast.get_docstring(ast.parse(path.read_text())), path
