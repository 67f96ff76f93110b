"""Download buttons of an exploration page: images, animations, and codes as a table."""

from collections.abc import Callable

import streamlit as st

MIME_TYPES = {"png": "image/png", "gif": "image/gif", "csv": "text/csv", "ldc": "application/octet-stream"}


def offer(label: str, make: Callable[[], bytes], file_name: str) -> None:
    """Show a button that saves a file; the file is made when the button is pressed, and nothing else runs.

    Parameters
    ----------
    label : str
    make : callable
        Returns the content of the file.
    file_name : str
        Its suffix is a key of `MIME_TYPES`.
    """
    st.download_button(
        label,
        make,
        file_name,
        MIME_TYPES[file_name.rsplit(".", 1)[1]],
        on_click="ignore",
        width="stretch",
        key=f"save-{file_name}",
        icon=":material/download:",
    )
