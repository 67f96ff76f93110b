"""The choice of a data set: one of the project's, uploaded images, or an uploaded table."""

from dataclasses import dataclass
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from restoration.explore import datasets, image_set, tables
from restoration.explore.datasets import DataSet
from restoration.image.checks import ImageError
from restoration.photo import PhotoError
from restoration.ui.frame import REMEMBERED, show_error
from restoration.ui.upload import show_kept_file

SYNTHETIC, PICTURES, TABLE = "made-up", "pictures", "table"
TITLES = {
    "digits": "Digits",
    "fashion": "Clothes",
    "digits8": "Small digits",
    "faces": "Faces",
    "photos": "Pieces of photographs",
    SYNTHETIC: "Questionnaire (made up)",
    PICTURES: "Your pictures",
    TABLE: "Your table",
}
SIDES = (16, 32, 64)
MOST_NAMED = 20  # of the files that were left out


@dataclass(frozen=True)
class ChosenDataset:
    """A data set with a key that identifies it and its settings.

    Parameters
    ----------
    key : str
    data : DataSet
    columns : tuple of str
        Of a table; empty for images.
    """

    key: str
    data: DataSet
    columns: tuple[str, ...] = ()


def choose(below: DeltaGenerator) -> ChosenDataset:
    """Show the data sets and return the chosen one.

    Parameters
    ----------
    below : streamlit container
        Where the uploader is shown if the visitor wants to use their own data.
    """
    name = st.selectbox("Data", list(TITLES), format_func=TITLES.__getitem__, key="data-set", **REMEMBERED)
    with below:
        if name == PICTURES:
            return _pictures() or ChosenDataset("digits", datasets.load("digits"))
        if name == TABLE:
            return _uploaded_table() or _synthetic()
        if name == SYNTHETIC:
            st.caption(
                f"The {_synthetic().data.images.shape[0]} people of this questionnaire do not exist: a seeded "
                "program made them up, with four hidden traits that PCA should find."
            )
            return _synthetic()
    return ChosenDataset(name, datasets.load(name))


@st.cache_resource(show_spinner=False)
def _synthetic():
    table = tables.read_table(tables.synthetic_questionnaire().encode(), TITLES[SYNTHETIC])
    return ChosenDataset(SYNTHETIC, table.data, table.columns)


def _pictures():
    left, right = st.columns([3, 1])
    uploads = left.file_uploader(
        "Several photographs, or a zip",
        accept_multiple_files=True,
        key="own-pictures",
        help=f"Up to {image_set.MAX_FILES} pictures. In a zip, folders are classes. They stay on this computer.",
    )
    # Files that the uploader lost on a visit to another page cannot be resized or made gray again.
    settings = {"disabled": not uploads and "own pictures" in st.session_state, **REMEMBERED}
    side = right.selectbox("Pixels a side", SIDES, 1, key="own-side", **settings)
    color = right.toggle("Colour", True, key="own-color", **settings)
    made = _made("own pictures", uploads, (side, color), lambda: _make_pictures(uploads, side, color))
    if not made:
        st.caption("Until then, the digits are shown.")
        return None
    key, images = made
    _say_left_out(images.left_out)
    return ChosenDataset(f"pictures:{hash(key)}", images.data)


def _make_pictures(uploads, side, color):
    place = st.empty()
    files = [(upload.name, upload.getvalue()) for upload in uploads]
    try:
        return image_set.read_image_set(
            files,
            side=side,
            color=color,
            progress=lambda done, total: place.progress(done / total, f"Reading picture {done} of {total}"),
        )
    finally:
        place.empty()


def _uploaded_table():
    upload = st.file_uploader(
        "A table as CSV", key="own-table", help="A line of headings; numbers are standardised, rows become points."
    )
    uploads = [upload] if upload else []
    made = _made("own table", uploads, (), lambda: tables.read_table(upload.getvalue()))
    if not made:
        st.caption("Until then, the made-up questionnaire is shown.")
        st.download_button(
            "The made-up one as CSV",
            tables.synthetic_questionnaire,
            "made-up-questionnaire.csv",
            "text/csv",
            on_click="ignore",
        )
        return None
    key, table = made
    _say_left_out(table.left_out)
    return ChosenDataset(f"table:{hash(key)}", table.data, table.columns)


def _made(kind, uploads, settings, make):
    """Return (key, ``make()``) for the uploads, made once; the last good one after a failure; None if there is none."""
    last = st.session_state.get(kind)
    if not uploads:  # the uploader is empty after a visit to another page
        if last:
            show_kept_file(f"Still here: your {kind}", "Forget", partial(st.session_state.pop, kind))
        return last
    key = (*(upload.file_id for upload in uploads), *settings)
    if last and last[0] == key:
        return last
    if st.session_state.get(f"{kind} failed") != key:
        try:
            st.session_state[kind] = (key, make())
            return st.session_state[kind]
        except (PhotoError, ImageError, MemoryError) as error:
            st.session_state[f"{kind} failed"], st.session_state[f"{kind} error"] = key, str(error)
    show_error(st.session_state[f"{kind} error"])
    return last


def _say_left_out(sentences):
    if sentences:
        with st.popover(f"{len(sentences)} left out"):
            for one in sentences[:MOST_NAMED]:
                st.text(one)
