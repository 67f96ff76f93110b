"""A button that downloads what an address of the server answers."""

from restoration.ui.components.assets import component

_mount = component("disk_download_button")


def disk_download_button(label: str, url: str, file_name: str, *, key: str, disabled: bool) -> None:
    """Show the button.

    Parameters
    ----------
    label
    url
        Its path on this server.
    file_name
        As it is saved.
    key
        Unique in the page.
    disabled
        Whether there is nothing to be downloaded yet.
    """
    data = {"label": label, "url": url, "fileName": file_name, "disabled": disabled}
    _mount(key=key, data=data, width="content")
