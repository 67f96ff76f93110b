"""A list of photographs, each a row with its thumbnails and a few words, to choose one from."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import streamlit as st

from restoration.ui.components.assets import component
from restoration.ui.components.media import media_url

_mount = component("photo_list")


@dataclass(frozen=True)
class PhotoListRow:
    """One photograph.

    Attributes
    ----------
    id : str
        Unique in the list.
    name : str
        As shown.
    before, after : str
        Addresses of its thumbnails, of `thumbnail_url`; empty where there is none.
    words : str
        What was found or done, or why it failed.
    state : {"waiting", "in work", "saving", "done", "failed"}
    side : str
        What stands at the end of the row: its state in words, or the time it took.
    share : float in [0, 1]
        How much of it is done.
    """

    id: str
    name: str
    before: str = ""
    after: str = ""
    words: str = ""
    state: str = "waiting"
    side: str = ""
    share: float = 0.0


def photo_list(
    rows: Sequence[PhotoListRow], *, key: str, label: str, chosen: str, on_choose: Callable[[str], object]
) -> None:
    """Show the list; only names, words and addresses are sent, the browser fetches each thumbnail once.

    Parameters
    ----------
    rows
    key
        Unique in the page.
    label
        What is listed, for those who cannot see it.
    chosen
        Id of the chosen row.
    on_choose
        Called with the id of a row that is pressed, before the page runs again.
    """

    def choose() -> None:
        picked = st.session_state[key].picked
        if picked in {row.id for row in rows}:
            on_choose(picked)

    data: dict[str, Any] = {"label": label, "chosen": chosen, "rows": [asdict(row) for row in rows]}
    _mount(key=key, data=data, on_picked_change=choose)


def thumbnail_url(jpeg: bytes, *, key: str) -> str:
    """Return the address of a thumbnail; empty where there is none."""
    return media_url(jpeg, key=key, kind="image/jpeg") if jpeg else ""
