"""The one error of this room, and the names that its sentences use."""

NAMES = {"MPO": "JPEG", "WEBP": "WebP", "HEIF": "HEIC"}  # Pillow's -> people's


class PhotoError(ValueError):
    """A photograph could not be opened, changed or saved; the message is one sentence for the visitor."""


def damaged(name):
    """Return the PhotoError for a file of a format (str) that cannot be decoded."""
    return PhotoError(f"This {name} file is damaged or cut off, and cannot be decoded. Use another copy.")
