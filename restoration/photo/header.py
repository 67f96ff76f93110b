"""The size of a photograph by its header alone, for estimates: quick, and never an error."""

import os
from typing import BinaryIO

from PIL import Image

from restoration.photo.decoder_warnings import quiet
from restoration.photo.formats import DECODERS


def megapixels_of(path: str | os.PathLike[str] | BinaryIO) -> float:
    """Return the megapixels that a file says it has, 0 where that cannot be told; nothing is decoded."""
    try:
        with quiet():
            Image.init()
            with Image.open(path, formats=[name for name in DECODERS if name in Image.OPEN]) as image:
                return image.width * image.height / 1e6
    except Exception:  # decoders throw nearly every kind of exception at malformed files
        return 0.0
