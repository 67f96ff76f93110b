"""A token in the browser's own storage, by which a new session finds what an earlier one has kept."""

from collections.abc import Callable

import streamlit as st

from restoration.ui.components.assets import component

_mount = component("browser_token")


def browser_token(token: str | None, *, session: str, key: str, on_found: Callable[[str], object]) -> None:
    """Write a token into the browser's storage, and hear of the one that lies there.

    Parameters
    ----------
    token : str or None
        To be written; "" deletes the one that lies there; None leaves it.
    session : str
        Each session is told once, at its beginning, and only while `token` is None.
    key : str
        Unique in the page.
    on_found : callable
        ``on_found(token)`` is called before the page runs again. Anything may have been written there.
    """

    def tell() -> None:
        found = st.session_state[key].found
        if isinstance(found, str):
            on_found(found)

    _mount(key=key, data={"token": token, "session": session}, on_found_change=tell)
