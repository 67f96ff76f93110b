"""A volume: the slices of one scan in Hounsfield units, and what its files say beside the values."""

from dataclasses import dataclass, field
from typing import Any

from restoration.image.hounsfield import Window
from restoration.image.types import Array

MAX_VOXELS = 160_000_000  # 600 slices of 512 x 512: 640 MB as float32
INSTALL = "pip install 'latent-darkroom[scan]'"


class ScanError(ValueError):
    """A file that is no scan, or cannot be read or written, said in one sentence that names nobody."""


@dataclass(frozen=True)
class Volume:
    """The slices of one scan.

    Parameters
    ----------
    slices : ndarray of shape (n, H, W), float32, in HU
        From the feet up, or in the files' order where they do not tell; rows from front to back, columns from the
        patient's right to left.
    pixel_mm : float, optional
        Side of a pixel, where the file tells.
    windows : dict
        Name -> window, those that the file proposes.
    headers : tuple
        A pydicom Dataset per slice, without pixels; empty where the scan came as another format. They name the
        patient, so nothing of them is shown or logged.
    """

    slices: Array
    pixel_mm: float | None = None
    windows: dict[str, Window] = field(default_factory=dict)
    headers: tuple[Any, ...] = field(default=(), repr=False)


def check_voxels(count: int) -> None:
    """Raise ScanError where a volume would be too large."""
    if count > MAX_VOXELS:
        raise ScanError(
            f"The scan has {count / 1e6:.0f} million voxels; the limit is {MAX_VOXELS / 1e6:.0f} million. Open fewer "
            "slices at a time."
        )
