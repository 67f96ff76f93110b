"""Between bytes and pixels: the only room that knows files, bits, EXIF, ICC profiles, orientation and alpha."""

from restoration.photo.errors import PhotoError
from restoration.photo.photo import Photo
from restoration.photo.save_options import check_target

__all__ = ["Photo", "PhotoError", "check_target"]
