"""The beginning of a download that the visitor has asked for, once its file is ready."""

import secrets

from restoration.ui.components.assets import component

_mount = component("begin_download")


def begin_download(url: str, file_name: str, *, key: str) -> None:
    """Let the browser download what lies at an address; once for each run of the script that calls this.

    Parameters
    ----------
    url
        Its path on this server.
    file_name
        As it is saved.
    key
        Unique in the page.
    """
    _mount(key=key, data={"url": url, "fileName": file_name, "call": secrets.token_hex(8)})
