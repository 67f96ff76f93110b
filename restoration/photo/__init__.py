"""Between bytes and pixels: the only room that knows files, bits, EXIF, ICC profiles, orientation and alpha."""

from restoration.photo.photo import Photo
from restoration.photo.reader import PhotoError

__all__ = ["Photo", "PhotoError"]
