"""What every restoration page has: the viewer's place, the status line, and the choice of a network."""

from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from restoration.inference.card import BASELINE, presets
from restoration.ui import frame
from restoration.ui.frame import REMEMBERED, show_error
from restoration.ui.restore.kept_photo import show_token
from restoration.ui.upload import show_opener, show_upload_error


class PageLayout(NamedTuple):
    """The places of a restoration page.

    Attributes
    ----------
    download
        Beside *Open a photo*.
    line
        Above the viewer, for the steps so far, or for `lead`.
    viewer
    status
        The line below the viewer.
    controls
        Below it; on a phone the viewer stays in sight above as long as they are.
    lead : str
        One sentence: what the page does for the visitor.
    """

    download: DeltaGenerator
    line: DeltaGenerator
    viewer: DeltaGenerator
    status: DeltaGenerator
    controls: DeltaGenerator
    lead: str


def restoration_page(title: str, lead: str) -> PageLayout:
    """Begin a restoration page; each calls this first. Below the viewer stands why an upload was refused.

    A photograph that is dropped on the page or pasted is opened, too. It stays until another one replaces it or the
    samples are asked for.

    Parameters
    ----------
    title : str
        As in the menu.
    lead : str
        One sentence: what the page does for the visitor.

    Returns
    -------
    PageLayout
        Its `status` is an ``st.empty()`` with room for what is said there, so that the controls below it stay where
        they are when a result arrives.
    """
    with frame.page(title):
        show_opener(title)
        show_token()
        download_place = st.container(horizontal=True, gap="xsmall", width="content")
    line = st.container()
    with st.container(key="bench"):
        viewer_place = st.container(key="photo")
        show_upload_error()
        status_place = st.container(key="status").empty()
        controls = st.container()
    return PageLayout(download_place, line, viewer_place, status_place, controls, lead)


def choose_preset(task: str, key: str, default: str, help_text: str) -> str:
    """Show the choice between a task's networks; `help_text` says how they differ."""
    offered = presets(task)
    if not offered:
        show_error(f"No network to {task} can be read; install the project again.")
        st.stop()
    return st.segmented_control(
        "Network",
        offered,
        default=default if default in offered else offered[0],
        required=True,
        key=key,
        format_func=preset_label,
        help=f"{help_text}, *simple* is a small plain network, to compare.",
        **REMEMBERED,
    )


def preset_label(preset: str) -> str:
    """Return how the visitor reads a preset."""
    return "simple" if preset == BASELINE else preset


def choose_self_ensemble(key: str) -> bool:
    """Show the switch of the self-ensemble."""
    return st.toggle(
        "Finest, eight times as slow",
        key=key,
        help="The mean of eight runs on flipped and turned copies: a little better.",
        **REMEMBERED,
    )
