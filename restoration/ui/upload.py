"""The visitor's photograph: an upload or a sample, decoded once, kept while he visits other pages."""

import hashlib
import re
from dataclasses import dataclass

import streamlit as st

from restoration.photo import Photo, PhotoError
from restoration.photo.sample_photos import SAMPLES, sample
from restoration.ui.frame import REMEMBERED, sentence

MAX_MEGAPIXELS = 50
LONGEST_STEM = 80
SHOW = "Show me"  # how it works, on a picture whose truth is known
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


def choose_or_show(own, label, key):
    """Let the visitor choose between his own picture as it is and a clean one that is spoiled on purpose.

    Parameters
    ----------
    own : str
        The first choice, in words; a dropped picture makes it, on whichever page it was dropped.
    label : str
        Of the uploader.
    key : str
        The choice's.

    Returns
    -------
    Source
    show : bool
        The picture shall be spoiled: a sample always is.
    """
    fitting = _follow(own, key)
    mode = st.segmented_control("What to do", [own, SHOW], default=fitting, required=True, key=key, **REMEMBERED)
    picture = choose(label)
    if mode == own and not picture.uploaded:
        st.caption("This is a sample, spoiled on purpose. Drop a picture of yours above.")
    return picture, mode == SHOW or not picture.uploaded


def _follow(own, key):
    """Return the choice that fits the visitor's picture, and make it once for each picture that is new to the page."""
    uploaded = st.session_state.get("uploaded")
    picture, known = uploaded and uploaded.key, f"{key} made for"
    fitting = own if uploaded else SHOW
    if st.session_state.get(known) != picture:
        st.session_state[key] = fitting
    st.session_state[known] = picture
    return fitting


def choose(label, first="Coffee cup"):
    """Let the visitor drop a picture or take a sample.

    What is dropped stays his picture until he drops another or asks for the samples.

    Parameters
    ----------
    label : str
        Of the uploader.
    first : str
        The sample that is chosen until he chooses.

    Returns
    -------
    Source
    """
    upload = st.file_uploader(
        label,
        key="upload",
        on_change=_remember,
        help=f"JPEG, PNG, WebP, TIFF, BMP, GIF or AVIF, up to {limit():g} megapixels. It stays on this computer.",
    )
    if upload is None and _is_uploaded():  # taken out of the uploader, which another page's visit does too
        still_here(f"Your picture: {st.session_state.uploaded.stem}", "Back to the samples", _forget)
    if _is_uploaded():
        return st.session_state.uploaded
    name = st.selectbox("Sample", sorted(SAMPLES, key=lambda name: name != first), key="sample", **REMEMBERED)
    return Source(sample(name), f"sample:{name}", slug(name), uploaded=False)


def say_refused():
    """Say why the file that lies in the uploader was refused, if it was."""
    if st.session_state.get("upload") is not None and "upload_error" in st.session_state:
        sentence(st.session_state.upload_error)


def still_here(what, label, forget):
    """Name what the visitor gave earlier and the empty uploader above shows no more, with a button that forgets it.

    Parameters
    ----------
    what, label : str
        The name, and the button's label.
    forget : callable
        Called without arguments when the button is pressed, before the page is drawn.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(what, width="content")
        st.button(label, on_click=forget)


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


def _remember():
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


def _forget():
    del st.session_state.uploaded


def _is_uploaded():
    """Tell whether the visitor's picture is his own."""
    return "uploaded" in st.session_state
