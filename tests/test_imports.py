"""The rules of the house: who may import whom, and what `import restoration` costs."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import restoration

ROOT = Path(restoration.__file__).parent
# Room -> what it must never import, even inside a function.
FORBIDDEN = {
    "photo": ("restoration.model", "restoration.tasks", "keras", "tensorflow", "streamlit"),
    "light.py": ("restoration", "keras", "tensorflow", "streamlit", "cv2"),
    "camera.py": ("restoration", "keras", "tensorflow", "streamlit"),
    "degrade.py": ("restoration.model", "restoration.tasks", "restoration.photo", "keras", "tensorflow", "streamlit"),
    "metrics.py": ("restoration", "keras", "tensorflow", "streamlit"),
    "painting.py": ("restoration.model", "restoration.tasks", "restoration.photo", "keras", "streamlit"),
    "tiles.py": ("restoration", "keras", "tensorflow", "streamlit"),
    "networks": ("restoration.model", "restoration.tasks", "restoration.photo", "tensorflow", "streamlit"),
    "model.py": ("keras", "tensorflow", "streamlit", "restoration.photo"),
    "machine.py": ("restoration", "keras", "tensorflow", "streamlit"),
    "exported.py": ("restoration.engine", "restoration.model", "tensorflow", "streamlit"),
    "train": ("restoration.benchmark", "restoration.engine", "restoration.model", "tensorflow", "streamlit"),
}
# Room -> the one that it may import all the same.
ALLOWED = {"camera.py": "restoration.light", "metrics.py": "restoration.image"}


def imported(path):
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


@pytest.mark.parametrize(("room", "forbidden"), FORBIDDEN.items())
def test_rooms_import_one_way(room, forbidden):
    paths = [ROOT / room] if room.endswith(".py") else (ROOT / room).glob("*.py")
    for path in paths:
        found = {name for name in imported(path) for no in forbidden if name == no or name.startswith(f"{no}.")}
        allowed = ALLOWED.get(room, "nothing")
        assert not {name for name in found if name != allowed and not name.startswith(f"{allowed}.")}, path


def test_only_ui_and_pages_know_streamlit_and_only_the_engine_knows_what_runs():
    for path in ROOT.rglob("*.py"):
        roots = {name.split(".")[0] for name in imported(path)}
        assert "streamlit" not in roots or path.parent.name == "ui", path
        assert "tensorflow" not in roots or path.name == "engine.py" or path.parent.name == "benchmark", path
        assert "openvino" not in roots or path.name == "exported.py", path


def test_import_restoration_is_light():
    code = (
        "import sys, restoration; restoration.Photo; restoration.models();"
        "print([m for m in ('keras', 'tensorflow', 'openvino', 'streamlit', 'skimage', 'cv2') if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT.parent)
    assert shown.stdout.strip() == "[]"


def test_every_public_name_is_there_and_documented():
    from restoration import explore

    for name in explore.__all__:
        assert getattr(explore, name).__doc__, name
    for name in restoration.__all__:
        assert getattr(restoration, name).__doc__, name
        assert not (ROOT / f"{name}.py").exists(), f"importing the room {name} would hide restoration.{name}"
    with pytest.raises(AttributeError):
        _ = restoration.no_such_name


def test_nothing_is_left_unsaid():
    """No file of the package without a first line that says what it is."""
    for path in ROOT.rglob("*.py"):
        assert ast.get_docstring(ast.parse(path.read_text())), path
