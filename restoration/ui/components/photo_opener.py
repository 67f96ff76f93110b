"""The button that opens photographs; files dropped anywhere on the page, or pasted, are opened too."""

from restoration.ui.components.assets import component

_mount = component("photo_opener")


def photo_opener(
    label: str, uploader: str, *, key: str, large: bool = False, several: bool = False, listens: bool = True
) -> None:
    """Show a button that stands for an uploader elsewhere on the page, and hand it what is dropped or pasted.

    Parameters
    ----------
    label : str
    uploader : str
        Key of the ``st.file_uploader``, or of a container with it alone; it may be hidden.
    key : str
        Unique in the page.
    large : bool
        Fill the place that the photograph will take. A large one leaves what is dropped or pasted to a small one,
        which each page has.
    several : bool
        Take all files that are dropped, with those of folders, and not only the first one.
    listens : bool
        Whether a small one takes what is dropped or pasted.
    """
    data = {"label": label, "uploader": uploader, "large": large, "several": several, "listens": listens and not large}
    _mount(key=key, data=data, width="stretch" if large else "content")
