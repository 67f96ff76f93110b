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
from restoration.ui.components.disk_download_button import disk_download_button

ADDRESS = "many_photographs_zip"  # below the address of the server


class Download(Protocol):
    """What makes a file when it is asked for."""

    def make_file(self) -> Path:
        """Return the file; BatchError where it cannot be made."""


_offered: WeakValueDictionary[str, Download] = WeakValueDictionary()


def show_disk_download(download: Download | None, label: str, file_name: str, *, key: str) -> None:
    """Show a button that downloads what `download` makes, as long as that object lives.

    Parameters
    ----------
    download
        None while there is nothing to be downloaded.
    label
    file_name
    key
        Unique in the page.
    """
    token = st.session_state.setdefault(f"address of {key}", secrets.token_urlsafe(24))
    _offered.pop(token, None)
    if download is not None:
        _offered[token] = download
    base = st.get_option("server.baseUrlPath").strip("/")
    url = "/".join(["", *([base] if base else []), ADDRESS, token])
    disk_download_button(label, url, file_name, key=key, disabled=download is None)


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
