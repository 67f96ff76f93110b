"""Denoised slices as files: a slice or all as DICOM, with or without the patient's data, or a PNG of the window."""

import io
import zipfile

import streamlit as st

from restoration.image.hounsfield import NOT_FOR_DIAGNOSIS, Window
from restoration.image.progress_share import split_progress
from restoration.image.types import Array, Progress
from restoration.inference.card import card_for
from restoration.scan.scan_writer import write_dicom, write_png
from restoration.scan.volume import Volume
from restoration.tasks.denoise_scan import denoise_scan
from restoration.ui.explore.kept_run import find_or_run
from restoration.ui.explore.scan_source import ScanSource

STEM = "denoised-not-for-diagnosis"


def show_download(source: ScanSource, after: Array, window: Window, preset: str) -> None:
    """Show the downloads of the slice that is shown and, of the visitor's own scan, of all its slices."""
    done = f"Denoised by {card_for('scan', preset).name} of Latent Darkroom"
    st.caption(NOT_FOR_DIAGNOSIS)
    keep = False
    if source.volume.headers:
        keep = st.toggle(
            "Keep the patient's data in the file",
            False,
            key="keep-patient",
            help="Off, the file keeps technical values alone, and every identifier is new.",
        )
    headers = source.volume.headers[source.number : source.number + 1]
    one = Volume(after[None], source.volume.pixel_mm, headers=headers)
    st.download_button(
        "This slice as DICOM",
        lambda: write_dicom([after], one, done=done, keep_patient=keep)[0],
        f"{STEM}.dcm",
        "application/dicom",
        on_click="ignore",
    )
    st.download_button(
        "This window as PNG", lambda: write_png(after, window), f"{STEM}.png", "image/png", on_click="ignore"
    )
    if source.own and len(source.volume.slices) > 1:
        _show_all(source, preset, done, keep)


def _show_all(source, preset, done, keep):
    key, slices = ("all slices", source.key, preset, keep), source.volume.slices
    if st.button(f"Denoise all {len(slices)} slices"):
        st.session_state["all slices"] = key
    if st.session_state.get("all slices") != key:
        return

    def denoise_all(progress: Progress) -> bytes:
        denoised = []
        for values, part in zip(slices, split_progress(progress, [1] * len(slices)), strict=True):
            denoised.append(denoise_scan(values, preset=preset, progress=part))
        return _zipped(write_dicom(denoised, source.volume, done=done, keep_patient=keep))

    archive = find_or_run(key, denoise_all, len, f"Denoising {len(slices)} slices")
    if archive is not None:
        st.download_button(
            "All slices as a zip of DICOM", archive, f"{STEM}.zip", "application/zip", on_click="ignore", type="primary"
        )


def _zipped(files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number, data in enumerate(files, start=1):
            archive.writestr(f"slice-{number:04}.dcm", data)
    return packed.getvalue()
