"""`compress` and `decompress` on files, by a small network that is not trained."""

import json

import pytest
from codec.small_codec import install, some_image

import restoration
from restoration.cli.main import main
from restoration.tasks import compress as task


@pytest.fixture
def folder(codec, monkeypatch, tmp_path):
    install(codec, monkeypatch)
    monkeypatch.chdir(tmp_path)
    restoration.Photo(some_image(64, 96)).save(tmp_path / "a.png")
    return tmp_path


def test_a_file_goes_there_and_back(folder, capsys):
    assert main(["compress", "a.png", "a.ldc", "--quality", "2", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    data = (folder / "a.ldc").read_bytes()
    assert report["notes"][0].startswith(f"{len(data)} bytes")
    assert data == restoration.compress(restoration.Photo.open("a.png").pixels, 2)
    assert main(["decompress", "a.ldc", "b.png"]) == 0
    decoded = restoration.Photo.open(folder / "b.png").pixels
    assert restoration.psnr(decoded, restoration.decompress(data)) > 50  # 8 bits


def test_folders_keep_their_tree(folder, capsys):
    (folder / "in" / "deep").mkdir(parents=True)
    for name in ("in/a.png", "in/deep/b.png", "in/notes.txt", "in/broken.png"):
        content = (folder / "a.png").read_bytes()
        (folder / name).write_bytes(content[:60] if "broken" in name else content)
    assert main(["compress", "in", "small/"]) == 1
    said = capsys.readouterr()
    assert "broken.png: " in said.err
    assert "notes.txt: skipped" in said.err
    assert sorted(path.name for path in folder.glob("small/**/*.ldc")) == ["a.ldc", "b.ldc"]
    assert main(["decompress", "small", "back/", "--format", "webp"]) == 0
    assert sorted(path.relative_to(folder / "back").as_posix() for path in folder.glob("back/**/*.webp")) == [
        "a.webp",
        "deep/b.webp",
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["compress"], "SOURCE and TARGET are missing"),
        (["compress", "a.png", "a.ldc", "--quality", "7"], "The quality is 7.0; it must be a number between 1 and 6"),
        (["compress", "a.png", "a.ldc", "--quality", "nan"], "The quality is nan"),
        (["compress", "a.png", "-", "--json"], "standard output"),
        (["decompress", "a.ldc", "b.png", "--quality", "0"], "quality is 0"),
    ],
)
def test_wrong_usage_is_one_line(folder, capsys, arguments, words):
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1
    assert [path.name for path in folder.iterdir()] == ["a.png"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["compress", "nowhere.png", "a.ldc"], "nowhere.png: There is no such file"),
        (["compress", "a.png", "b.png"], "ends in .ldc"),
        (["compress", "a.png", "nowhere/a.ldc"], "There is no folder nowhere"),
        (["compress", "a.png", "a.ldc", "--max-megapixels", "0.001"], "megapixel"),
        (["decompress", "a.png", "b.png"], "a.png: This is no .ldc file"),
        (["decompress", "a.png", "a.png"], "source itself"),
    ],
)
def test_a_failure_is_one_sentence(folder, capsys, arguments, words):
    assert main(arguments) == 1
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1
    assert [path.name for path in folder.iterdir()] == ["a.png"]


def test_nothing_is_replaced_unasked(folder, capsys):
    (folder / "a.ldc").write_bytes(b"mine")
    assert main(["compress", "a.png", "a.ldc"]) == 1
    assert "There is such a file already" in capsys.readouterr().err
    assert (folder / "a.ldc").read_bytes() == b"mine"
    assert main(["compress", "a.png", "a.ldc", "--overwrite"]) == 0
    assert (folder / "a.ldc").read_bytes().startswith(b"LDC")


def test_without_a_network_it_is_said(folder, capsys, monkeypatch):
    monkeypatch.setattr(task, "models", lambda: [])
    assert main(["compress", "a.png", "a.ldc"]) == 1
    assert "is not installed" in capsys.readouterr().err
    assert not (folder / "a.ldc").exists()
