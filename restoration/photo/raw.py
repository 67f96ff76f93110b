"""Raw files of cameras: recognized, so that their preview is not taken for the photograph."""

from restoration.photo.errors import PhotoError

_TIFF_STARTS = (b"II*\0", b"MM\0*")
_BY_START = {
    b"FUJIFILMCCD-RAW": "Fujifilm RAF",
    b"IIRO": "Olympus ORF",
    b"IIRS": "Olympus ORF",
    b"MMOR": "Olympus ORF",
    b"IIU\0": "Panasonic RW2",
    b"FOVb": "Sigma X3F",
    b"\0MRM": "Minolta MRW",
}
_CANON_CR2 = b"CR"  # behind the first eight bytes


def raw_kind(data: bytes) -> str | None:
    """Name the kind of a raw file that its first bytes give away.

    Parameters
    ----------
    data : bytes

    Returns
    -------
    str or None
        "Canon CR3", for example; None for any other file. Raw files that begin like any TIFF are told by
        `tiff_directories.raw_kind`.
    """
    if data[4:12] == b"ftypcrx ":
        return "Canon CR3"
    if data[:4] in _TIFF_STARTS and data[8:10] == _CANON_CR2:
        return "Canon CR2"
    return next((name for start, name in _BY_START.items() if data.startswith(start)), None)


def is_raw(kind: str) -> PhotoError:
    """Return the PhotoError for a raw file of a kind."""
    return PhotoError(
        f"This is a raw file of a camera ({kind}), which is not supported. Develop it with darktable, RawTherapee or"
        " the camera's program, and save it as TIFF or JPEG."
    )
