"""A token in the storage of a browser's tab, by which a new session finds what an earlier one has kept."""

from collections.abc import Callable

import streamlit as st

from restoration.ui.components.assets import component

_mount = component("browser_token")


def browser_token(token: str | None, *, session: str, key: str, on_found: Callable[[str, bool], object]) -> None:
    """Write a token into the tab's storage, and hear of the one that lies there, or else of the browser's latest.

    Parameters
    ----------
    token : str or None
        To be written; "" deletes the one that lies there; None leaves it.
    session : str
        Each session is told once, at its beginning, and only while `token` is None.
    key : str
        Unique in the page.
    on_found : callable
        ``on_found(token, own)`` is called before the page runs again; the token is the tab's own, or another tab's
        where this one was opened fresh or is a duplicate of it. Anything may have been written there.
    """

    def tell() -> None:
        match st.session_state[key].found:
            case {"token": str(token), "own": bool(own)}:
                on_found(token, own)

    _mount(key=key, data={"token": token, "session": session}, on_found_change=tell)
