"""The whole photograph as a file of the codec, to be kept, and such a file opened again."""

import hashlib

import streamlit as st

from restoration.image.types import Image, Progress
from restoration.tasks.compress import compress, decompress
from restoration.ui.components.media import encode_png
from restoration.ui.explore import result_downloads
from restoration.ui.explore.kept_run import find_or_run
from restoration.ui.session_cache import session_cache
from restoration.ui.upload import SourcePhoto, max_megapixels, slug

SUFFIX = "ldc"


def show(source: SourcePhoto, quality: float) -> None:
    """Offer the whole photograph as a file, and to open such a file.

    Parameters
    ----------
    source
    quality : float from 1 to 6
        As of `restoration.compress`.
    """
    with st.expander("A file to keep, or one to open"):
        _make(source, quality)
        _open()


def _make(source, quality):
    height, width = source.photo.pixels.shape[:2]
    wanted = ("compressed file", source.key, round(quality, 3))
    st.markdown(
        f"The whole photograph, {width} x {height} pixels, in about as many bits per pixel as chosen above. Only this "
        "program opens such a file; its date, place and profile are left out."
    )
    if st.button("Make the file"):
        st.session_state.compress_wanted = wanted
    if st.session_state.get("compress_wanted") != wanted:
        return

    def make(progress: Progress) -> bytes:
        return compress(source.photo.on_paper(), quality, progress=progress)

    data = find_or_run(wanted, make, len, f"Compressing {height * width / 1e6:.1f} megapixels")
    if data is not None:
        result_downloads.offer(f"Download {len(data) / 1e3:,.0f} kB", lambda: data, f"{source.stem}.{SUFFIX}")


def _open():
    file = st.file_uploader("Open an .ldc file", SUFFIX, key="compressed-file")
    if file is None:
        return
    content, limit = file.getvalue(), max_megapixels()

    def make(progress: Progress) -> Image:
        return decompress(content, max_megapixels=limit, progress=progress)

    key = ("decompressed file", hashlib.sha256(content).hexdigest(), limit)
    image = find_or_run(key, make, lambda image: image.nbytes, "Decompressing")
    if image is not None:
        png = session_cache().get_or_compute("small", ("PNG of", *key), lambda: encode_png(image), len)
        st.image(png, f"{image.shape[1]} x {image.shape[0]} pixels from {len(content) / 1e3:,.0f} kB")
        result_downloads.offer("Download as PNG", lambda: png, f"{slug(file.name)}.png")
