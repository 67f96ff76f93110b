"""The JavaScript, CSS and HTML that each widget has beside its Python module."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

FOLDER = Path(__file__).parent


def component(name: str) -> Callable[..., Any]:
    """Register the widget of ``NAME.html``, ``NAME.css`` and ``NAME.js`` with Streamlit.

    To be called once, when the widget's module is imported: Streamlit carries the definition into every later runtime.

    Parameters
    ----------
    name : str
        Of the three files in this folder.

    Returns
    -------
    callable
        Mounts the widget in the page (`st.components.v2.component`).
    """
    html, css, js = ((FOLDER / f"{name}.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js"))
    return st.components.v2.component(f"latent_darkroom_{name}", html=html, css=css, js=js)
