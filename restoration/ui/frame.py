"""The frame of every page: title, menu, and the sentence that says what the page is for."""

from pathlib import Path

import streamlit as st

# A file, for Streamlit would fetch a named symbol from the network.
ICON = Path(__file__).parent / "icon.png"

NAME = "Latent Darkroom"

# Streamlit leaves a hand's breadth empty above the page; the picture needs it more.
CLOSE_TO_THE_TOP = "<style>[data-testid='stMainBlockContainer'] {padding-top: 1.5rem; padding-bottom: 2rem}</style>"

# Page file -> what the menu calls it. A new page is a new row.
PAGES = {
    "streamlit_app.py": "Home",
    "pages/denoise.py": "Denoise",
}


def page(title, lead):
    """Begin a page; the first line of each page calls this.

    Parameters
    ----------
    title : str
        As in the menu.
    lead : str
        One sentence: what the page does for the visitor.
    """
    st.set_page_config(page_title=f"{title} - {NAME}", page_icon=ICON, layout="wide")
    st.html(CLOSE_TO_THE_TOP)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{NAME}**", width="content")
        for file, label in PAGES.items():
            st.page_link(file, label=label, width="content", disabled=label == title)
        st.caption(lead, width="content")


def sentence(error):
    """Show a failure as its one sentence; the message is ours, but a file's name in it is text, not markup."""
    st.error(_plain(str(error)), icon=":material/error:")


def _plain(text):
    """Escape what Streamlit would read as markup."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]()<>#+-!|~$:" else sign for sign in text)
