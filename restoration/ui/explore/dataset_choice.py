"""The choice of a data set: one of the project's, uploaded images, or an uploaded table."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from restoration.explore import datasets, image_set, table_numbers, tables
from restoration.explore.datasets import DataSet
from restoration.explore.questionnaires import personality_questionnaire, synthetic_questionnaire
from restoration.explore.tables import Table, TableFormat
from restoration.explore.text_encoding import ENCODINGS
from restoration.image.checks import ImageError
from restoration.photo import PhotoError
from restoration.ui.frame import REMEMBERED, show_error
from restoration.ui.upload import show_kept_file

SYNTHETIC, PERSONALITY, CANCER, PICTURES, TABLE = "made-up", "personality", "cancer", "pictures", "table"
TITLES = {
    "digits": "Digits",
    "fashion": "Clothes",
    "digits8": "Small digits",
    "digits-on-photos": "Digits over photographs",
    "faces": "Faces",
    "photos": "Pieces of photographs",
    SYNTHETIC: "Questionnaire (made up)",
    PERSONALITY: "Questionnaire (real)",
    CANCER: "Breast cancer (a table)",
    PICTURES: "Your pictures",
    TABLE: "Your table",
}
IMAGE_SETS = tuple(name for name in TITLES if name not in (SYNTHETIC, PERSONALITY, CANCER, TABLE))
QUESTIONNAIRES = {SYNTHETIC: synthetic_questionnaire, PERSONALITY: personality_questionnaire}
SIDES = (16, 32, 64)
MOST_NAMED = 20  # of the files that were left out, and of a table's columns
NOTES_IN_SIGHT = 3  # of a table; the others are in the expander
RECOGNISED = "recognised"  # the first choice of each thing that is recognised
# Field of `TableFormat` -> its label, and the names of its values.
FORMAT_CHOICES = {
    "encoding": ("Encoding", ENCODINGS),
    "delimiter": ("Between cells", tables.DELIMITERS),
    "decimal": ("Decimal mark", table_numbers.DECIMALS),
    "thousands": ("Mark of thousands", table_numbers.THOUSANDS),
    "has_heading": ("First line", {True: "headings", False: "the first row"}),
}


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


def choose(
    below: DeltaGenerator,
    names: Sequence[str] = tuple(TITLES),
    key: str = "data-set",
    label: str = "Data",
    *,
    default: str | None = None,
) -> ChosenDataset:
    """Show the data sets and return the chosen one.

    Parameters
    ----------
    below : streamlit container
        Where the uploader is shown if the visitor wants to use their own data.
    names : sequence of str
        Those that are offered, keys of `TITLES`.
    key : str
        Of the choice, which pages that offer the same sets share.
    label : str
    default : str, optional
        The first choice; the first of `names` when omitted.
    """
    first = names.index(default) if default else 0
    name = st.selectbox(label, names, first, format_func=TITLES.__getitem__, key=key, **REMEMBERED)
    with below:
        if name == PICTURES:
            return _pictures() or ChosenDataset("digits", datasets.load("digits"))
        if name == TABLE:
            return _uploaded_table() or _questionnaire(SYNTHETIC)
        if name in QUESTIONNAIRES:
            found = _questionnaire(name)
            st.caption(_about(name, found))
            return found
        if name == CANCER:
            return _cancer()
    return ChosenDataset(name, datasets.load(name))


@st.cache_resource(show_spinner=False)
def _questionnaire(name):
    table = tables.read_table(QUESTIONNAIRES[name]().encode(), TITLES[name])
    return ChosenDataset(name, table.data, table.columns)


def _about(name, found):
    people, statements = found.data.images.shape
    if name == SYNTHETIC:
        return (
            f"The {people} people of this questionnaire do not exist: a seeded program made them up, with four hidden "
            "traits that PCA should find."
        )
    return (
        f"{people} people said how well each of {statements} statements describes them, ten of each of five traits. "
        "The colours are how they rate their health, which no statement asks for. *What the axes draw*, below, says "
        "what PCA finds. From the SAPA project (D. Condon 2018), by psychTools, GPL-2 or later."
    )


@st.cache_resource(show_spinner=False)
def _cancer():
    from sklearn.datasets import load_breast_cancer

    return ChosenDataset(CANCER, datasets.load(CANCER), tuple(load_breast_cancer().feature_names.tolist()))


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
    files = "-".join(upload.file_id for upload in uploads)
    name_encoding = st.session_state.get(f"zip-names-{files}", RECOGNISED)
    made = _made(
        "own pictures",
        uploads,
        (side, color, name_encoding),
        lambda: _make_pictures(uploads, side, color, None if name_encoding == RECOGNISED else name_encoding),
    )
    if not made:
        st.caption("Until then, the digits are shown.")
        return None
    key, images = made
    if uploads and images.name_encoding:
        _choose("Names in the zip", ENCODINGS, images.name_encoding, f"zip-names-{files}")
    _say(images.notes)
    _say_left_out(images.left_out)
    return ChosenDataset(f"pictures:{hash(key)}", images.data)


def _make_pictures(uploads, side, color, name_encoding):
    place = st.empty()
    files = [(upload.name, upload.getvalue()) for upload in uploads]
    try:
        return image_set.read_image_set(
            files,
            side=side,
            color=color,
            name_encoding=name_encoding,
            progress=lambda done, total: place.progress(done / total, f"Reading picture {done} of {total}"),
        )
    finally:
        place.empty()


def _uploaded_table():
    upload = st.file_uploader(
        "A table as CSV", key="own-table", help="Rows become points; columns of numbers are standardised."
    )
    uploads = [upload] if upload else []
    settings = _table_settings(upload.file_id) if upload else ()
    made = _made("own table", uploads, settings, lambda: _make_table(upload.getvalue(), *settings))
    if upload and (made is None or made[0][0] != upload.file_id):  # the choices may be why it cannot be read
        with st.expander("How your table is read", expanded=True):
            _choose_format(upload.file_id, None)
    if not made:
        st.caption("Until then, the made-up questionnaire is shown.")
        st.download_button(
            "The made-up one as CSV",
            synthetic_questionnaire,
            "made-up-questionnaire.csv",
            "text/csv",
            on_click="ignore",
        )
        return None
    key, table = made
    _describe_table(table, upload.file_id if upload and key[0] == upload.file_id else None)
    return ChosenDataset(f"table:{hash(key)}", table.data, table.columns)


def _table_settings(file_id):
    """Return the visitor's choices for a table: of each field of its format, the class column, columns left out."""
    chosen = [st.session_state.get(f"table-{field.name}-{file_id}", RECOGNISED) for field in fields(TableFormat)]
    columns_key = _columns_key(file_id)
    class_column = st.session_state.get(f"table-class-{columns_key}", RECOGNISED)
    return (*chosen, class_column, tuple(st.session_state.get(f"table-without-{columns_key}", ())))


def _columns_key(file_id):
    """Return a key that is new when the columns may have other names: choices of columns are made anew then."""
    named_by = ("encoding", "delimiter", "has_heading")
    return "-".join([file_id, *(str(st.session_state.get(f"table-{field}-{file_id}", "")) for field in named_by)])


def _make_table(content, *settings):
    *chosen, class_column, without = (None if setting == RECOGNISED else setting for setting in settings)
    return tables.read_table(content, table_format=TableFormat(*chosen), class_column=class_column, without=without)


def _describe_table(table: Table, file_id: str | None) -> None:
    """Show how a table was understood; the choices only while its file is there to be read again."""
    classes = f"classes from {table.class_column}" if table.class_column else "no classes"
    named = ", ".join(table.columns[:MOST_NAMED]) + (", ..." if len(table.columns) > MOST_NAMED else "")
    _say(table.notes[:NOTES_IN_SIGHT])
    with st.expander(f"{len(table.data)} rows, {len(table.columns)} columns of numbers, {classes}: how it was read"):
        st.text(f"Columns of numbers: {named}.")
        _say(table.notes[NOTES_IN_SIGHT:])
        _say([*table.left_out[:MOST_NAMED], *(["..."] if len(table.left_out) > MOST_NAMED else [])])
        st.dataframe(table.preview.iloc[:, :MOST_NAMED], hide_index=True, width="stretch", height="content")
        if file_id is None:
            return
        _choose_format(file_id, table.format)
        with st.container(horizontal=True):
            offered = {"": "none", **{column: column for column in table.possible_classes}}
            _choose(
                "Classes from the column", offered, table.class_column or "", f"table-class-{_columns_key(file_id)}"
            )
            st.multiselect(
                "Left out", table.preview.columns.tolist(), key=f"table-without-{_columns_key(file_id)}", width=420
            )


def _choose_format(file_id, found):
    with st.container(horizontal=True):
        for field, (label, names) in FORMAT_CHOICES.items():
            _choose(label, names, getattr(found, field, None), f"table-{field}-{file_id}")


def _choose(label, names, found, key):
    """Show a choice between what was recognised, which is named, and each value."""
    is_recognised = found is not None and st.session_state.get(key, RECOGNISED) == RECOGNISED
    first = f"recognised: {names[found]}" if is_recognised else "recognise it"
    st.selectbox(
        label,
        [RECOGNISED, *names],
        format_func=lambda value: first if value == RECOGNISED else names[value],
        key=key,
        width=230,
    )


def _say(sentences):
    for sentence in sentences:
        st.text(sentence)


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
