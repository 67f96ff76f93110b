"""How samples are decoded, once the header has been checked.

Pillow decodes 8 bits and 16-bit gray; whatever else has more than 8 bits, which Pillow would cut down, is left to
OpenCV and to libheif.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from restoration.image.checks import FARTHEST
from restoration.image.types import Samples
from restoration.photo import tiff
from restoration.photo.color_profile import OneWay, lab_to_srgb
from restoration.photo.errors import PhotoError, damaged
from restoration.photo.formats import NAMES
from restoration.photo.strips import strip_rows, strips_of

# Pillow's mode -> the mode whose bytes we read
MODES = {
    **{mode: mode for mode in ("L", "LA", "RGB", "RGBA", "CMYK", "LAB")},
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
_LAB_SIGNS = np.array([0, 128, 128], np.uint8)  # Pillow hands a and b on as signed bytes
_LAB = OneWay(lab_to_srgb, "The LAB colours were converted to sRGB.")


@dataclass
class Decoded:
    """The samples of a file, in its order of rows.

    Parameters
    ----------
    channels : {1, 3, 4}
        Gray, RGB or CIELAB, CMYK; without alpha.
    has_alpha : bool
    bits : {8, 16}
    image : PIL.Image.Image or None
        Of 8 bits; None where `array` is given.
    array : ndarray of shape (H, W, channels + alpha), uint8 or uint16, or None
    conversion : OneWay or None
        How the colours become sRGB, where no profile says it.
    notes : list of str
    """

    channels: int
    has_alpha: bool = False
    bits: int = 8
    image: Image.Image | None = None
    array: Samples | None = None
    conversion: OneWay | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        if self.array is not None:
            return self.array.shape[1], self.array.shape[0]
        return self._image().size

    def strips(self) -> Iterator[tuple[slice, Samples]]:
        """Yield (rows, samples) strip by strip: a slice, and (rows, W, channels + alpha) uint8 or uint16."""
        if self.array is not None:
            yield from strips_of(self.array)
            return
        image = self._image()
        width, height = image.size
        target = MODES[image.mode].removesuffix("A") + "A" * self.has_alpha
        for rows in strip_rows(height, width):
            part = image.crop((0, rows.start, width, rows.stop))
            if part.mode != target:
                part = part.convert(target)
            samples = np.asarray(part).reshape(rows.stop - rows.start, width, -1)
            yield rows, samples ^ _LAB_SIGNS if target == "LAB" else samples

    def _image(self):
        assert self.image is not None  # where there is no array
        return self.image


def decode(image: Image.Image, data: bytes, bits: int) -> Decoded:
    """Decode the samples of a file.

    Parameters
    ----------
    image : PIL.Image.Image
        Opened, not loaded.
    data : bytes
        The file.
    bits : int
        Of a sample, as a HEIC or AVIF file says; 8 for other formats.

    Returns
    -------
    Decoded

    Raises
    ------
    PhotoError
    """
    mode, tags = image.mode, getattr(image, "tag_v2", None)
    if bits > 8 and image.format in ("HEIF", "AVIF"):
        wide = _by_libheif(data, bits) if image.format == "HEIF" else _widened(_by_opencv(data, "16-bit AVIF"), bits)
        return _of_array(wide)
    if image.format == "PNG" and data[24] == 16 and not mode.startswith("I"):  # byte 24: bit depth in IHDR
        samples = _by_opencv(data, "16-bit PNG")
        # Colour type 4 is gray with alpha; OpenCV makes it colour.
        return _of_array(samples[..., [0, 3]] if data[25] == 4 else samples)
    if tags is not None and mode in ("RGB", "RGBA", "CMYK", "LAB") and tiff.bits(tags) in ({16}, {32}):
        return _wide_tiff(image, data)
    if tags is not None and tiff.is_signed(tags) and mode in MODES:
        raise PhotoError("This TIFF file stores its pixels as signed integers, which is not supported. Save it as PNG.")
    if tags is not None and tiff.is_subsampled(tags):
        return Decoded(3, array=_by_opencv(data, "TIFF", (np.uint8,)))
    if mode in ("I", "F") or mode.startswith("I;16"):
        if mode == "F" and tags is not None and tags.prefix == b"MM":
            # Pillow exchanges the bytes of packed floats of this order once too often.
            samples = _by_opencv(next(tiff.planes(tags, data)), "16-bit TIFF")[..., 0]
        else:
            samples = np.asarray(loaded(image))
        return _gray_32(image, samples) if samples.itemsize == 4 else _gray_16(image, samples)
    if mode not in MODES:
        raise PhotoError(f"This file stores its pixels as {mode}, which is not supported. Save it as PNG or TIFF.")
    return _eight_bit(loaded(image), data)


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


def _eight_bit(image, data):
    target = MODES[image.mode]
    channels = {"L": 1, "LA": 1, "CMYK": 4}.get(target, 3)
    has_alpha = target.endswith("A") or "transparency" in image.info
    if image.format == "PNG" and image.mode == "L" and has_alpha:
        image.info["transparency"] *= 255 // (2 ** data[24] - 1)  # Pillow spreads 2 and 4 bits to 8, but not this
    if image.format == "BMP" and has_alpha and image.getextrema()[-1] == (0, 0):
        has_alpha = False  # a fourth byte that nobody filled in
    is_lab = target == "LAB" or (image.format == "TIFF" and tiff.is_icc_lab(image.tag_v2))
    return Decoded(channels, has_alpha, image=image, conversion=_LAB if is_lab else None)


def _of_array(samples, notes=()):
    channels = samples.shape[2]
    has_alpha = channels in (2, 4)
    return Decoded(channels - has_alpha, has_alpha, 16, array=samples, notes=list(notes))


def _wide_tiff(image, data):
    tags, mode = image.tag_v2, image.mode
    try:
        planes = tiff.planes(tags, data) if tiff.has_planes(tags) else None
        if planes is not None:
            samples = np.concatenate([_by_opencv(plane, "16-bit TIFF") for plane in planes], axis=2)
        else:
            samples = _by_opencv(tiff.called_rgb(tags, data) if mode in ("CMYK", "LAB") else data, "16-bit TIFF")
    except KeyError as error:  # a tag is missing
        raise damaged("TIFF") from error
    notes = []
    if samples.dtype == np.float32:
        samples = _from_floats(samples, notes)
    if mode == "CMYK":
        return Decoded(4, bits=16, array=samples, notes=notes)
    if mode == "LAB":
        return Decoded(3, bits=16, array=tiff.shifted_lab(samples, tags), conversion=_LAB, notes=notes)
    return _of_array(tiff.straight_alpha(samples, tags), notes)


def _by_libheif(data, bits):
    import sys

    library = sys.modules.get("pillow_heif") or sys.modules["pi_heif"]  # the one that the reader has opened it with
    try:
        samples = np.asarray(library.open_heif(io.BytesIO(data), convert_hdr_to_8bit=False, reload_size=True))
    except MemoryError:
        raise
    except Exception as error:
        raise damaged("HEIC") from error
    samples = samples.reshape(*samples.shape[:2], -1)
    return _widened(samples >> (16 - bits), bits) if samples.dtype == np.uint16 else _widened(samples, 8)


def _widened(samples, bits):
    """Spread samples of 8 to 16 bits over 0 to 65535."""
    return np.rint(samples * np.float32(65535 / (2**bits - 1))).astype(np.uint16)


def _by_opencv(data, name, dtypes=(np.uint16, np.float32)):
    import cv2

    log = cv2.utils.logging
    loudness = log.getLogLevel()
    log.setLogLevel(log.LOG_LEVEL_SILENT)  # OpenCV reports damage on the terminal; we report it to the visitor
    try:
        # It turns a TIFF upright, as Pillow does, and a PNG not at all.
        samples = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    finally:
        log.setLogLevel(loudness)
    if samples is None or samples.dtype not in dtypes:
        raise damaged(name)
    if samples.ndim == 2:
        return samples[..., None]
    return samples[..., [2, 1, 0, 3][: samples.shape[2]]]


def _gray_16(image, samples, notes=()):
    samples = samples.astype(np.uint16, copy=False)
    if image.format == "TIFF":
        samples = tiff.gray_levels(samples, image.tag_v2)
    samples, transparent = samples[..., None], image.info.get("transparency")
    if isinstance(transparent, int):
        alpha = np.where(samples == transparent, 0, 65535).astype(np.uint16)
        samples = np.concatenate([samples, alpha], axis=-1)
    return _of_array(samples, notes)


def _gray_32(image, samples):
    """Take 32-bit gray when its range is one of the two that have a plain meaning."""
    if samples.dtype == np.float32:
        notes: list[str] = []
        return _gray_16(image, _from_floats(samples, notes), notes)
    low, high = int(samples.min()), int(samples.max())
    if low < 0 or high > 65535:
        raise _out_of_range(low, high, "0 to 65535")
    return _gray_16(image, samples)


def _from_floats(samples: NDArray[np.float32], notes: list[str]) -> NDArray[np.uint16]:
    """Bring floats, black 0 and white 1, to 16 bits; what lies slightly beyond is clipped and told."""
    low, high = float(samples.min()), float(samples.max())
    if not max(-low, high) <= FARTHEST:  # not a number is refused, too
        raise _out_of_range(low, high, "0 to 1")
    notes.append("The 32-bit float pixels are kept with 16 bits.")
    if low < 0 or high > 1:
        notes.append(f"They run from {low:g} to {high:g}; what lies outside 0 to 1 was clipped.")
    return np.rint(np.clip(samples, 0, 1) * np.float32(65535)).astype(np.uint16)


def _out_of_range(low, high, allowed):
    return PhotoError(
        f"The 32-bit pixels of this file run from {low:g} to {high:g}; the limit is {allowed}. Save it with 16 bits."
    )
