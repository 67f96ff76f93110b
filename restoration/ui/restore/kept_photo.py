"""The visitor's photograph and its steps survive a reload: kept on the server's disk, found by the token of the tab."""

import secrets

import streamlit as st

from restoration.pipeline import Pipeline, PipelineError
from restoration.ui.components.browser_token import browser_token
from restoration.ui.photo_store import photo_store
from restoration.ui.restore.photo_steps import PhotoSteps
from restoration.ui.upload import KEEP, UploadedFile, server_megapixels, slug

OFF = "off"  # in the place of a token: the visitor wants nothing to be kept


def show_token() -> None:
    """Keep the photograph, and let the browser hold the token; called once in each run of a page that restores."""
    keep_photo()
    state = st.session_state
    session = state.setdefault("session", secrets.token_hex(8))
    browser_token(state.get("token"), session=session, key="browser-token", on_found=_find)


def keep_photo() -> None:
    """Write the photograph and its steps where they changed; delete them where they shall not be kept."""
    state = st.session_state
    uploaded, token = state.get("uploaded"), str(state.get("token", ""))
    if not state.get(KEEP, True) or not isinstance(uploaded, UploadedFile):
        if state.pop("kept", None):
            photo_store().delete(token)
            state.token = ""
        if not state.get(KEEP, True):
            state.token = OFF
        elif token == OFF:
            state.token = ""
        return
    steps = state.get("photo steps", {}).get(uploaded.key) or PhotoSteps()
    now = (uploaded.key, steps.steps, steps.off)
    kept = state.get("kept")
    if kept == now:
        return
    if not kept:
        state.token = token = secrets.token_urlsafe(32)
    note = {
        "key": uploaded.key,
        "stem": uploaded.stem,
        "max_megapixels": uploaded.max_megapixels,
        "pixel_bytes": uploaded.pixel_bytes,
        "steps": Pipeline(steps.steps.values()).to_json(),
        "off": sorted(steps.off),
    }
    photo_store().save(token, note, uploaded.data if not kept or kept[0] != uploaded.key else None)
    state.kept = now


def _find(token: str, own: bool) -> None:
    """Take up what is kept for a token, unless the visitor has opened another photograph meanwhile.

    What another tab keeps is copied: `keep_photo` then gives this tab a token of its own.
    """
    state = st.session_state
    if token == OFF:
        state[KEEP] = False
        return
    found = None if state.get("uploaded") else photo_store().load(token)
    try:
        note, data = found or ({}, b"")
        steps = {step.name: step for step in Pipeline.from_json(note["steps"]).steps}
        uploaded = UploadedFile(
            data,
            str(note["key"]),
            slug(note["stem"]),
            min(float(note["max_megapixels"]), server_megapixels()),
            int(note["pixel_bytes"]),
        )
        off = frozenset(map(str, note["off"]))
    except (KeyError, TypeError, ValueError, PipelineError):  # nothing is there, or an older version has written it
        state.setdefault("token", "")
        return
    state.uploaded = uploaded
    state.setdefault("photo steps", {})[uploaded.key] = PhotoSteps(steps, off)
    if own:
        state.token, state.kept = token, (uploaded.key, steps, off)
