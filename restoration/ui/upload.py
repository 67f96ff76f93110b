"""The photograph that a page works on: an upload or a sample, decoded once and kept while other pages are visited."""

import hashlib
import os
import re
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from restoration.inference.fair_lock import FairLock
from restoration.photo import Photo, PhotoError
from restoration.photo.sample_photos import SAMPLES, sample
from restoration.ui.components.photo_opener import photo_opener
from restoration.ui.frame import REMEMBERED, show_error
from restoration.ui.memory_queue import SMALL_BYTES, memory_queue
from restoration.ui.session_cache import session_cache

MAX_MEGAPIXELS, MOST_MEGAPIXELS = 50, 500  # the limit as long as none is chosen, and the highest
SERVER_LIMIT = "LATENT_DARKROOM_MAX_MEGAPIXELS"
MAX_STEM_LENGTH = 80
COPIES = 3  # of a photograph that a page needs at once: the photograph, its result, and what is between
KEEP = "keep-photo"  # the switch whether a photograph is kept for a reload
DEMONSTRATION = "Show me"  # degrades a clean photograph first, so that the truth is known
# File names that Windows reserves for devices.
RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{digit}" for port in ("com", "lpt") for digit in range(1, 10)),
}


@dataclass(frozen=True)
class SourcePhoto:
    """A photograph with its file name and its identity.

    Parameters
    ----------
    photo : Photo
    key : str
        sha256 of the file, or the sample's name.
    stem : str
        Safe as the beginning of a file name.
    uploaded : bool
    opened_on : str
        The title of the page that it was opened on, in small letters; empty where it does not matter.
    """

    photo: Photo
    key: str
    stem: str
    uploaded: bool
    opened_on: str = ""


@dataclass(frozen=True)
class UploadedFile:
    """A visitor's file, as it is kept while they are there; its pixels are kept only while there is memory for them.

    Parameters
    ----------
    data : bytes
    key : str
        sha256 of the file.
    stem : str
        Safe as the beginning of a file name.
    max_megapixels : float
        The limit under which it was opened.
    pixel_bytes : int
        Of its decoded pixels.
    opened_on : str
        The title of the page that it was opened on, in small letters.
    """

    data: bytes
    key: str
    stem: str
    max_megapixels: float
    pixel_bytes: int
    opened_on: str = ""

    def open(self) -> SourcePhoto:
        """Decode it, or return it from the session's cache; large ones wait for memory, which is said on the page."""
        place = st.empty()
        if self.pixel_bytes > SMALL_BYTES:
            memory_queue.enter(
                COPIES * self.pixel_bytes,
                lambda ahead: place.caption(f"Many large photos are open on this server: {ahead} before yours."),
            )
        photo = session_cache().get_or_compute(
            "photo", self.key, lambda: _decode(self.data, self.max_megapixels), lambda photo: photo.pixels.nbytes
        )
        place.empty()
        return SourcePhoto(photo, self.key, self.stem, uploaded=True, opened_on=self.opened_on)


_decoding = FairLock()  # one at a time, because decoding needs several times the memory of the pixels


def _decode(data: bytes, max_megapixels: float) -> Photo:
    with _decoding.hold():
        return Photo.open(data, max_megapixels=max_megapixels)


def choose_photo_and_mode(own: str, key: str) -> tuple[SourcePhoto, bool]:
    """Show the choice between an own photograph as it is and a clean one that is degraded first.

    Parameters
    ----------
    own : str
        Label of the first choice; a new upload selects it, on whichever page it was opened.
    key : str
        Of the choice's widget.

    Returns
    -------
    source : SourcePhoto
    degrade_first : bool
        Always true for a sample.
    """
    uploaded = st.session_state.get("uploaded")
    upload_key, seen = uploaded and uploaded.key, f"{key} selected for"
    default = own if uploaded else DEMONSTRATION
    if st.session_state.get(seen) != upload_key:  # once for each upload that is new to the page
        st.session_state[key] = default
    st.session_state[seen] = upload_key
    mode = st.segmented_control(
        "What to do", [own, DEMONSTRATION], default=default, required=True, key=key, **REMEMBERED
    )
    source = choose_photo()
    if mode == own and not source.uploaded:
        st.caption("This is a sample, spoiled on purpose. Open a photo of yours above.")
    return source, mode == DEMONSTRATION or not source.uploaded


def choose_photo(default_sample: str = "Coffee cup") -> SourcePhoto:
    """Return the visitor's photograph, with a way back to the samples; or show the samples, and return the chosen one.

    Parameters
    ----------
    default_sample : str
        Its name.
    """
    if uploaded := st.session_state.get("uploaded"):
        show_kept_file(f"Your picture: {uploaded.stem}", "Back to the samples", _forget_upload)
        return uploaded.open()
    name = st.selectbox("Sample", sorted(SAMPLES, key=lambda name: name != default_sample), key="sample", **REMEMBERED)
    return SourcePhoto(sample(name), f"sample:{name}", slug(name), uploaded=False)


def show_opener(page: str) -> None:
    """Show the button that opens a photograph on the page of a title; one that is dropped or pasted is opened too.

    An upload stays until another one replaces it or the samples are asked for.
    """
    st.html("<style>.st-key-upload {display: none}</style>")  # the button stands for it
    st.file_uploader("Open a photo", key="upload", on_change=read_upload, args=(page,))
    photo_opener("Open a photo", "upload", key="opener")


def show_upload_error() -> None:
    """Say why the file in the uploader was refused, if it was."""
    if st.session_state.get("upload") is not None and "upload_error" in st.session_state:
        show_error(st.session_state.upload_error)


def show_kept_file(text: str, label: str, forget: Callable[[], None]) -> None:
    """Name an earlier upload that the emptied uploader above no longer shows, with a button that forgets it.

    Parameters
    ----------
    text, label : str
        The name, and the button's label.
    forget : callable
        Called when the button is pressed, before the page is drawn.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(text, width="content")
        st.button(label, on_click=forget)


def slug(name: str, max_length: int = MAX_STEM_LENGTH) -> str:
    """Turn any text into the beginning of a safe file name, without its suffix.

    Examples
    --------
    >>> slug("../../Grandma's photo (1).JPG")
    'Grandma-s-photo-1'
    >>> slug("CON.png"), slug("...")
    ('photo-CON', 'photo')
    """
    base = re.split(r"[/\\]", name)[-1]
    stem = base.rsplit(".", 1)[0] if "." in base else base
    stem = re.sub(r"[^\w-]+", "-", stem).strip("-_")[:max_length].strip("-_")
    if stem.lower() in RESERVED:
        return f"photo-{stem}"
    return stem or "photo"


def choose_max_megapixels() -> None:
    """Show the limit on the size of uploads, and whether they are kept."""
    choose_to_keep()
    choose_megapixels("Largest upload, megapixels", "limit", MAX_MEGAPIXELS)


def choose_to_keep() -> None:
    """Show the switch whether the photograph and its steps are kept for a reload."""
    st.toggle(
        "Keep my photo for a day",
        True,
        key=KEEP,
        persist_state="session",
        help="On the computer that runs this app, for this browser alone, so that a reload or a lost connection loses "
        "nothing.",
    )


def max_megapixels() -> float:
    """Return the most megapixels that an upload may have; `choose_max_megapixels` sets it."""
    return chosen_megapixels("limit", MAX_MEGAPIXELS)


def choose_megapixels(label: str, key: str, default: float) -> None:
    """Show a limit in megapixels. No address sets it: a link must not make somebody's computer take on more."""
    most = server_megapixels()
    st.number_input(label, 1, most, min(int(default), most), key=key, persist_state="session")


def chosen_megapixels(key: str, default: float) -> float:
    """Return the limit that the visitor has chosen by `choose_megapixels`, never more than the server's own."""
    return float(min(st.session_state.get(key, default), server_megapixels()))


def server_megapixels() -> int:
    """Return the highest limit that a visitor can choose: the environment's `SERVER_LIMIT`, 500 where none is set."""
    text = os.environ.get(SERVER_LIMIT, str(MOST_MEGAPIXELS))
    return max(1, int(text)) if text.isdecimal() else MAX_MEGAPIXELS


def read_upload(page: str) -> None:
    """Decode a new upload on the page of a title; after a file that cannot be read the previous photograph stays.

    A browser that replaces a file first removes the old one, so an empty uploader keeps the photograph too.
    """
    st.session_state.pop("upload_error", None)
    upload = st.session_state.upload
    if upload is None:
        return
    data, limit = upload.getvalue(), max_megapixels()
    try:
        photo = _decode(data, limit)
    except PhotoError as error:
        st.session_state.upload_error = str(error)
        return
    key, size = hashlib.sha256(data).hexdigest(), photo.pixels.nbytes
    session_cache().put("photo", key, photo, size)
    st.session_state.uploaded = UploadedFile(data, key, slug(upload.name), limit, size, page.lower())


def _forget_upload() -> None:
    del st.session_state.uploaded
