"""`scan`: low-dose slices of patients that no network has seen, beside classical methods; and contrast that is kept."""

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

import numpy as np

from restoration.benchmark.part_scores import PartScore, printed, write_report
from restoration.degrade.low_dose import detect, project, reconstruct
from restoration.degrade.phantoms import contrast_kept, disc_phantom, random_phantom
from restoration.image.hounsfield import window_rmse
from restoration.image.types import Array
from restoration.inference.card import Card, models
from restoration.inference.model import Model
from restoration.tasks.baselines import nlm, total_variation, wavelet
from restoration.tasks.denoise_scan import denoise_classically, denoised_by
from restoration.train.scan_pairs import read_slices, split_by_patient

DOSES = (0.5, 0.25, 0.1)
DISC_DOSE, DISC_SCANS = 0.25, 6
STRENGTHS = (0.5, 0.7, 1.0, 1.4, 2.0, 2.8)  # of the classical methods, times the standard deviation of the noise
CLASSICAL = {"NLM (scikit-image)": nlm, "Total variation": total_variation, "Wavelet": wavelet}
NOTHING = "Nothing"
CARD_DOSE, CARD_PHANTOMS = 0.25, 2


@dataclass(frozen=True)
class LowDoseSlice:
    """A slice as a scan free of noise shows it, `truth`, and as one at a lower dose does, `noisy`; in HU."""

    dose: float
    truth: Array
    noisy: Array

    def by_classical(self, method: Callable, strength: float) -> Array:
        """Denoise as `denoise_classically`."""
        return denoise_classically(method, self.noisy, self.truth, strength)

    def best_classical(self, method: Callable) -> Array:
        """Denoise at the strength that comes nearest to the truth, which only a benchmark can know."""
        results = [self.by_classical(method, strength) for strength in STRENGTHS]
        return min(results, key=lambda one: window_rmse(one, self.truth))


def scanned(slice_hu: Array, doses: Sequence[float], seed: Sequence[int]) -> list[LowDoseSlice]:
    """Scan a slice once at each dose."""
    generator, sinogram = np.random.default_rng(seed), project(slice_hu)
    truth = reconstruct(sinogram, slice_hu.shape)
    return [
        LowDoseSlice(dose, truth, reconstruct(detect(sinogram, dose, seed=generator), slice_hu.shape)) for dose in doses
    ]


def networks() -> dict[str, Model]:
    """Return the networks that denoise scans, by name."""
    return {card.name: Model(card) for card in models() if card.task == "scan"}


def benchmark_patients(slices: Sequence[Array], denoising: dict[str, Model]) -> Iterator[PartScore]:
    """Yield the error in the soft-tissue window by each method, and the dB that it gains over the low-dose slice."""
    by_slice = [scanned(one, DOSES, [33, number]) for number, one in enumerate(slices)]
    for dose, scans in zip(DOSES, zip(*by_slice, strict=True), strict=True):
        methods: dict[str, Callable[[LowDoseSlice], Array]] = {NOTHING: lambda scan: scan.noisy}
        methods |= {name: partial(LowDoseSlice.best_classical, method=one) for name, one in CLASSICAL.items()}
        methods |= {name: partial(_by_network, model=model) for name, model in denoising.items()}
        condition = f"{100 * dose:g} % of the dose"
        errors = {
            name: np.array([window_rmse(run(scan), scan.truth) for scan in scans]) for name, run in methods.items()
        }
        for name, own in errors.items():
            yield PartScore("patients", condition, name, float(own.mean()), "RMSE in HU")
            gained = float(np.mean(20 * np.log10(errors[NOTHING] / own)))
            yield PartScore("patients", condition, name, gained, "dB gained")


def benchmark_discs(denoising: dict[str, Model]) -> Iterator[PartScore]:
    """Yield the share of the contrast of small discs that each method keeps, on average over scans of one phantom."""
    phantom, discs = disc_phantom()
    scans = scanned(phantom, [DISC_DOSE] * DISC_SCANS, [34])
    methods: dict[str, Callable[[LowDoseSlice], Array]] = {
        name: partial(LowDoseSlice.best_classical, method=one) for name, one in CLASSICAL.items()
    }
    methods |= {name: partial(_by_network, model=model) for name, model in denoising.items()}
    for name, run in methods.items():
        mean = np.mean([run(scan) for scan in scans], axis=0)  # in which the noise averages out
        kept = contrast_kept(mean, scans[0].truth, discs)
        for radius, contrast in dict.fromkeys((disc.radius, abs(disc.contrast)) for disc in discs):
            own = [
                share
                for share, disc in zip(kept, discs, strict=True)
                if (disc.radius, abs(disc.contrast)) == (radius, contrast)
            ]
            condition = f"radius {radius:g} pixels, {contrast:g} HU"
            yield PartScore("contrast of discs", condition, name, 100 * float(np.mean(own)), "% kept")


def _by_network(scan, model):
    return denoised_by(model, scan.noisy, scan.dose)


def score_card(card: Card, folder: str | Path | None = None) -> dict[str, list[float]]:
    """Return {condition: [before, by the network]} on test patients' slices of a folder, or on phantoms.

    At a quarter of the dose: the error in the soft-tissue window in HU, and the contrast of discs that is kept in %.
    """
    model = Model(card, "float32")
    slices = (
        [random_phantom(seed=1000 + number) for number in range(CARD_PHANTOMS)]
        if folder is None
        else split_by_patient(list(read_slices(folder)))["test"]
    )
    scans = [scanned(one, [CARD_DOSE], [35, number])[0] for number, one in enumerate(slices)]
    phantom, discs = disc_phantom()
    (discs_scan,) = scanned(phantom, [1], [36])
    large = [disc for disc in discs if disc.radius >= 5 and abs(disc.contrast) >= 40]
    before, after = (
        [
            float(np.mean([window_rmse(run(scan), scan.truth) for scan in scans])),
            100 * float(np.mean(contrast_kept(run(discs_scan), discs_scan.truth, large))),
        ]
        for run in (lambda scan: scan.noisy, partial(_by_network, model=model))
    )
    conditions = ("a quarter of the dose, RMSE in HU", "full dose, contrast of discs kept, %")
    return {name: [round(one, 2), round(other, 2)] for name, one, other in zip(conditions, before, after, strict=True)}


def register(commands: "argparse._SubParsersAction") -> None:
    """Add the command to the parser's."""
    parser = commands.add_parser("scan", help="low-dose scans of patients beside classical methods, contrast kept")
    parser.add_argument("--slices", type=Path, required=True, help="folder of slices with their index.csv")
    parser.add_argument("--limit", type=int, help="measure on the first slices only")
    parser.add_argument("--json", type=Path, help="write the scores here too")
    parser.set_defaults(run=_run)


def _run(chosen):
    try:
        slices = split_by_patient(list(read_slices(chosen.slices)))["test"][: chosen.limit]
    except FileNotFoundError as error:
        raise SystemExit(str(error)) from None
    denoising = networks()
    rows = printed(chain(benchmark_patients(slices, denoising), benchmark_discs(denoising)))
    if chosen.json:
        images = f"{len(slices)} slices of test patients, whose scans are simulated"
        write_report(chosen.json, images, [*denoising], rows)
