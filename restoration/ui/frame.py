"""The frame of every page: title, menu, and the sentence that says what the page is for."""

from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from restoration.inference.card import WeightsError
from restoration.ui import lesson

# A file, for Streamlit would fetch a named symbol from the network.
ICON = Path(__file__).parent / "icon.png"

# Python says nothing when memory runs out.
NO_MEMORY = "The memory of this computer is not enough for this picture; reduce it, or close other programs."

NAME = "Latent Darkroom"

# A widget with these (and a key) keeps its value while its visitor is on other pages, and in the address.
REMEMBERED = {"bind": "query-params", "persist_state": "session"}

# Streamlit leaves a hand's breadth empty above the page; the picture needs it more.
CLOSE_TO_THE_TOP = "<style>[data-testid='stMainBlockContainer'] {padding-top: 1.5rem; padding-bottom: 2rem}</style>"

# Page, title, and what it does for a photograph: a new task is a new row, and home and menu show it.
TASKS = [
    (
        "pages/denoise.py",
        "Denoise",
        "Takes the noise out of a photograph and leaves the rest of the file as it came: size, colours, 16 bits, "
        "transparency, profile.",
    ),
    (
        "pages/colorize.py",
        "Colorize",
        "Gives a gray photograph believable colours at its full size, and lets you correct the ones you know better.",
    ),
    (
        "pages/upscale.py",
        "Upscale",
        "Makes a small picture up to eight times as wide, sharper than interpolation does, and shows both.",
    ),
]
# Page, title, and what can be tried out there: the pages that explain how such networks work.
EXPLORE = [
    (
        "pages/pca_and_codes.py",
        "PCA and codes",
        "The same pictures as points, by PCA and by an autoencoder that trains before your eyes; your own too.",
    ),
    (
        "pages/blend.py",
        "Blend",
        "Two pictures mixed by their pixels, and by the few numbers that a network keeps of them: ghosts, or something "
        "between.",
    ),
    (
        "pages/latent_map.py",
        "Latent map",
        "All digits on one plane: point anywhere and the decoder draws what belongs there. Where does yours land?",
    ),
]
PAGES = {"streamlit_app.py": "Home"} | {page: title for page, title, _ in [*TASKS, *EXPLORE]}


def page(title, lead):
    """Begin a page, and go on with its lesson; the first line of each page calls this.

    Parameters
    ----------
    title : str
        As in the menu.
    lead : str
        One sentence: what the page does for the visitor.
    """
    st.set_page_config(page_title=f"{title} - {NAME}", page_icon=ICON, layout="wide")
    st.html(CLOSE_TO_THE_TOP)
    lesson.resume(title)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{NAME}**", width="content")
        for file, label in PAGES.items():
            st.page_link(file, label=label, width="content", disabled=label == title)
        st.caption(lead, width="content")


def sentence(error):
    """Show a failure as its one sentence; the message is ours, but a file's name in it is text, not markup."""
    st.error(_plain(str(error) or NO_MEMORY), icon=":material/error:")


@contextmanager
def sentences():
    """Show what goes wrong inside a ``with`` statement as its one sentence, and go on with the page."""
    try:
        yield
    except (ValueError, MemoryError, WeightsError) as error:
        sentence(error)


def _plain(text):
    """Escape what Streamlit would read as markup."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]()<>#+-!|~$:" else sign for sign in text)
