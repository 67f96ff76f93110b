"""The page Scan: a low dose is denoised, own files are read, and every file says that it is not for diagnosis."""

import io

import numpy as np
import pytest
from page_harness import PageHarness

from restoration.degrade import phantoms
from restoration.degrade.phantoms import random_phantom
from restoration.image.hounsfield import NOT_FOR_DIAGNOSIS, window_rmse
from restoration.inference.card import presets
from restoration.ui.explore import scan_source, scan_views

pytestmark = pytest.mark.skipif(not presets("scan"), reason="The network for scans is not published.")
SIDE = 96


@pytest.fixture
def page(repo, monkeypatch):
    """The page with a small phantom, so that a scan takes no second."""
    monkeypatch.setattr(scan_source, "disc_phantom", lambda: phantoms.disc_phantom(SIDE))
    page = PageHarness(repo, monkeypatch, "pages/scan.py", scan=scan_source.DISCS, dose="5")
    page.results = []
    page.spy(scan_views, "show_viewer", lambda result, *_: page.results.append(result))
    return page


def npy(array):
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def test_a_low_dose_is_denoised_and_every_view_is_drawn(page):
    page.open()
    assert not page.errors
    result = page.results[-1]
    assert result.before.shape == result.after.shape == (SIDE, SIDE)
    for view in (scan_views.PROFILE, scan_views.METHODS, scan_views.CONTRAST, scan_views.LARGER, scan_views.CARD):
        assert bool(page.app.success) == (view in (scan_views.LARGER, scan_views.CARD))  # the discs were looked at
        page.set("button_group", "scan-closer", view)
        assert not page.errors
    page.set("slider", "dose", 100)
    assert window_rmse(page.results[-1].before, result.truth) < window_rmse(result.before, result.truth) / 3


def test_own_slices_are_denoised_as_they_came_and_downloads_say_what_they_are_not_for(page):
    pytest.importorskip("pydicom", reason="pip install 'latent-darkroom[scan]'")
    page.open(scan=scan_source.OWN)
    volume = np.stack([random_phantom(48, seed=seed) for seed in range(3)])
    page.set("file_uploader", "scan-files", [("Doe_Jane.npy", npy(volume), "application/octet-stream")])
    assert not page.errors
    assert page.results[-1].truth is None
    np.testing.assert_array_equal(page.results[-1].before, volume[1])
    page.set("slider", next(slider.key for slider in page.app.slider if slider.label == "Slice"), 3)
    np.testing.assert_array_equal(page.results[-1].before, volume[2])
    offered = dict(page._offered)
    assert set(offered) == {"denoised-not-for-diagnosis.dcm", "denoised-not-for-diagnosis.png"}
    for make in offered.values():
        data = make()
        assert NOT_FOR_DIAGNOSIS.encode() in data
        assert b"Jane" not in data
    page.click("Denoise all 3 slices")
    assert not page.errors
    assert dict(page._offered)["denoised-not-for-diagnosis.zip"].startswith(b"PK")


def test_a_file_that_is_no_scan_is_one_sentence(page):
    page.open(scan=scan_source.OWN)
    page.set("file_uploader", "scan-files", [("x.dcm", b"x" * 500, "application/dicom")])
    assert len(page.errors) == 1
    assert "no DICOM slice" in page.errors[0]
