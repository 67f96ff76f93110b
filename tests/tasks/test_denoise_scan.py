"""Denoising a slice helps, keeps its promises for any size and value, and refuses what is no slice."""

import numpy as np
import pytest

import restoration
from restoration.benchmark.scanning import scanned
from restoration.degrade.phantoms import contrast_kept, disc_phantom, random_phantom
from restoration.image.checks import ImageError
from restoration.image.hounsfield import window_rmse
from restoration.inference.card import card_for, presets
from restoration.inference.model import Model
from restoration.tasks.denoise_scan import denoised_by

pytestmark = pytest.mark.skipif("best" not in presets("scan"), reason="The network for scans is not published.")


@pytest.fixture(scope="module")
def scan():
    return scanned(random_phantom(seed=70), [0.1], [1])[0]


def test_it_helps_whether_the_dose_is_told_or_not(scan):
    before = window_rmse(scan.noisy, scan.truth)
    for dose in (0.1, None):
        restored = restoration.denoise_scan(scan.noisy, dose)
        assert restored.dtype == np.float32
        assert window_rmse(restored, scan.truth) < before / 3  # 9.5 dB


def test_discs_keep_their_contrast_at_the_full_dose():
    phantom, discs = disc_phantom(512)
    (full,) = scanned(phantom, [1], [2])
    large = [disc for disc in discs if disc.radius >= 5 and abs(disc.contrast) >= 40]
    kept = contrast_kept(restoration.denoise_scan(full.noisy, 1), full.truth, large)
    assert min(kept) > 0.85
    assert np.mean(kept) > 0.9


def test_tiles_give_what_the_whole_gives(scan):
    card = card_for("scan", "best")
    whole, tiled = Model(card, "float32", tile=640), Model(card, "float32", tile=320)
    assert len(tiled.tile_grid(*scan.noisy.shape)) >= 4
    np.testing.assert_allclose(
        denoised_by(tiled, scan.noisy, 0.1), denoised_by(whole, scan.noisy, 0.1), atol=0.02
    )  # in HU: 5e-5 of the soft-tissue window


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (7, 3), (33, 40)])
def test_every_size(shape):
    assert restoration.denoise_scan(np.zeros(shape, np.int16)).shape == shape


def test_padding_and_metal_stay(scan):
    marked = scan.noisy[:64, :64].copy()
    marked[:4], marked[60:] = -3024, 20_000
    restored = restoration.denoise_scan(marked)
    assert restored[:2].max() < -2900
    assert restored[62:].min() > 19_000


def test_strength_is_a_share_of_the_change(scan):
    part = scan.noisy[:64, :64]
    np.testing.assert_array_equal(restoration.denoise_scan(part, strength=0), part)
    half = (part + restoration.denoise_scan(part)) / 2
    np.testing.assert_allclose(restoration.denoise_scan(part, strength=0.5), half, atol=1e-3)


@pytest.mark.parametrize(
    ("given", "settings", "said"),
    [
        (np.zeros((4, 4, 3)), {}, "one slice of a volume"),
        (np.zeros((0, 4)), {}, "at least one pixel"),
        (np.full((4, 4), np.nan), {}, "not finite"),
        (np.full((4, 4), 1e6), {}, "air is -1000"),
        (np.array([["a"]]), {}, "Hounsfield units"),
        (np.zeros((4, 4)), {"dose": 2}, "dose is 2"),
        (np.zeros((4, 4)), {"strength": -1}, "strength is -1"),
        (np.zeros((4, 4)), {"preset": "fast"}, "choose one of best"),
    ],
)
def test_what_is_no_slice_is_one_sentence(given, settings, said):
    with pytest.raises(ImageError, match=said):
        restoration.denoise_scan(given, **settings)
