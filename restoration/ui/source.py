"""The visitor's photograph: an upload or a sample, decoded once, kept while he visits other pages."""

import hashlib
import re
from dataclasses import dataclass

import streamlit as st

from restoration.photo import Photo, PhotoError
from restoration.samples import SAMPLES, sample
from restoration.ui.frame import REMEMBERED, sentence

MAX_MEGAPIXELS = 50
LONGEST_STEM = 80
# Names that Windows keeps for devices.
RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{digit}" for port in ("com", "lpt") for digit in range(1, 10)),
}


@dataclass(frozen=True)
class Source:
    """A photograph, what to call it, and a key that no other photograph has.

    Parameters
    ----------
    photo : Photo
    key : str
        sha256 of the file, or the sample's name.
    stem : str
        Safe as the beginning of a file name.
    uploaded : bool
    """

    photo: Photo
    key: str
    stem: str
    uploaded: bool


def uploader(label, on_new):
    """Show the uploader; what is dropped stays the visitor's picture until he drops another or asks for the samples.

    Parameters
    ----------
    label : str
    on_new : callable
        Called without arguments when a photograph has been dropped and decoded, before the page is drawn.
    """
    upload = st.file_uploader(
        label,
        key="upload",
        on_change=_remember,
        args=(on_new,),
        help=f"JPEG, PNG, WebP, TIFF, BMP, GIF or AVIF, up to {limit():g} megapixels. It stays on this computer.",
    )
    if upload is None and is_uploaded():  # taken out of the uploader, which another page's visit does too
        st.button("Back to the samples", on_click=_forget)
    if upload is not None and "upload_error" in st.session_state:
        sentence(st.session_state.upload_error)


def current(sample_name):
    """Return the visitor's Source: his upload if there is one, otherwise a sample (a key of `SAMPLES`)."""
    if "uploaded" in st.session_state:
        return st.session_state.uploaded
    return Source(sample(sample_name), f"sample:{sample_name}", slug(sample_name), uploaded=False)


def choose_sample(first="Coffee cup"):
    """Show the samples and return the chosen name; `first` is chosen until the visitor chooses."""
    return st.selectbox("Sample", sorted(SAMPLES, key=lambda name: name != first), key="sample", **REMEMBERED)


def is_uploaded():
    """Tell whether the visitor's picture is his own."""
    return "uploaded" in st.session_state


def slug(name, longest=LONGEST_STEM):
    """Make the beginning of a safe file name out of any text.

    Parameters
    ----------
    name : str
    longest : int
        Of so many characters at most.

    Examples
    --------
    >>> slug("../../Grandma's photo (1).JPG")
    'Grandma-s-photo-1'
    >>> slug("CON.png"), slug("...")
    ('photo-CON', 'photo')
    """
    base = re.split(r"[/\\\\]", name)[-1]
    stem = base.rsplit(".", 1)[0] if "." in base else base
    stem = re.sub(r"[^\w-]+", "-", stem).strip("-_")[:longest].strip("-_")
    if stem.lower() in RESERVED:
        return f"photo-{stem}"
    return stem or "photo"


def choose_limit():
    """Show the limit on the size of uploads."""
    st.number_input("Largest upload, megapixels", 1, 500, MAX_MEGAPIXELS, key="limit", **REMEMBERED)


def limit():
    """Return the most megapixels that an upload may have; its control stands under *More*."""
    return float(st.session_state.get("limit", MAX_MEGAPIXELS))


def _remember(on_new):
    """Decode a fresh upload; a bad file loses nothing: the picture before stays.

    A browser that replaces a file first takes the old one out, so that alone loses nothing either.
    """
    st.session_state.pop("upload_error", None)
    upload = st.session_state.upload
    if upload is None:
        return
    data = upload.getvalue()
    try:
        photo = Photo.open(data, max_megapixels=limit())
    except PhotoError as error:
        st.session_state.upload_error = str(error)
        return
    key = hashlib.sha256(data).hexdigest()
    st.session_state.uploaded = Source(photo, key, slug(upload.name), uploaded=True)
    on_new()


def _forget():
    del st.session_state.uploaded
