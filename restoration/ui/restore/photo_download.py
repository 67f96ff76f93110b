"""The download of a result: format, quality, metadata, file name and, of a large file, its size."""

import sys
from collections.abc import Callable

import streamlit as st

from restoration.image.types import Image, Progress
from restoration.photo.file_estimate import estimate_file
from restoration.photo.formats import LARGEST_SIDES
from restoration.photo.photo import MetadataChoice
from restoration.pipeline import Pipeline
from restoration.ui.frame import REMEMBERED
from restoration.ui.restore.download_button import download_button
from restoration.ui.session_cache import session_cache
from restoration.ui.upload import SourcePhoto, slug

# Format -> (suffix, MIME type, whether a quality is asked).
FORMATS = {
    "PNG": (".png", "image/png", False),
    "JPEG": (".jpg", "image/jpeg", True),
    "WebP": (".webp", "image/webp", True),
    "TIFF": (".tif", "image/tiff", False),
    "AVIF": (".avif", "image/avif", True),
}
LARGE_FILE = 12_000_000  # samples (4 megapixels in colour): less is written at once
MAX_NAME_LENGTH = 100  # longer than a source's stem, so that its suffix is never cut off
METADATA: dict[MetadataChoice, str] = {
    "no-location": "Keep, but no place or device",
    "all": "Keep all",
    "none": "Remove",
}


def show_download(
    source: SourcePhoto,
    restored: Image | None,
    pipeline: Pipeline,
    *,
    suffix: str,
    finish: Callable[[Image], Image] | None = None,
    size: tuple[int, int] | None = None,
) -> None:
    """Show the download and a menu with its choices; the file is made when the button is pressed.

    Parameters
    ----------
    source : SourcePhoto
        Its photo gives the metadata, the profile and the opacity.
    restored : ndarray of shape (H, W, C), float32, optional
        Nothing can be downloaded while it is None.
    pipeline : Pipeline
        What was done, recorded in the file.
    suffix : str
        Added to the file's name: "denoised".
    finish : callable, optional
        ``finish(restored)`` is saved in its place; called when the button is pressed.
    size : (int, int), optional
        Height and width of the image to be saved, where they are not the photo's.
    """
    button_place = st.container(key="download", width="content")
    with st.popover("Save as", disabled=restored is None):
        chosen = st.selectbox("Format", list(FORMATS), key="format", **REMEMBERED)
        extension, mime, asks_quality = FORMATS[chosen]
        quality = 95
        if asks_quality:
            quality = st.slider("Quality", 1, 100, 95, key="quality", **REMEMBERED)
        metadata = st.selectbox(
            "Date, place, camera",
            list(METADATA),
            format_func=METADATA.__getitem__,
            key="metadata",
            persist_state="session",
        )
        name = st.text_input(
            "File name", f"{source.stem}-{suffix}", max_chars=MAX_NAME_LENGTH, key=f"name-{source.key}-{suffix}"
        )

        def make_file(progress: Progress) -> bytes:
            assert restored is not None  # the button is disabled until then
            photo = source.photo.with_pixels(finish(restored) if finish else restored)
            return photo.to_bytes(
                chosen, quality=quality, metadata=metadata, settings=pipeline.record(), progress=progress
            )

        longest, most = max(size or source.photo.pixels.shape), LARGEST_SIDES[chosen]
        if longest > most:
            st.error(f"{chosen} holds {most} pixels a side and this picture has {longest}; choose another format.")
        file_name = slug(f"{name}{extension}", MAX_NAME_LENGTH) + extension
        expected = None
        if restored is not None and longest <= most and restored.size > LARGE_FILE:
            expected = session_cache().get_or_compute(
                "small",
                ("file", source.key, pipeline.key, chosen, quality),
                lambda: estimate_file(source.photo.with_pixels(restored), chosen, quality),
                sys.getsizeof,
            )
        with button_place:
            download_button(make_file, file_name, mime, expected=expected, disabled=restored is None or longest > most)
        record = None if chosen == "PNG" else pipeline  # PNG holds the settings whatever else there is
        left_out = session_cache().get_or_compute(
            "small",
            ("left out", source.key, chosen, metadata, record and record.key),
            lambda: tuple(
                source.photo.left_out(chosen, metadata=metadata, settings=record.record() if record else None)
            ),
            sys.getsizeof,
        )
        for note in (*left_out, *source.photo.notes):
            st.caption(note)
