"""Taking the noise out of a slice of computed tomography, in Hounsfield units. Not for diagnosis."""

from collections.abc import Callable

import numpy as np

from restoration.degrade.low_dose import LEAST_DOSE
from restoration.image.checks import check_within
from restoration.image.hounsfield import SOFT_TISSUE, checked_slice, windowed
from restoration.image.types import Array, Image, Progress
from restoration.inference.model import Model, model_for
from restoration.inference.scan_units import conditioning, from_network, to_network

LOWEST_HU, HIGHEST_HU = -1024.0, 3071.0  # beyond are padding and metal, which stay as they are


def denoise_scan(
    slice_hu: Array,
    dose: float | None = None,
    *,
    preset: str = "best",
    strength: float = 1.0,
    progress: Progress | None = None,
) -> Array:
    """Remove the noise of a low dose from a slice of computed tomography. For teaching and research, not for diagnosis.

    Parameters
    ----------
    slice_hu : ndarray of shape (H, W), in HU
        Any height and width from one pixel up.
    dose : float in [0.01, 1], optional
        Share of the full dose (`restoration.degrade.low_dose.low_dose`), where it is known; the network estimates the
        noise when omitted.
    preset : {"best", "lecture"}
        The network; "lecture" is the plain bottleneck that the lectures draw: it returns the soft-tissue window alone.
    strength : float in [0, 1]
        Share of the change that is applied; 0 gives the input back.
    progress : callable, optional
        ``progress(done, total)`` before the first and after each tile; whatever it raises cancels the run.

    Returns
    -------
    ndarray of the same shape, float32, in HU

    Raises
    ------
    ImageError
        If `slice_hu` is no slice, a setting is out of range, or the memory left is too small.
    """
    slice_hu = checked_slice(slice_hu)
    check_within("strength", strength)
    if dose is not None:
        check_within("dose", dose, LEAST_DOSE, 1)
    restored = denoised_by(model_for("scan", preset), slice_hu, dose, progress)
    return slice_hu + np.float32(strength) * (restored - slice_hu)


def denoise_classically(
    method: Callable[[Image, float], Image], slice_hu: Array, truth_hu: Array, strength: float
) -> Array:
    """Return a slice as a method for photographs denoises it, within the soft-tissue window alone.

    Parameters
    ----------
    method
        One of `restoration.tasks.baselines`.
    slice_hu, truth_hu : ndarrays of shape (H, W), in HU
        The standard deviation of the noise, which the method is told, is that between them within the window.
    strength : float
        Times that deviation.
    """
    shown = windowed(truth_hu, SOFT_TISSUE)[..., 0]
    noise = (slice_hu - truth_hu)[(shown > 0) & (shown < 1)]
    sigma = float(noise.std()) / SOFT_TISSUE.width if noise.size else 0.01
    return from_network(method(windowed(slice_hu, SOFT_TISSUE), strength * sigma)[..., 0])


def denoised_by(model: Model, slice_hu: Array, dose: float | None, progress: Progress | None = None) -> Array:
    """Return a slice as a model denoises it; parameters and result as in `denoise_scan`."""
    inside = np.clip(slice_hu, LOWEST_HU, HIGHEST_HU)
    restored = model(to_network(inside)[..., None], conditioning(dose), progress, clip=False)[..., 0]
    return from_network(restored) + (slice_hu - inside)
