"""The benchmark of compressing measures what it says, by a small network that is not trained."""

import json

import numpy as np
import pytest
from codec.small_codec import install, some_image

from restoration.benchmark import __main__ as benchmark
from restoration.benchmark import compressing
from restoration.codec.rate_distortion import FORMATS
from restoration.photo import Photo
from restoration.tasks import compress as task


@pytest.fixture
def folder(codec, monkeypatch, tmp_path):
    install(codec, monkeypatch)
    monkeypatch.setattr(compressing, "card_for", lambda _task, _preset: codec.card)
    monkeypatch.setattr(compressing, "in_fresh_process", lambda function, *arguments: function(*arguments))
    monkeypatch.setattr(compressing, "TIMED_MEGAPIXELS", 0.01)
    for index in range(2):
        Photo(some_image(48, 64, seed=index)).save(tmp_path / f"{index}.png")
    return tmp_path


def test_the_command_measures_curves_times_and_memory(folder, capsys):
    path = folder / "figures.json"
    options = ["--images", f"mine={folder}", "--json", str(path), "--rounds", "1", "--memory-megapixels", "0.01"]
    benchmark.main(["compress", *options])
    found = json.loads(path.read_text())
    own = found["sets"]["mine"]
    assert own["curves"].keys() == {"compress-small-1", compressing.PCA, *FORMATS}
    assert len(own["curves"]["compress-small-1"]) == 6
    image = Photo.open(folder / "0.png").pixels
    expected = np.mean([len(task.compress(Photo.open(folder / f"{index}.png").pixels, 1)) for index in range(2)])
    assert own["curves"]["compress-small-1"][0]["bits_per_pixel"] == pytest.approx(8 * expected / image[..., 0].size)
    assert found["seconds"]["encode"].keys() == {"compress-small-1", *FORMATS}
    assert found["memory"]["peak_megabytes"] > 50
    assert "against JPEG" in capsys.readouterr().out
    text = compressing.table(found)
    assert "mine, 2 images" in text
    assert "compress-small-1" in text


def test_a_card_is_measured_beside_jpeg_in_as_many_bytes(codec, monkeypatch):
    monkeypatch.setattr(compressing, "photographs", lambda *_: [some_image(64, 64)])
    scores = compressing.score_card(codec.card)
    assert list(scores) == ["quality 2, dB", "quality 4, dB", "quality 6, dB"]
    assert all(np.isfinite(scores[name]).all() for name in scores)


def test_what_is_no_folder_is_a_sentence():
    with pytest.raises(SystemExit, match="names no folder"):
        compressing.folders_of(["cbsd68"])


def test_without_a_network_it_is_said(monkeypatch, tmp_path):
    monkeypatch.setattr(task, "models", lambda: [])
    with pytest.raises(SystemExit, match="not installed"):
        benchmark.main(["compress", "--images", f"a={tmp_path}"])
