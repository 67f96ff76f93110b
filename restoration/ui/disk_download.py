"""Files that are sent from disk, piece by piece: Streamlit's own download would hold them in memory as a whole."""

import secrets
from pathlib import Path
from typing import Protocol
from weakref import WeakValueDictionary

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

from restoration.batch.errors import BatchError

ADDRESS = "many_photographs_zip"  # below the address of the server


class Download(Protocol):
    """What makes a file when it is asked for."""

    def make_file(self) -> Path:
        """Return the file; BatchError where it cannot be made."""


_offered: WeakValueDictionary[str, Download] = WeakValueDictionary()


def offer(download: Download | None, key: str) -> str:
    """Return the address, a secret of the session, at which a download is sent for as long as it lives.

    Parameters
    ----------
    download
        None where there is nothing to be downloaded.
    key
        Of the place that offers it; a later download of the same key takes the place of this one.
    """
    token: str = st.session_state.setdefault(f"address of {key}", secrets.token_urlsafe(24))
    _offered.pop(token, None)
    if download is not None:
        _offered[token] = download
    base = st.get_option("server.baseUrlPath").strip("/")
    return "/".join(["", *([base] if base else []), ADDRESS, token])


async def send_file(request: Request) -> Response:
    """Answer the address of a download."""
    download = _offered.get(request.path_params["token"])
    if download is None:
        return PlainTextResponse("This download is gone; open the page again.", status_code=404)
    try:
        path = await run_in_threadpool(download.make_file)
    except BatchError as error:
        return PlainTextResponse(str(error), status_code=507)
    return FileResponse(path, filename=path.name, headers={"Cache-Control": "no-store"})
