"""A button that writes a file once it is pressed, with progress, and then downloads it."""

from collections.abc import Callable

import streamlit as st

from restoration.image.types import Progress
from restoration.photo.file_estimate import FileEstimate
from restoration.ui.components.begin_download import begin_download
from restoration.ui.components.media import media_url
from restoration.ui.frame import show_error
from restoration.ui.progress import FAILURES, ProgressBar

BAR_WIDTH = 150  # in CSS pixels
_PRESSED = "file to write"


@st.fragment
def download_button(
    make_file: Callable[[Progress], bytes],
    file_name: str,
    mime: str,
    *,
    expected: FileEstimate | None,
    disabled: bool,
) -> None:
    """Show the button. While the file is written, its progress stands there; a visitor who leaves ends the writing.

    Parameters
    ----------
    make_file : callable
        ``make_file(progress)`` -> the file; called when the button is pressed.
    file_name, mime : str
        As it is saved.
    expected : FileEstimate or None
        What the file is likely to be, where it is large enough for that to be told.
    disabled : bool
    """
    place = st.empty()
    if st.session_state.pop(_PRESSED, None) == file_name:
        bar = ProgressBar(place, "Writing", expected and expected.seconds, width=BAR_WIDTH)
        try:
            url = media_url(make_file(bar), key="download", kind=mime)
        except FAILURES as error:
            show_error(error)
        else:
            begin_download(url, file_name, key="begin-download")
    place.button(
        f"Download {expected.size / 1e6:.0f} MB" if expected else "Download",
        on_click=_press,
        args=(file_name,),
        type="primary",
        icon=":material/download:",
        help=file_name,
        disabled=disabled,
    )


def _press(file_name: str) -> None:
    st.session_state[_PRESSED] = file_name
