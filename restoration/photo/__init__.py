"""Between bytes and pixels: the only room that knows files, 8 and 16 bits, EXIF, ICC profiles, orientation and alpha."""

from restoration.photo.photo import Photo
from restoration.photo.reader import PhotoError

__all__ = ["Photo", "PhotoError"]
