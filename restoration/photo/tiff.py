"""What the tags of a TIFF say of its samples, where Pillow or OpenCV takes them for something else."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image, TiffImagePlugin

from restoration.photo.errors import PhotoError, damaged
from restoration.photo.tiff_directories import STRIPS, TILES, Tags, pictures, with_directory

_OF_EVERY_PLANE = (256, 257, 259, 266, 274, 278, 317, 322, 323)  # size, compression, orientation, rows, tiles
_BITS, _COMPRESSION, _PHOTOMETRIC, _SAMPLES, _PLANES, _EXTRA, _FORMAT = 258, 259, 262, 277, 284, 338, 339
_MULTIPLIED, _STRAIGHT = 1, 2  # the kinds of alpha; a file that does not say has the second
_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB, _CIELAB, _ICC_LAB = 0, 1, 2, 8, 9
_YCBCR, _SUBSAMPLING = 6, 530
_SIGNED, _FLOATING_POINT = 2, 3
_NUMBERS = {1: "integer", 2: "signed integer", 3: "floating point"}  # by SampleFormat
_NOT_BUILT_IN = {6: "JPEG of 1992", 50001: "WebP"}  # compressions whose names Pillow knows, and its libtiff lacks
_UNKNOWN_KIND = ("unknown pixel mode", "Invalid value for samples per pixel")  # what Pillow says of such a file

# Pillow opens these two kinds of gray in the other byte order only; 12 bits are packed alike in both.
TiffImagePlugin.OPEN_INFO |= {
    (b"MM", _WHITE_IS_ZERO, (1,), 1, (16,), ()): ("I;16B", "I;16B"),
    (b"MM", _BLACK_IS_ZERO, (1,), 1, (12,), ()): ("I;16", "I;12"),
}
# Of these kinds Pillow reads the header alone: OpenCV decodes them, or they are brought to a kind that Pillow knows.
for _prefix in (b"II", b"MM"):
    TiffImagePlugin.OPEN_INFO |= {
        (_prefix, _RGB, (3,), 1, (32, 32, 32), ()): ("RGB", "RGB"),
        (_prefix, _CIELAB, (1,), 1, (16, 16, 16), ()): ("LAB", "LAB"),
        (_prefix, _ICC_LAB, (1,), 1, (16, 16, 16), ()): ("LAB", "LAB"),
        (_prefix, _ICC_LAB, (1,), 1, (8, 8, 8), ()): ("RGB", "RGB"),
    }


def unsupported(data: bytes, error: Exception) -> PhotoError | None:
    """Return the PhotoError for an intact TIFF that Pillow does not open, or None for one that is damaged.

    Parameters
    ----------
    data : bytes
    error : Exception
        What Pillow raised.

    Returns
    -------
    PhotoError or None
        For a compression that is unknown here, or for samples of a kind that is.
    """
    try:
        tags = pictures(data)[0].tags
        compression = tags.get(_COMPRESSION, 1)
        if compression not in TiffImagePlugin.COMPRESSION_INFO:
            return _unknown_method(compression)
    except Exception:  # of a damaged directory Pillow raises nearly anything
        return None
    if str(error) not in _UNKNOWN_KIND:
        return None
    bits = "/".join(str(depth) for depth in sorted(set(tags.get(_BITS, (1,)))))
    number = _NUMBERS.get(max(tags.get(_FORMAT, (1,))), "other")
    return PhotoError(
        f"This TIFF file stores its pixels as {tags.get(_SAMPLES, 1)} x {bits}-bit {number}, which is not supported."
        " Save it as gray, RGB or RGBA with 8 or 16 bits."
    )


def undecoded(image: Image.Image) -> PhotoError:
    """Return the PhotoError for a TIFF (opened by Pillow) whose pixels Pillow cannot decode.

    Parameters
    ----------
    image : PIL.TiffImagePlugin.TiffImageFile

    Returns
    -------
    PhotoError
        That it is damaged, unless its compression is one that Pillow's decoder was built without.
    """
    assert isinstance(image, TiffImagePlugin.TiffImageFile)
    compression = image.tag_v2.get(_COMPRESSION, 1)
    return _unknown_method(compression) if compression in _NOT_BUILT_IN else damaged("TIFF")


def _unknown_method(compression):
    method = f"method {compression}" + (f" ({_NOT_BUILT_IN[compression]})" if compression in _NOT_BUILT_IN else "")
    return PhotoError(
        f"This TIFF file is compressed by {method}, which is not supported."
        " Save it without compression, or with LZW or ZIP."
    )


def has_planes(tags: Tags) -> bool:
    """Tell whether each colour is stored apart from the others.

    Parameters
    ----------
    tags : PIL.TiffImagePlugin.ImageFileDirectory_v2

    Returns
    -------
    bool
    """
    return tags.get(_PLANES) == 2


def planes(tags: Tags, data: bytes) -> Iterator[bytes]:
    """Describe each colour as a gray picture of its own: OpenCV takes planes for interleaved samples.

    Parameters
    ----------
    tags : PIL.TiffImagePlugin.ImageFileDirectory_v2
    data : bytes
        The file.

    Yields
    ------
    bytes
        A file of 16-bit integers or 32-bit floats whose black is 0.
    """
    places, sizes = TILES if TILES[0] in tags else STRIPS
    samples = tags.get(_SAMPLES, 1)
    each = len(tags[places]) // samples
    shared = _shared(tags) | {_BITS: tags[_BITS][0], _PHOTOMETRIC: _BLACK_IS_ZERO}
    for first in range(0, samples * each, each):
        own = {tag: tags[tag][first : first + each] for tag in (places, sizes)}
        yield with_directory(data, tags.prefix, shared | own)


def called_rgb(tags: Tags, data: bytes) -> bytes:
    """Describe a file of CMYK or CIELAB as RGB with alpha or without, so that OpenCV hands its samples on as they are.

    Parameters
    ----------
    tags : PIL.TiffImagePlugin.ImageFileDirectory_v2
        Interleaved samples.
    data : bytes
        The file.

    Returns
    -------
    bytes
    """
    places = TILES if TILES[0] in tags else STRIPS
    samples = tags[_SAMPLES]
    own = {tag: tags[tag] for tag in places} | {_PHOTOMETRIC: _RGB, _BITS: (tags[_BITS][0],) * samples}
    own |= {_SAMPLES: samples, _PLANES: 1} | ({_EXTRA: _STRAIGHT} if samples == 4 else {})
    return with_directory(data, tags.prefix, _shared(tags) | own)


def is_floating_point(tags: Tags) -> bool:
    """Tell whether the samples are floating-point numbers."""
    return set(tags.get(_FORMAT, ())) == {_FLOATING_POINT}


def is_signed(tags: Tags) -> bool:
    """Tell whether the samples are signed integers, which Pillow takes for unsigned ones where they have 8 bits."""
    return _SIGNED in np.atleast_1d(tags.get(_FORMAT, ()))


def is_subsampled(tags: Tags) -> bool:
    """Tell whether colours are stored at fewer places than brightness, uncompressed, which Pillow does not read."""
    return tags.get(_PHOTOMETRIC) == _YCBCR and tags.get(_COMPRESSION, 1) == 1 and tags.get(_SUBSAMPLING) != (1, 1)


def is_icc_lab(tags: Tags) -> bool:
    """Tell whether the samples are CIELAB as ICC profiles store it: a and b from 0, with the middle as gray."""
    return tags.get(_PHOTOMETRIC) == _ICC_LAB


def bits(tags: Tags) -> set[int]:
    """Return the bits of the samples."""
    return set(tags.get(_BITS, (1,)))


def shifted_lab(samples: NDArray[np.uint16], tags: Tags) -> NDArray[np.uint16]:
    """Bring 16-bit CIELAB to L from 0 to 65535 and to a and b of -128 to 127 in the same range (TIFF 6.0, page 110).

    Parameters
    ----------
    samples : ndarray of shape (H, W, 3), uint16
    tags : PIL.TiffImagePlugin.ImageFileDirectory_v2

    Returns
    -------
    ndarray of shape (H, W, 3), uint16
    """
    light, colours = samples[..., :1].astype(np.uint32), samples[..., 1:].astype(np.uint32)
    if tags[_PHOTOMETRIC] == _ICC_LAB:  # the encoding of ICC profiles, version 2
        light = light * 65535 // 65280
    else:  # a and b are signed
        colours ^= 0x8000
    return np.minimum(np.concatenate([light, colours * 257 // 256], axis=2), 65535).astype(np.uint16)


def straight_alpha(samples: NDArray[np.uint16], tags: Tags) -> NDArray[np.uint16]:
    """Make of the samples behind the colours what ExtraSamples says they are (TIFF 6.0, page 31).

    Parameters
    ----------
    samples : ndarray of shape (H, W, 3 or more), uint16
        Colours multiplied by their opacity are divided by it in place.
    tags : PIL.TiffImagePlugin.ImageFileDirectory_v2

    Returns
    -------
    ndarray of shape (H, W, 3 or 4), uint16
        With straight alpha, or without any.
    """
    extra = tags.get(_EXTRA, (_STRAIGHT,))[0]
    if extra == _MULTIPLIED:
        alpha = np.maximum(samples[..., 3], 1)
        for channel in range(3):  # one at a time, for the memory that floats take
            colour = samples[..., channel] * np.float32(65535) / alpha
            samples[..., channel] = np.rint(np.minimum(colour, 65535))
    return samples[..., :4] if extra in (_MULTIPLIED, _STRAIGHT) else samples[..., :3]


def gray_levels(samples: NDArray[np.uint16], tags: Tags) -> NDArray[np.uint16]:
    """Bring gray samples to 0 for black and 65535 for white.

    Parameters
    ----------
    samples : ndarray of shape (H, W), uint16
    tags : PIL.TiffImagePlugin.ImageFileDirectory_v2

    Returns
    -------
    ndarray of shape (H, W), uint16
    """
    if tags.get(_BITS) == (12,):
        samples = np.rint(samples * np.float32(65535 / 4095)).astype(np.uint16)
    return 65535 - samples if tags.get(_PHOTOMETRIC) == _WHITE_IS_ZERO else samples


def _shared(tags):
    shared = {tag: tags[tag] for tag in _OF_EVERY_PLANE if tag in tags}
    return shared | ({_FORMAT: _FLOATING_POINT} if is_floating_point(tags) else {})
