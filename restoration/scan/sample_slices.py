"""Slices that come with the project: two of patients that no network was trained on, and a phantom."""

from functools import lru_cache
from pathlib import Path

import numpy as np

from restoration.image.types import Array
from restoration.scan.volume import Volume

FOLDER = Path(__file__).with_name("samples")
STORED_ZERO = 1024  # files of single slices hold HU + 1024, since they cannot hold values below 0
CREDIT = "Chest and abdomen: TCGA-LUSC, The Cancer Imaging Archive, CC BY 3.0, doi:10.7937/K9/TCIA.2016.TYGKKFMQ."
SAMPLES = {"Abdomen": "abdomen.jp2", "Chest": "chest.jp2"}


@lru_cache(maxsize=len(SAMPLES))
def sample_volume(name: str) -> Volume:
    """Return a sample by its name, a key of `SAMPLES`; its values are read-only."""
    slices = read_stored_slice(FOLDER / SAMPLES[name])[None]
    slices.flags.writeable = False
    return Volume(slices)


def read_stored_slice(path: Path) -> Array:
    """Read a slice (H, W), float32, in HU, from a 16-bit image that holds HU + 1024."""
    from PIL import Image

    with Image.open(path) as file:
        return np.asarray(file).astype(np.float32) - STORED_ZERO
