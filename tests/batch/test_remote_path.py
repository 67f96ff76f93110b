"""Photographs at addresses of fsspec: the same results, and the same ledger, as in folders."""

import zipfile
from pathlib import Path

import platformdirs
import pytest
from box import TONE, Watching, fill, run, states

from restoration.batch.batch import Batch
from restoration.batch.errors import BatchError
from restoration.batch.remote_path import place_at
from restoration.batch.restore_file import OutputOptions
from restoration.cli.main import main

fsspec = pytest.importorskip("fsspec")

NAMES = ["a.jpg", "deep/c.png", "deep/er/b \u2603.png"]  # in the order of the scan


@pytest.fixture
def memory(tmp_path, monkeypatch):
    """Give a file system in memory, empty; ledgers go into the test's folder."""
    monkeypatch.setattr(platformdirs, "user_data_path", lambda *_, **__: tmp_path / "data")
    system = fsspec.filesystem("memory")
    yield system
    system.rm("/", recursive=True)


@pytest.fixture
def source(tmp_path):
    return fill(tmp_path / "in", NAMES)


def put(system, folder, at):
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        system.pipe_file(f"{at}/{path.relative_to(folder).as_posix()}", path.read_bytes())


def test_from_an_address_to_another_the_results_are_those_of_folders(tmp_path, source, memory):
    put(memory, source, "/in")
    memory.pipe_file("/in/broken.png", b"x")
    memory.pipe_file("/in/deep/Thumbs.db", b"x")
    reports = run(place_at("memory://in"), place_at("memory://in/out"))
    assert states(reports) == {
        **dict.fromkeys(NAMES, "done"),
        **{"broken.png": "failed", "deep/Thumbs.db": "skipped"},
    }
    assert reports["broken.png"].message.startswith("memory://in/broken.png: ")
    run(source, tmp_path / "out")
    for name in NAMES:
        assert memory.cat_file(f"/in/out/{name}") == (tmp_path / "out" / name).read_bytes()
    assert sorted(memory.find("/in/out")) == sorted(f"/in/out/{name}" for name in NAMES)
    assert len(list((tmp_path / "data" / "ledgers").glob("*.sqlite"))) == 1


def test_the_ledger_of_an_address_goes_on_where_it_was(source, memory, tmp_path):
    target = place_at("memory://out")
    assert list(states(run(source, target, watching=Watching(stop_at=2)))) == NAMES[:1]
    assert list(states(run(source, target)).values()) == ["unchanged", "done", "done"]
    memory.pipe_file("/out/a.jpg", b"retouched")
    memory.rm_file("/out/deep/c.png")
    again = run(source, target)
    assert states(again) == dict(zip(NAMES, ["failed", "done", "unchanged"], strict=True))
    assert memory.cat_file("/out/a.jpg") == b"retouched"
    memory.pipe_file("/other/a.jpg", b"mine")
    assert "such a file already" in run(source, place_at("memory://other"))["a.jpg"].message
    first = Batch(source, target, TONE)
    with pytest.raises(BatchError, match="Another run works on memory://out"):
        Batch(source, place_at("memory://out/"), TONE)
    first.close()


def test_an_archive_is_read_in_its_place_and_names_that_lead_elsewhere_are_passed_over(source, tmp_path):
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        for name in NAMES:
            archive.write(source / name, f"prints/{name}")
        archive.writestr("prints/deep/..", b"x")
    reports = run(place_at(f"zip://prints::{tmp_path / 'in.zip'}"), tmp_path / "out")
    assert sorted(report.state for report in reports.values()) == ["done"] * 3 + ["skipped"]


def test_a_file_of_the_disk_is_no_address(source, tmp_path):
    assert place_at(f"file://{source}") == source
    assert place_at(str(source)) == source


@pytest.mark.parametrize(
    ("places", "words"),
    [
        (("memory://none", "memory://out"), "memory://none is no folder"),
        (("nowhere://a", "memory://out"), "nowhere://a: This folder cannot be used: .*nowhere"),
        (("memory://in", "memory://in"), "among the sources"),
    ],
)
def test_addresses_that_do_not_serve_are_one_sentence(memory, source, capsys, places, words):
    put(memory, source, "/in")
    with pytest.raises(BatchError, match=words):
        Batch(*map(place_at, places), TONE)
    assert main(["batch", *places, "--steps", "tone"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_what_a_system_raises_is_the_failure_of_its_file(memory, source, monkeypatch):
    put(memory, source, "/in")
    usual = type(memory).cat_file

    def refuse(self, path, *rest, **settings):
        if "c.png" in path:
            raise RuntimeError("AccessDenied: no key\nand more")
        return usual(self, path, *rest, **settings)

    monkeypatch.setattr(type(memory), "cat_file", refuse)
    reports = run(place_at("memory://in"), place_at("memory://out"))
    assert states(reports) == {**dict.fromkeys(NAMES, "done"), "deep/c.png": "failed"}
    assert "It cannot be read: AccessDenied: no key." in reports["deep/c.png"].message
    with pytest.raises(BatchError, match="no times"):
        Batch(place_at("memory://in"), place_at("memory://out"), TONE, options=OutputOptions(keep_times=True))


def test_the_command_says_where_the_ledger_is(memory, source, capsys):
    assert main(["batch", str(source), "memory://out", "--steps", "tone"]) == 0
    first, second = capsys.readouterr().err.splitlines()[:2]
    assert Path(first.removeprefix("The ledger is ").removesuffix(".")).suffix == ".sqlite"
    assert second.startswith("3 done in ")
