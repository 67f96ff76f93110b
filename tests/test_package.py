"""The wheel: what it holds, and that it works in an environment of its own, outside the repository."""

import json
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest
from conftest import run_server
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import restoration

# Lock -> extras and groups that it covers.
LOCKS = {"requirements.txt": ["build"], "tests/requirements.txt": ["batch", "heic", "build", "test"]}
# Folder in the repository -> where its files lie in the wheel.
PLACES = {
    "restoration/": "restoration/",
    "weights/": "restoration/weights/",
    "pages/": "restoration/app/pages/",
    ".streamlit/": "restoration/app/.streamlit/",
    "streamlit_app.py": "restoration/app/streamlit_app.py",
}


@pytest.fixture(scope="module")
def wheel(repo, tmp_path_factory):
    """Give the wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", folder, repo]
    subprocess.run(build, check=True, capture_output=True, text=True)
    (built,) = folder.glob("latent_darkroom-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Give the folder of commands of a fresh environment that holds the wheel, and finds what it needs in ours."""
    environment = tmp_path_factory.mktemp("environment")
    venv.create(environment)
    python = _commands(environment) / "python"
    install = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", wheel]
    subprocess.run(install, check=True, capture_output=True, text=True)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(environment)}))
    # The .pth files of a folder that is named in a .pth file are not read: the checkout itself stays out of reach.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return _commands(environment)


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """Give an empty folder as the working directory, with a noisy photograph and a cache without networks."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    clean = np.full((40, 60, 3), 0.5, np.float32)
    restoration.Photo(restoration.add_noise(clean, seed=0)).save("a.jpg")
    return tmp_path


def _commands(environment):
    return environment / ("Scripts" if os.name == "nt" else "bin")


def test_the_wheel_holds_every_file_of_the_package_the_weights_and_the_app(repo, wheel):
    list_files = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    files = subprocess.run(list_files, cwd=repo, capture_output=True, text=True, check=True).stdout.split()
    expected = {file.replace(place, PLACES[place], 1) for file in files for place in PLACES if file.startswith(place)}
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert held == expected
    assert {"restoration/weights/denoise-fast-8.weights.h5", "restoration/ui/icon.png"} <= held


def test_the_installed_command_exports_a_network_and_denoises(installed, elsewhere):
    command = [installed / "latent-darkroom", "denoise", "a.jpg", "b.png", "--preset", "fast", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert next(iter(json.loads(done.stdout)["steps"][0]["networks"])).startswith("denoise-fast-")
    assert list((elsewhere / "cache").rglob("denoise-fast-*.openvino")), "the network was not exported"
    noisy, restored = (restoration.Photo.open(name).pixels for name in ("a.jpg", "b.png"))
    assert restored.std() < noisy.std() / 2


def test_the_installed_package_is_imported_and_run_as_a_module(installed, elsewhere):
    show = "import restoration; print(restoration.__file__); print(len(restoration.models()))"
    done = subprocess.run([installed / "python", "-c", show], capture_output=True, text=True, check=True)
    file, models = done.stdout.split()
    assert Path(file).is_relative_to(installed.parent)
    assert int(models) == len(restoration.models())
    by_command, by_module = (
        subprocess.run([*command, "--help"], capture_output=True, text=True, check=True).stdout
        for command in ([installed / "latent-darkroom"], [installed / "python", "-m", "restoration"])
    )
    assert by_command == by_module
    assert {"app", "restore", "denoise", "replay", "models"} <= set(re.findall(r"^ {2}(\w+)", by_module, re.M))


def test_the_installed_app_opens_with_its_theme_and_settings(repo, installed, elsewhere, browser):
    command = [str(installed / "latent-darkroom"), "app", "--no-browser", "--port", "{port}"]
    theme = tomllib.loads((repo / ".streamlit" / "config.toml").read_text())["theme"]["light"]
    with run_server(command, elsewhere) as server:
        page = browser.new_page(color_scheme="light")
        page.goto(f"{server.address}/upscale")
        page.locator(".viewer[data-ready=true]").wait_for(timeout=120_000)
        color = page.locator(".stApp").evaluate("element => getComputedStyle(element).backgroundColor")
        page.close()
    assert "#" + "".join(f"{int(value):02x}" for value in re.findall(r"\d+", color)) == theme["backgroundColor"]
    assert f"URL: {server.address}" in server.log  # which the settings narrow to this computer
    assert "Traceback" not in server.log


def test_without_a_command_the_app_opens(monkeypatch):
    from restoration.cli import main, open_app

    opened = []
    monkeypatch.setattr("streamlit.web.cli.main", lambda arguments, **_: opened.append(arguments))
    assert main.main([]) == 0
    assert main.main(["app", "--port", "8600"]) == 0
    (run, script, port, *_), (*_, other_port, _) = opened
    assert (run, script, port) == ("run", str(open_app.APP / "streamlit_app.py"), "--server.port=8501")
    assert other_port == "--server.port=8600"
    assert Path(script).exists()


@pytest.mark.parametrize("lock", LOCKS)
def test_each_direct_dependency_is_locked_within_its_range(repo, lock):
    project = tomllib.loads((repo / "pyproject.toml").read_text())
    named = project["project"]["optional-dependencies"] | project["dependency-groups"]
    lines = [*project["project"]["dependencies"], *(line for name in LOCKS[lock] for line in named[name])]
    wanted = [line for line in lines if isinstance(line, str)]  # not {"include-group": ...}
    locked = _locked(repo / lock)
    for requirement in map(Requirement, wanted):
        versions = locked.get(canonicalize_name(requirement.name))
        assert versions, f"{requirement.name} is not in {lock}; make it anew by the command in its head"
        assert all(requirement.specifier.contains(version) for version in versions), (requirement, versions)


@pytest.mark.parametrize("lock", LOCKS)
def test_everything_that_is_locked_has_hashes(repo, lock):
    text = (repo / lock).read_text().replace("\\\n", " ")  # one requirement with its hashes a line
    bare = [line for line in text.splitlines() if not line.startswith("#") and "--hash=sha256:" not in line]
    assert not bare, "make the lock anew by the command in its head"


def test_the_tests_run_with_the_versions_that_the_app_is_locked_to(repo):
    app, tests = (_locked(repo / lock) for lock in LOCKS)
    assert app.items() <= tests.items()
    for name in ("keras", "numpy", "openvino", "streamlit"):
        assert version(name) in app[name], f"{name} {version(name)} is installed"


def _locked(path):
    """Return {name: versions} of a lock, one version for each marker."""
    versions = {}
    for line in path.read_text().splitlines():
        if not line.startswith(("#", " ")):
            requirement = Requirement(line.removesuffix("\\"))
            (one,) = requirement.specifier
            assert one.operator == "==", line
            versions.setdefault(canonicalize_name(requirement.name), []).append(one.version)
    return versions
