"""The choice of a data set: one that comes along, the visitor's own pictures, or a table."""

from dataclasses import dataclass
from functools import partial

import streamlit as st

from restoration.explore import datasets, image_set, tables
from restoration.explore.datasets import DataSet
from restoration.image.checks import ImageError
from restoration.photo import PhotoError
from restoration.ui.frame import REMEMBERED, show_error
from restoration.ui.upload import show_kept_file

MADE_UP, PICTURES, TABLE = "made-up", "pictures", "table"
TITLES = {
    "digits": "Digits",
    "fashion": "Clothes",
    "digits8": "Small digits",
    "faces": "Faces",
    "photos": "Pieces of photographs",
    MADE_UP: "Questionnaire (made up)",
    PICTURES: "Your pictures",
    TABLE: "Your table",
}
SIDES = (16, 32, 64)
FEW = 20  # files that were left out and are named


@dataclass(frozen=True)
class ChosenDataset:
    """A data set, and a name that no other one has.

    Parameters
    ----------
    key : str
    data : DataSet
    columns : tuple of str
        Of a table; empty for pictures.
    """

    key: str
    data: DataSet
    columns: tuple = ()


def choose(below):
    """Show the data sets and return the ChosenDataset.

    Parameters
    ----------
    below : streamlit container
        Where the uploader stands when the visitor's own data are asked for.
    """
    name = st.selectbox("Data", list(TITLES), format_func=TITLES.get, key="data-set", **REMEMBERED)
    with below:
        if name == PICTURES:
            return _pictures() or ChosenDataset("digits", datasets.load("digits"))
        if name == TABLE:
            return _uploaded_table() or _made_up()
        if name == MADE_UP:
            st.caption(
                f"The {_made_up().data.images.shape[0]} people of this questionnaire do not exist: a seeded "
                "program made them up, with four hidden traits that PCA should find."
            )
            return _made_up()
    return ChosenDataset(name, datasets.load(name))


@st.cache_resource(show_spinner=False)
def _made_up():
    table = tables.read_table(tables.synthetic_questionnaire().encode(), TITLES[MADE_UP])
    return ChosenDataset(MADE_UP, table.data, table.columns)


def _pictures():
    left, right = st.columns([3, 1])
    uploads = left.file_uploader(
        "Several photographs, or a zip",
        accept_multiple_files=True,
        key="own-pictures",
        help=f"Up to {image_set.MAX_FILES} pictures. In a zip, folders are classes. They stay on this computer.",
    )
    # Files that the uploader forgot on another page's visit cannot be made smaller or gray again.
    settings = {"disabled": not uploads and "own pictures" in st.session_state, **REMEMBERED}
    side = right.selectbox("Pixels a side", SIDES, 1, key="own-side", **settings)
    color = right.toggle("Colour", True, key="own-color", **settings)
    made = _made("own pictures", uploads, (side, color), lambda: _make_pictures(uploads, side, color))
    if not made:
        st.caption("Until then, the digits are shown.")
        return None
    key, pictures = made
    _say_left_out(pictures.left_out)
    return ChosenDataset(f"pictures:{hash(key)}", pictures.data)


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
    """Return (key, what `make` made of the uploads), made once and kept; None while there is nothing to show."""
    kept = st.session_state.get(kind)
    if not uploads:  # on another page's visit the uploader forgets, the visitor does not
        if kept:
            show_kept_file(f"Still here: your {kind}", "Forget", partial(st.session_state.pop, kind))
        return kept
    key = (*(upload.file_id for upload in uploads), *settings)
    if kept and kept[0] == key:
        return kept
    if st.session_state.get(f"{kind} failed") != key:
        try:
            st.session_state[kind] = (key, make())
            return st.session_state[kind]
        except (PhotoError, ImageError, MemoryError) as error:
            st.session_state[f"{kind} failed"], st.session_state[f"{kind} error"] = key, str(error)
    show_error(st.session_state[f"{kind} error"])
    return kept


def _say_left_out(sentences):
    if sentences:
        with st.popover(f"{len(sentences)} left out"):
            for one in sentences[:FEW]:
                st.text(one)
