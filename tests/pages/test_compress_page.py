"""The page Compress: the network beside other formats in as many bytes, or a sentence where there is no network."""

import numpy as np
import pytest
from codec.small_codec import install
from page_harness import PageHarness

import restoration
from restoration.photo import Photo
from restoration.photo.sample_photos import sample
from restoration.tasks import compress as task
from restoration.ui.explore import compress_views


@pytest.fixture
def page(repo, monkeypatch, codec):
    install(codec, monkeypatch)
    monkeypatch.setattr(compress_views, "CROP", 128)
    return PageHarness(repo, monkeypatch, "pages/compress.py", rate="0.5")


def test_without_a_network_it_says_so(repo, monkeypatch):
    monkeypatch.setattr(task, "models", lambda: [])
    page = PageHarness(repo, monkeypatch, "pages/compress.py").open()
    assert [info.value for info in page.app.info if "not installed" in info.value]
    assert not page.app.slider


def test_both_files_have_as_many_bytes_and_every_view_is_drawn(page):
    shown = []
    page.spy(compress_views, "show_pair", lambda *pair: shown.append(pair))
    page.open()
    assert not page.errors
    for name in compress_views.OTHERS:
        page.set("button_group", "beside", name)
        mine, other, label = shown[-1]
        assert label == name
        assert mine.image.shape == other.image.shape == (128, 128, 3)
        if name in ("WebP", "AVIF"):
            assert len(other.data) <= len(mine.data)
    for view in (compress_views.CURVES, compress_views.CODE, compress_views.BITS):
        page.set("button_group", "compress-closer", view)
        assert not page.errors


def test_the_whole_photograph_is_a_file_that_is_opened_again(page):
    page.open()
    page.click("Make the file")
    assert not page.errors
    name, data = page.file_name, page.download()
    assert name.endswith(".ldc")
    image = restoration.decompress(data)
    assert image.shape == sample("Coffee cup").pixels.shape
    page.set("file_uploader", "compressed-file", (name, data, ""))
    assert not page.errors
    opened = Photo.open(page.download(name.replace(".ldc", ".png"))).pixels
    assert np.abs(opened - image).max() < 0.51 / 255
    page.set("file_uploader", "compressed-file", (name, data[:-9], ""))
    assert len(page.errors) == 1
