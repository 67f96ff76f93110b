"""How samples are decoded, once the header has been checked: by Pillow, or 16-bit colour by OpenCV."""

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from restoration.photo import color_profile, tiff
from restoration.photo.errors import PhotoError, damaged
from restoration.photo.formats import NAMES

if TYPE_CHECKING:
    from restoration.photo.reader import OpenFile

# Pillow's mode -> the mode whose bytes we read
MODES = {
    **{mode: mode for mode in ("L", "LA", "RGB", "RGBA")},
    **{
        "1": "L",
        "La": "LA",
        "P": "RGB",
        "PA": "RGBA",
        "RGBX": "RGB",
        "YCbCr": "RGB",
        "HSV": "RGB",
        "RGBa": "RGBA",
    },
}


def decode(opened: "OpenFile", image: Image.Image, data: bytes) -> None:
    """Decide how the samples of an OpenFile are read, and begin.

    Parameters
    ----------
    opened : OpenFile
        Gets its samples, channels, bits and notes.
    image : PIL.Image.Image
        Opened, not loaded.
    data : bytes
        The file.

    Raises
    ------
    PhotoError
    """
    mode = image.mode
    if _is_16_bit_colour(image, data):
        _decode_colour_16(opened, image, data)
    elif mode.startswith("I;16"):
        _decode_gray_16(opened, image, np.asarray(loaded(image)))
    elif mode in ("I", "F"):
        _decode_32_bit(opened, image, np.asarray(loaded(image)))
    elif mode in ("CMYK", "LAB"):
        opened._image = color_profile.image_to_srgb(loaded(image), opened.icc)
        opened.icc = None
        opened.notes.append(f"The {mode} colours were converted to sRGB.")
    elif mode in MODES:
        opened._image = loaded(image)
        target = MODES[image.mode]
        opened.channels = 1 if target in ("L", "LA") else 3
        opened.has_alpha = target.endswith("A") or "transparency" in image.info
        if image.format == "PNG" and image.mode == "L" and opened.has_alpha:
            image.info["transparency"] *= 255 // (2 ** data[24] - 1)  # Pillow spreads 2 and 4 bits to 8, but not this
    else:
        raise PhotoError(f"This file stores its pixels as {mode}, which is not supported. Save it as PNG or TIFF.")
    upright = (opened.width, opened.height)
    decoded = image.size if opened._samples is None else opened._samples.shape[1::-1]
    if decoded != (upright if opened._orientation < 5 else upright[::-1]):
        raise PhotoError("This file is damaged: its pixels do not fit the size it announces. Use another copy.")


def loaded(image: Image.Image) -> Image.Image:
    """Decode Pillow's image; a damaged file is a PhotoError."""
    try:
        image.load()
    except MemoryError:
        raise
    except Exception as error:  # decoders throw nearly every kind of exception at malformed files
        name = image.format or "image"
        raise (tiff.undecoded(image) if name == "TIFF" else damaged(NAMES.get(name, name))) from error
    return image


def _is_16_bit_colour(image, data):
    if image.format == "PNG":
        return data[24] == 16 and not image.mode.startswith("I")  # byte 24: bit depth in IHDR
    if image.format == "TIFF" and image.mode in ("RGB", "RGBA"):
        return set(image.tag_v2.get(258, ())) == {16}  # BitsPerSample
    return False


def _decode_colour_16(opened, image, data):
    if image.format == "TIFF" and tiff.has_planes(image.tag_v2):
        samples = np.stack([np.asarray(loaded(plane)) for plane in tiff.planes(image.tag_v2, data)], axis=2)
    else:
        samples = _by_opencv(data, opened.format)
    if image.format == "TIFF":
        samples = tiff.straight_alpha(samples, image.tag_v2)
    gray = image.format == "PNG" and data[25] == 4  # colour type 4, gray with alpha; OpenCV makes it colour
    opened._samples = samples[..., [0, 3]] if gray else samples
    opened.channels = 1 if gray else 3
    opened.has_alpha = samples.shape[2] == 4
    opened.bits = 16


def _by_opencv(data, name):
    import cv2

    log = cv2.utils.logging
    loudness = log.getLogLevel()
    log.setLogLevel(log.LOG_LEVEL_SILENT)  # OpenCV reports damage on the terminal; we report it to the visitor
    try:
        # It turns a TIFF upright, as Pillow does, and a PNG not at all.
        samples = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    finally:
        log.setLogLevel(loudness)
    if samples is None or samples.dtype != np.uint16 or samples.ndim != 3:
        raise damaged(f"16-bit {name}")
    return samples[..., [2, 1, 0, 3][: samples.shape[2]]]


def _decode_gray_16(opened, image, samples):
    samples = samples.astype(np.uint16, copy=False)
    if image.format == "TIFF":
        samples = tiff.gray_levels(samples, image.tag_v2)
    samples, transparent = samples[..., None], image.info.get("transparency")
    if isinstance(transparent, int):
        alpha = np.where(samples == transparent, 0, 65535).astype(np.uint16)
        samples = np.concatenate([samples, alpha], axis=-1)
        opened.has_alpha = True
    opened._samples, opened.channels, opened.bits = samples, 1, 16


def _decode_32_bit(opened, image, samples):
    """Take 32-bit gray when its range is one of the two that have a plain meaning."""
    low, high = float(samples.min()), float(samples.max())
    if samples.dtype == np.int32 and low >= 0 and high <= 65535:
        samples = samples.astype(np.uint16)
    elif samples.dtype == np.float32 and low >= 0 and high <= 1:
        samples = np.rint(samples * np.float32(65535)).astype(np.uint16)
        opened.notes.append("The 32-bit float pixels are kept with 16 bits.")
    else:
        allowed = "0 to 65535" if samples.dtype == np.int32 else "0 to 1"
        raise PhotoError(
            f"The 32-bit pixels of this file run from {low:g} to {high:g}; the limit is {allowed}."
            " Save it with 16 bits."
        )
    _decode_gray_16(opened, image, samples)
