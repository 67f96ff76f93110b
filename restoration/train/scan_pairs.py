"""Pairs of slices at a low dose and free of noise: what a network that denoises scans sees in training."""

import csv
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from restoration.degrade.low_dose import detect, project, reconstruct
from restoration.degrade.phantoms import paint_random_disc, random_phantom
from restoration.image.types import Array
from restoration.inference.scan_units import conditioning, to_network
from restoration.scan.sample_slices import read_stored_slice

# Never in training: the benchmark measures on their slices alone.
TEST_PATIENTS = frozenset(
    {"TCGA-17-Z013", "TCGA-17-Z021", "TCGA-60-2695", "TCGA-60-2696", "TCGA-92-7340", "TCGA-92-8065"}
)
VALIDATION_PATIENTS = frozenset({"TCGA-17-Z045", "TCGA-38-6178"})
TRUE_COLLECTION = "TCGA-LUAD/LUSC"  # its slices have less than 6 HU of noise, so that they can stand for the truth

DOSES = (0.02, 0.04, 1 / 12, 0.2)  # simulated: from here on up, noise of another dose is the same but for its strength
STRONGER = (-1.15, 0.35)  # powers of two that the noise of a patch is multiplied by: doses from 0.012 to 1
PHANTOMS = 30
SCAN_IN_WORDS = (
    "low-dose scans by parallel projection, Poisson noise of 1 to 100 % of the dose and filtered back projection; "
    f"random phantoms ({PHANTOMS}), discs of low contrast drawn into half of the patches; the dose given in half of "
    "them, 20 % wrong on average"
)


class ScanSlice(NamedTuple):
    """A slice that was read, and of whom it is."""

    patient: str
    values: Array  # (H, W) float32, in HU


class SimulatedScan(NamedTuple):
    """A slice as a scan free of noise shows it, and the noise of a scan at each of some doses."""

    truth: Any  # (H, W) float16, in HU
    noises: list[Any]  # (H, W) float16, in HU, one per dose
    doses: Sequence[float]


def read_slices(folder: str | Path) -> Iterator[ScanSlice]:
    """Read the slices that ``index.csv`` of a folder lists and that are clean enough to be the truth.

    Raises
    ------
    FileNotFoundError
        If there is no index.
    """
    index = Path(folder) / "index.csv"
    if not index.exists():
        raise FileNotFoundError(
            f"{folder} has no index.csv of its slices; give a folder with one (columns file, patient, collection)."
        )
    with index.open(newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["collection"] == TRUE_COLLECTION]
    for row in sorted(rows, key=lambda row: row["file"]):
        yield ScanSlice(row["patient"], read_stored_slice(index.with_name(row["file"])))


def split_by_patient(slices: Sequence[ScanSlice]) -> dict[str, list[Array]]:
    """Return the slices of each part: ``training``, ``validation`` and ``test``; no patient is in two."""
    parts: dict[str, list[Array]] = {"training": [], "validation": [], "test": []}
    for patient, values in slices:
        name = "test" if patient in TEST_PATIENTS else "validation" if patient in VALIDATION_PATIENTS else "training"
        parts[name].append(values)
    return parts


def simulate(slice_hu: Array, doses: Sequence[float], seed: Sequence[int]) -> SimulatedScan:
    """Scan a slice once without noise and once at each dose.

    Parameters
    ----------
    slice_hu : ndarray of shape (H, W), in HU
    doses, seed
    """
    generator = np.random.default_rng(seed)
    sinogram = project(slice_hu)
    truth = reconstruct(sinogram, slice_hu.shape)
    noises = [reconstruct(detect(sinogram, dose, seed=generator) - sinogram, slice_hu.shape) + 1000 for dose in doses]
    return SimulatedScan(truth.astype(np.float16), [noise.astype(np.float16) for noise in noises], doses)


def simulated_scans(slices: Sequence[Array], seed: int, cache: str | Path | None = None) -> list[SimulatedScan]:
    """Simulate the scans of slices at every dose, and of phantoms at one each; kept in a file, as it takes minutes.

    Parameters
    ----------
    slices : ndarrays of shape (512, 512), in HU
    seed : int
    cache
        The file (npz); read where it exists.
    """
    if cache is not None and Path(cache).exists():
        with np.load(cache) as kept:
            stored = zip(kept["truths"], np.split(kept["noises"], kept["ends"]), kept["doses"], strict=True)
            return [SimulatedScan(truth, list(noises), doses[doses > 0].tolist()) for truth, noises, doses in stored]
    scans = [simulate(values, DOSES, [seed, 0, number]) for number, values in enumerate(slices)]
    for number in range(PHANTOMS):
        phantom = random_phantom(slices[0].shape[0], seed=np.random.default_rng([seed, 1, number]))
        scans.append(simulate(phantom, [DOSES[number % len(DOSES)]], [seed, 2, number]))
    if cache is not None:
        np.savez(
            cache,
            truths=np.stack([scan.truth for scan in scans]),
            noises=np.concatenate([np.stack(scan.noises) for scan in scans]),
            ends=np.cumsum([len(scan.noises) for scan in scans])[:-1],
            doses=np.stack([np.pad(scan.doses, (0, len(DOSES) - len(scan.doses))) for scan in scans]),
        )
        logging.getLogger(__name__).info("%d simulated scans were written to %s.", len(scans), cache)
    return scans


class ScanPatches:
    """Batches of random patches, each a function of the seed and the step alone.

    Parameters
    ----------
    scans
    seed
    cut
        Cut slices off where the soft-tissue window ends, for a network that returns values from 0 to 1 only.
    """

    def __init__(self, scans: Sequence[SimulatedScan], seed: int, *, cut: bool = False):
        self.scans, self.seed, self.cut = scans, seed, cut

    def batch(self, step: int, side: int, count: int) -> tuple[Array, Array]:
        """Return (given, truth) of shapes (count, side, side, 3) and (count, side, side, 1), float32, for a step."""
        generator = np.random.default_rng([self.seed, step])
        pairs = [self._pair(generator, side) for _ in range(count)]
        given, truth = (np.stack(part) for part in zip(*pairs, strict=True))
        return given, truth

    def _pair(self, generator, side):
        scan = self.scans[generator.integers(len(self.scans))]
        chosen = generator.integers(len(scan.noises))
        stronger = 2 ** generator.uniform(*STRONGER)
        dose = min(scan.doses[chosen] / stronger**2, 1.0)
        part = _patch_with_body(generator, scan.truth, side)
        truth = scan.truth[part].astype(np.float32)
        noise = scan.noises[chosen][part].astype(np.float32) * np.float32(stronger)
        turns, mirrored = generator.integers(4), generator.random() < 0.5
        truth, noise = (np.rot90(one, turns)[:, :: -1 if mirrored else 1].copy() for one in (truth, noise))
        if generator.random() < 0.5:
            _paint_lesions(generator, truth)
        known = generator.random() < 0.5
        told = conditioning(float(np.clip(dose * np.exp(generator.normal(0, 0.2)), 0.01, 1)) if known else None)
        return pair_of(truth + noise, truth, told, cut=self.cut)


def pair_of(noisy_hu: Array, truth_hu: Array, told: Sequence[float], *, cut: bool = False) -> tuple[Array, Array]:
    """Return what a network is given and what it should return.

    Parameters
    ----------
    noisy_hu, truth_hu : ndarrays of shape (H, W), in HU
    told
        As `restoration.inference.scan_units.conditioning` returns it.
    cut
        As in `ScanPatches`.

    Returns
    -------
    given : ndarray of shape (H, W, 3), float32
    truth : ndarray of shape (H, W, 1), float32
    """
    noisy, truth = to_network(noisy_hu), to_network(truth_hu)
    if cut:
        noisy, truth = np.clip(noisy, 0, 1), np.clip(truth, 0, 1)
    given = np.empty((*noisy.shape, 1 + len(told)), np.float32)
    given[..., 0] = noisy
    given[..., 1:] = told
    return given, truth[..., None]


def _patch_with_body(generator, truth, side):
    """Choose a patch of which a fifth at least is no air; the last of some tries where there is none."""
    for _ in range(8):
        row, column = (int(generator.integers(length - side + 1)) for length in truth.shape)
        part = slice(row, row + side), slice(column, column + side)
        if np.mean(truth[part][::4, ::4] > -300) > 0.2:
            break
    return part


def _paint_lesions(generator, truth):
    """Draw discs of low contrast into a patch, in place, so that the network learns to keep them.

    Reconstruction is linear, so a disc drawn after it differs from a scanned one by the sharpness of its edge alone.
    """
    for _ in range(generator.integers(1, 6)):
        paint_random_disc(generator, truth, generator.uniform(0, truth.shape[0], 2), largest=9)
