"""The frame of every page: browser title, menu, one sentence on its purpose, and how errors are shown."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from restoration.inference.card import WeightsError
from restoration.ui import lesson
from restoration.ui.memory_queue import memory_queue

ICON = Path(__file__).parent / "icon.png"  # a file, because Streamlit would fetch a named symbol from the network

# MemoryError has no text of its own.
NO_MEMORY = "The memory of this computer is not enough for this picture; reduce it, or close other programs."

NAME = "Latent Darkroom"

# A widget with these (and a key) keeps its value in the address, and while other pages are visited.
REMEMBERED: dict[str, Any] = {"bind": "query-params", "persist_state": "session"}

# Streamlit's empty space above a page would push the viewer below the first screen; white on the dark page's accent
# has a contrast of 3.1, dark one of 5.5; a status of two lines, or of three on a phone, moves nothing below it. And it
# leaves the button that was pressed beside the bar that takes its place, and on a programmer's own computer offers to
# install something for coding agents, over the photograph. On a phone columns stand below each other without a hole
# between, and on one that is held upright the photograph stays in sight while its controls scroll below it.
STYLE = """<style>
[data-testid="stSkillsNudge"] {display: none}
[data-testid="stMainBlockContainer"] {padding-top: 1.5rem; padding-bottom: 2rem}
[class*="st-key-pages-"] a {min-height: 2.75rem}
button[kind="primary"]:enabled * {color: light-dark(#fff, #1c1c1c)}
.st-key-status {min-height: 3.5rem}
@media (width < 640px) {
  .st-key-status {min-height: 5.5rem}
  [data-testid="stHorizontalBlock"] {row-gap: 1rem}
}
@media (width < 640px) and (height > 640px) {
  .st-key-bench > :has(> .st-key-photo) {
    position: sticky; top: 0; z-index: 10; background: light-dark(#f4f4f2, #1c1c1c)
  }
}
.st-key-download:has([role="progressbar"]) [data-testid="stElementContainer"]:has(button) {display: none}
.st-key-browser-token, .st-key-begin-download {display: none}
</style>"""

# File, title, and what the page does for a photograph: a new task is a new row, and home and menu show it.
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
    (
        "pages/repair.py",
        "Repair",
        "Finds scratches, creases, dust and missing pieces and fills them; a brush adds what it missed, "
        "and spares what is none.",
    ),
    (
        "pages/many_photographs.py",
        "Many photographs",
        "A whole box at once: each photograph gets what it needs, or the steps that you choose, and all come back "
        "together.",
    ),
]
# File, title, and what can be tried there: the pages that explain how such networks work.
EXPLORE = [
    (
        "pages/train_denoiser.py",
        "Train a denoiser",
        "A small network learns to undo noise before your eyes; then see it fail at another noise.",
    ),
    (
        "pages/few_labels.py",
        "Few labels",
        "Learn from many pictures without labels, then from one to a hundred with: what pretraining is worth.",
    ),
    (
        "pages/foreign_pictures.py",
        "Foreign pictures",
        "Two networks that have seen only digits are shown a face: one draws a digit, the other the face.",
    ),
    (
        "pages/another_domain.py",
        "Another domain",
        "A classifier of one kind of digits meets another kind, and learns from its pictures without their labels.",
    ),
    (
        "pages/anomalies.py",
        "Anomalies",
        "A network that knows only what is normal raises the alarm: on digits, clothes, a medical table or your own.",
    ),
    (
        "pages/losses_and_shapes.py",
        "Losses and shapes",
        "Two networks that differ in loss, depth, width, activation or optimizer, side by side on the same data.",
    ),
    (
        "pages/regularize.py",
        "Regularize",
        "One autoencoder trained in five ways side by side: plain, sparse, contractive, denoising, dropout.",
    ),
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
        "pages/compress.py",
        "Compress",
        "A photograph as a code of few bytes, beside JPEG, WebP and AVIF in just as many.",
    ),
    (
        "pages/scan.py",
        "Scan",
        "Computed tomography at a lower dose, its noise taken out, and what is lost with it; your own slices too.",
    ),
    (
        "pages/latent_map.py",
        "Latent map",
        "All digits on one plane: point anywhere and the decoder draws what belongs there. Where does yours land?",
    ),
]
GROUPS = {"Restore": TASKS, "Explore": EXPLORE}


def page(title: str, lead: str = "") -> DeltaGenerator:
    """Begin a page and resume its lesson; each page calls this first.

    Parameters
    ----------
    title : str
        As in the menu.
    lead : str
        One sentence: what the page does for the visitor; empty where the page says it itself.

    Returns
    -------
    container
        The place for the page's actions in its first row.
    """
    st.set_page_config(page_title=f"{title} - {NAME}", page_icon=ICON, layout="wide")
    st.html(STYLE)
    _drop_numbers_without_end()
    memory_queue.leave()  # a run that another page's run turned into
    lesson.resume(title)
    row: dict[str, Any] = {"horizontal": True, "vertical_alignment": "center", "gap": "xsmall"}
    with st.container(**row, horizontal_alignment="distribute"):
        with st.container(**row, width="content"):
            st.page_link("streamlit_app.py", label=f"**{NAME}**", width="content")
            actions = st.container(**row, width="content")  # before the menus, so that few Tab stops lead there
        with st.container(**row, width="content"):
            for name, rows in GROUPS.items():
                _show_menu(name, rows, title)
    if lead:
        st.caption(lead)
    return actions


def _show_menu(name: str, rows: list[tuple[str, str, str]], current: str) -> None:
    """Show the menu of one group of pages; the current page stands in its label."""
    _, titles, _ = zip(*rows, strict=True)
    menu = st.popover(f"{name}: **:primary[{current}]**" if current in titles else name, key=f"menu-{name}")
    with menu.container(key=f"pages-{name}", gap=None):
        for file, title, _ in rows:
            st.page_link(file, label=title, width="stretch")


def _drop_numbers_without_end() -> None:
    """Take infinity and NaN out of the address (``?seed=1e400``): Streamlit's number inputs fail at them."""
    odd = [name for name in st.query_params if any(map(_is_odd_number, st.query_params.get_all(name)))]
    for name in odd:
        del st.query_params[name]
    if odd:
        st.rerun()  # widgets read the address that a run began with


def _is_odd_number(text: str) -> bool:
    try:
        return not math.isfinite(float(text))
    except ValueError:
        return False


def show_error(error: Exception | str) -> None:
    """Show a failure as its one sentence; names in it are text, not markup."""
    st.error(escape_markdown(str(error) or NO_MEMORY), icon=":material/error:")


@contextmanager
def show_errors() -> Iterator[None]:
    """Show what fails inside a ``with`` statement as its one sentence, and go on with the page."""
    try:
        yield
    except (ValueError, MemoryError, WeightsError) as error:
        show_error(error)


def escape_markdown(text: str) -> str:
    """Return Markdown that shows a text as it is."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]()<>#+-!|~$:" else sign for sign in text)
