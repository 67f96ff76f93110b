"""The scan that the page works on: a sample, a phantom, or the visitor's own files. Nobody's name is shown."""

import hashlib
from dataclasses import dataclass

import streamlit as st

from restoration.degrade.low_dose import PIXEL_MM
from restoration.degrade.phantoms import Disc, disc_phantom
from restoration.image.hounsfield import WINDOWS, Window
from restoration.image.types import Array
from restoration.scan.sample_slices import SAMPLES, sample_volume
from restoration.scan.scan_reader import open_scan
from restoration.scan.volume import Volume
from restoration.ui.frame import REMEMBERED
from restoration.ui.session_cache import session_cache

DISCS, OWN = "Phantom with discs", "Your own"
SOURCES = (*SAMPLES, DISCS, OWN)


@dataclass(frozen=True)
class ScanSource:
    """What the page works on.

    Parameters
    ----------
    volume : Volume
    key : str
        sha256 of the files, or the sample's name.
    number : int
        Which slice is shown.
    discs : tuple of Disc
        Those of the phantom; empty where it is none.
    own : bool
    """

    volume: Volume
    key: str
    number: int = 0
    discs: tuple[Disc, ...] = ()
    own: bool = False

    @property
    def slice_hu(self) -> Array:
        """The slice that is shown, (H, W) in HU."""
        return self.volume.slices[self.number]

    @property
    def slice_key(self) -> tuple[str, int]:
        """Equal for equal slices."""
        return self.key, self.number

    @property
    def pixel_mm(self) -> float:
        """Side of a pixel; that of a large body where the files do not tell."""
        return self.volume.pixel_mm or PIXEL_MM


def choose_scan() -> ScanSource | None:
    """Show the choice of a scan; None while the visitor's files are still to be given.

    Raises
    ------
    ScanError
        If they cannot be read.
    """
    name = st.selectbox("Scan", SOURCES, key="scan", **REMEMBERED)
    if name == DISCS:
        phantom, discs = session_cache().get_or_compute(
            "small", "disc phantom", disc_phantom, lambda made: made[0].nbytes
        )
        return ScanSource(Volume(phantom[None]), DISCS, discs=tuple(discs))
    if name != OWN:
        return ScanSource(sample_volume(name), name)
    files = st.file_uploader(
        "DICOM slices or a zip of them, NIfTI, or .npy",
        accept_multiple_files=True,
        key="scan-files",
        help="They stay on this computer and are not kept. Names in them are neither shown nor logged.",
    )
    if not files:
        return None
    data = [file.getvalue() for file in files]
    key = hashlib.sha256(b"".join(hashlib.sha256(one).digest() for one in data)).hexdigest()
    volume = session_cache().get_or_compute("photo", key, lambda: open_scan(data), lambda made: made.slices.nbytes)
    last, number = len(volume.slices), 1
    if last > 1:
        number = st.slider("Slice", 1, last, (1 + last) // 2, key=f"slice-{key[:16]}", persist_state="session")
    return ScanSource(volume, key, number - 1, own=True)


def choose_window(source: ScanSource) -> Window:
    """Show the windows, those that the files propose first, and return the chosen one."""
    windows = source.volume.windows | WINDOWS
    own = "Your own range"
    name = st.selectbox("Window", [*windows, own], index=[*windows].index("soft tissue"), key="window", **REMEMBERED)
    if name != own:
        return windows[name]
    low, high = st.slider("From and to, in HU", -1024, 3071, (-160, 240), key="window-range", **REMEMBERED)
    return Window((low + high) / 2, max(high - low, 1))
