"""Pairs of scans: what the network is given is what it should return, and noise; no patient is on two sides."""

from pathlib import Path

import numpy as np
import pytest

from restoration.degrade.phantoms import random_phantom
from restoration.inference.scan_units import conditioning
from restoration.train import scan_pairs
from restoration.train.scan_pairs import (
    DOSES,
    ScanPatches,
    read_slices,
    simulated_scans,
    split_by_patient,
)

SLICES = [random_phantom(96, seed=seed) for seed in range(2)]


@pytest.fixture(scope="module")
def scans(tmp_path_factory):
    """Scans of two small phantoms, written to a file and read again, with two phantoms of the module's own."""
    cache = tmp_path_factory.mktemp("scans") / "scans.npz"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scan_pairs, "PHANTOMS", 2)
        made = simulated_scans(SLICES, 1, cache)
        read = simulated_scans([], 1, cache)
    for one, other in zip(made, read, strict=True):
        np.testing.assert_array_equal(one.truth, other.truth)
        np.testing.assert_array_equal(one.noises, other.noises)
        assert one.doses == pytest.approx(other.doses)
    return read


def test_a_scan_has_noise_for_each_dose(scans):
    assert [len(scan.noises) for scan in scans] == [4, 4, 1, 1]
    deviations = [noise.astype(np.float32).std() for noise in scans[0].noises]
    assert deviations == sorted(deviations, reverse=True)
    np.testing.assert_allclose(np.square(deviations) * scans[0].doses, deviations[-1] ** 2 * DOSES[-1], rtol=0.3)
    assert np.abs(scans[0].truth - SLICES[0]).mean() < 30


def test_batches_are_noisy_and_true_patches_with_their_level(scans):
    patches = ScanPatches(scans, seed=2)
    given, truth = patches.batch(5, 48, 40)
    assert given.shape == (40, 48, 48, 3)
    assert truth.shape == (40, 48, 48, 1)
    assert given.dtype == truth.dtype == np.float32
    np.testing.assert_array_equal(given, patches.batch(5, 48, 40)[0])
    levels, known = given[:, 0, 0, 1], given[:, 0, 0, 2]
    assert set(known) == {0, 1}
    assert not levels[known == 0].any()
    noise = (given[..., :1] - truth).std(axis=(1, 2, 3))
    assert np.corrcoef(noise[known == 1], levels[known == 1])[0, 1] > 0.5
    cut = ScanPatches(scans, seed=2, cut=True).batch(5, 48, 40)
    assert all(part[..., 0].min() == 0 and part[..., 0].max() == 1 for part in cut)


def test_the_level_is_that_of_the_dose():
    assert conditioning(None) == (0, 0)
    assert conditioning(0.25)[0] == pytest.approx(2 * conditioning(1)[0])


def test_a_folder_without_an_index_is_told(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no index\.csv"):
        list(read_slices(tmp_path))


def test_no_patient_is_on_two_sides(tmp_path):
    from PIL import Image

    lines = ["file,patient,collection"]
    patients = [*sorted(scan_pairs.TEST_PATIENTS), *sorted(scan_pairs.VALIDATION_PATIENTS), "another", "one more"]
    for number, patient in enumerate([*patients, "noisy"]):
        Image.fromarray(np.full((4, 4), 1024 + number, np.uint16)).save(tmp_path / f"{number}.png")
        lines.append(f"{number}.png,{patient},{'LIDC-IDRI' if patient == 'noisy' else 'TCGA-LUAD/LUSC'}")
    Path(tmp_path / "index.csv").write_text("\n".join(lines))
    slices = list(read_slices(tmp_path))
    parts = split_by_patient(slices)
    assert {name: len(part) for name, part in parts.items()} == {"training": 2, "validation": 2, "test": 6}
    values = [int(one[0, 0]) for part in parts.values() for one in part]
    assert sorted(values) == list(range(10))
    assert not scan_pairs.TEST_PATIENTS & scan_pairs.VALIDATION_PATIENTS
