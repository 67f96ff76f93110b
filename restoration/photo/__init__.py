"""Photographs as files: formats, bits, EXIF, ICC profiles, orientation, transparency."""

from restoration.photo.errors import PhotoError
from restoration.photo.photo import Photo
from restoration.photo.save_options import check_target

__all__ = ["Photo", "PhotoError", "check_target"]
