"""Downloads of an exploration page: pictures, animations, and codes as a table."""

import io

import numpy as np
import streamlit as st

from restoration.ui.components.media import encode_png

KINDS = {"png": "image/png", "gif": "image/gif", "csv": "text/csv"}


def offer(label, make, file_name):
    """Show a button that saves a file; it is made when the button is pressed, and nothing runs again.

    Parameters
    ----------
    label : str
    make : callable
        Without arguments, gives the bytes.
    file_name : str
        Its ending is a key of `KINDS`.
    """
    kind = KINDS[file_name.rsplit(".", 1)[1]]
    st.download_button(
        label,
        make,
        file_name,
        kind,
        on_click="ignore",
        width="stretch",
        key=f"save-{file_name}",
        icon=":material/download:",
    )


def png(image):
    """Return an image (h, w, c) as PNG bytes."""
    return encode_png(image)


def table(columns):
    """Return columns of equal length as CSV bytes.

    Parameters
    ----------
    columns : dict of str to sequence
        Heading -> values. Two-dimensional ones become numbered columns.

    Examples
    --------
    >>> table({"weight": [0, 1], "code": np.array([[1.5, 2], [3, 4]])}).decode().splitlines()
    ['weight,code 1,code 2', '0,1.5,2.0', '1,3.0,4.0']
    """
    import pandas as pd

    parts = {}
    for heading, values in columns.items():
        if np.ndim(values) == 2:
            parts |= {f"{heading} {number + 1}": column for number, column in enumerate(np.asarray(values).T)}
        else:
            parts[heading] = values
    file = io.StringIO()
    pd.DataFrame(parts).to_csv(file, index=False)
    return file.getvalue().encode()
