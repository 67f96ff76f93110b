"""Photographs in the background: measured, restored, stopped; and an archive of results."""

import threading
import zipfile
from pathlib import Path

import pytest
from box import TONE, fill

from restoration.batch.background import BackgroundBatch
from restoration.batch.errors import BatchError
from restoration.batch.restore_file import OutputOptions
from restoration.batch.zip_results import write_zip
from restoration.photo import Photo
from restoration.pipeline import Pipeline, plan

NAMES = ["a.png", "b.png", "c.png"]


@pytest.fixture
def make(tmp_path):
    """Give ``make(**settings)`` -> BackgroundBatch of three photographs and one that is broken."""
    source = fill(tmp_path / "in", NAMES)
    (source / "broken.png").write_bytes((source / "a.png").read_bytes()[:60])

    def make(**settings):
        photos = BackgroundBatch(source, tmp_path / "out", options=OutputOptions(), name="{stem}.{ext}", **settings)
        for name in [*NAMES, "broken.png"]:
            photos.add(Path(name))
        return photos

    return make


def states(photos):
    return {str(path): row.state for path, row in photos.rows.items()}


def test_each_is_measured_then_gets_what_it_needs_or_what_was_chosen_for_it(make):
    photos = make()
    photos.look()
    assert photos.wait(60)
    source = Photo.open(photos.source / "a.png")
    assert photos.rows[Path("a.png")].proposed == plan(source).pipeline
    assert photos.rows[Path("a.png")].found == tuple(finding.words for finding in plan(source).findings)
    assert states(photos)["broken.png"] == "failed"
    own = Pipeline.parse("tone strength=0.5")
    for name in NAMES:
        photos.choose(Path(name), own if name == "b.png" else TONE)
    photos.restore(None)
    assert photos.wait(60)
    assert states(photos) == {**dict.fromkeys(NAMES, "done"), "broken.png": "failed"}
    assert "broken.png" not in photos.rows[Path("broken.png")].message
    assert photos.state.summary.done == 3
    assert (photos.target / "b.png").read_bytes() == own.run(Photo.open(photos.source / "b.png")).to_bytes("PNG")
    photos.choose(Path("b.png"), TONE)
    photos.restore(None)
    assert photos.wait(60)
    assert (photos.state.summary.done, photos.state.summary.unchanged) == (1, 2)


@pytest.mark.parametrize("why", ["cancelled", "nobody is there"])
def test_it_stops_at_a_tile_and_goes_on_later(make, why):
    here, second = [True], threading.Event()

    def before_each(_megapixels, check):
        if photos.state.name == "b.png" and not second.is_set():
            second.set()
            here[0] = False
            if why == "cancelled":
                photos.stop()
        check()

    photos = make(before_each=before_each, is_wanted=lambda: here[0] or why == "cancelled")
    photos.restore(TONE)
    assert photos.wait(60)
    assert second.is_set()
    assert "done" not in states(photos)["b.png"]
    assert states(photos)["c.png"] == "waiting"
    here[0] = True
    photos.restore(TONE)
    assert photos.wait(60)
    assert [states(photos)[name] for name in NAMES] == ["done"] * 3
    assert photos.state.problem == ""


def test_what_ends_a_run_is_one_sentence(make, tmp_path):
    def full(_megapixels, _check):
        raise BatchError("The disk is full.")

    photos = make(before_each=full)
    photos.restore(TONE)
    assert photos.wait(60)
    assert photos.state.problem == "The disk is full."
    assert set(states(photos).values()) == {"waiting"}


def test_an_archive_holds_the_files_and_fails_in_one_sentence(tmp_path):
    folder = fill(tmp_path / "in", ["a.png", "deep/b.png"])
    paths = [Path("a.png"), Path("deep/b.png")]
    write_zip(tmp_path / "all.zip", folder, paths)
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert archive.namelist() == ["a.png", "deep/b.png"]
        assert archive.read("deep/b.png") == (folder / "deep/b.png").read_bytes()
    with pytest.raises(BatchError, match="cannot be written"):
        write_zip(tmp_path / "all.zip", folder, [Path("gone.png")])
    assert zipfile.is_zipfile(tmp_path / "all.zip")
