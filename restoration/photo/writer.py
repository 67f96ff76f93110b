"""From rows of samples and their metadata to the bytes of a file.

PNG and TIFF are written here, strip by strip: Pillow writes no 16-bit colour, OpenCV no metadata, and both
want the whole picture in memory once more. JPEG, WebP and AVIF go through Pillow.
"""

import io
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

import numpy as np
from PIL import Image, TiffImagePlugin

from restoration.image.types import Progress, Samples
from restoration.photo import encoder_process, iptc, metadata
from restoration.photo.errors import PhotoError
from restoration.photo.formats import LARGEST_SIDES
from restoration.photo.strips import strip_rows

SETTINGS_KEY = "Latent Darkroom"  # the PNG text keyword
_LARGEST_SETTINGS = 32_000  # characters; JPEG gives all of EXIF 65 533 bytes
_LARGEST_JPEG_BLOCK = 65_500  # bytes, one JPEG segment
_LARGEST_JPEG_DPI = 65_535
_COMPRESSION = 6  # zlib's own compromise
_TOLD_EVERY = 500_000  # bytes of a JPEG
_ENCODED_APART = 1_000_000  # pixels; fewer are encoded in a fraction of a second


@dataclass(frozen=True)
class Contents:
    """All that goes into a file besides the pixels.

    Attributes
    ----------
    height, width, channels, bits : int
    has_alpha : bool
    icc, exif, xmp, iptc : bytes or None
    dpi : (float, float) or None
    settings : str or None
        ASCII JSON.
    """

    height: int
    width: int
    channels: int
    bits: int
    has_alpha: bool
    icc: bytes | None = None
    exif: bytes | None = None
    xmp: bytes | None = None
    iptc: bytes | None = None
    dpi: tuple[float, float] | None = None
    settings: str | None = None


def holds_gray(file_format: str, bits: int, has_alpha: bool) -> bool:
    """Tell whether a gray photo stays gray in a file.

    Parameters
    ----------
    file_format : {"PNG", "JPEG", "WebP", "TIFF", "AVIF"}
    bits : {8, 16}
    has_alpha : bool

    Returns
    -------
    bool
    """
    # Pillow, like many programs, cannot read 16-bit gray with alpha in a TIFF; as colour everyone can.
    return file_format in ("PNG", "JPEG") or (file_format == "TIFF" and not (bits == 16 and has_alpha))


def write_file(
    file: BinaryIO,
    file_format: str,
    contents: Contents,
    strips: Iterable[Samples],
    *,
    quality: int,
    progress: Progress | None = None,
) -> None:
    """Encode a photograph.

    Parameters
    ----------
    file : binary file object
        Seekable.
    file_format : {"PNG", "JPEG", "WebP", "TIFF", "AVIF"}
    contents : Contents
    strips : iterable of ndarray of shape (rows, W, C), uint8 or uint16
        From top to bottom, alpha last.
    quality : int in [1, 100]
        For JPEG, WebP and AVIF; 100 makes WebP lossless.
    progress : callable, optional
        ``progress(done, total)`` in rows; of JPEG, WebP and AVIF, whose encoders tell none, ``progress(0, total)``
        again and again while they work. Whatever it raises ends the encoding.

    Raises
    ------
    PhotoError
        The format cannot hold so large a picture, or so many settings.
    """
    if max(contents.height, contents.width) > LARGEST_SIDES[file_format]:
        raise PhotoError(
            f"The picture is {contents.width} x {contents.height} pixels; the limit of {file_format} is"
            f" {LARGEST_SIDES[file_format]} on each side. Save it as PNG."
        )
    if contents.settings and len(contents.settings) > _LARGEST_SETTINGS:
        raise PhotoError(
            f"The settings are {len(contents.settings)} characters long; the limit is {_LARGEST_SETTINGS}."
            " Record fewer."
        )
    if progress:
        progress(0, contents.height)
    if file_format == "PNG":
        _write_png(file, contents, _counted(strips, contents.height, progress))
    elif file_format == "TIFF":
        _write_tiff(file, contents, _counted(strips, contents.height, progress))
    else:
        _write_with_pillow(file, file_format, contents, strips, quality=quality, progress=progress)


def _counted(strips, height, progress):
    """Report the rows of each strip once it is written."""
    done = 0
    for samples in strips:
        yield samples
        done += len(samples)
        if progress:
            progress(done, height)


def left_out(file_format: str, contents: Contents, bits: int, has_alpha: bool) -> Iterator[str]:
    """Say what of a photograph a format has no place for.

    Parameters
    ----------
    file_format : {"PNG", "JPEG", "WebP", "TIFF", "AVIF"}
    contents : Contents
        As it goes to `write_file`.
    bits : {8, 16}
        Those of the photograph.
    has_alpha : bool
        Whether the photograph has transparency.

    Yields
    ------
    str
        A sentence for each.
    """
    if contents.bits < bits:
        yield f"{file_format} holds {contents.bits} of the {bits} bits of this photo; PNG and TIFF hold all."
    if has_alpha and not contents.has_alpha:
        yield f"{file_format} has no transparency; the picture is laid on white."
    if contents.settings and contents.exif and file_format != "PNG" and metadata.has_comment(contents.exif):
        yield "The comment in the EXIF of this photo gives way to the settings; PNG holds both."
    if contents.iptc and file_format not in ("JPEG", "TIFF"):
        yield f"{file_format} has no place for IPTC; JPEG and TIFF have."
    if file_format == "JPEG":
        lost = {"EXIF": _fitting_exif(file_format, contents)[1]}
        lost |= {name: "it" for name in ("XMP", "IPTC") if not _fits(file_format, getattr(contents, name.lower()))}
        for name, what in lost.items():
            if what:
                yield f"JPEG holds 65 kB of {name} and this photo has more: {what} is left out."


def _write_png(file, contents, strips):
    colour_type = {(1, False): 0, (3, False): 2, (1, True): 4, (3, True): 6}[contents.channels, contents.has_alpha]
    header = struct.pack(">IIBBBBB", contents.width, contents.height, contents.bits, colour_type, 0, 0, 0)
    file.write(b"\x89PNG\r\n\x1a\n")
    _write_chunk(file, b"IHDR", header)
    if contents.icc:
        _write_chunk(file, b"iCCP", b"ICC profile\0\0" + zlib.compress(contents.icc, _COMPRESSION))
    if contents.dpi:
        per_metre = [round(value / 0.0254) for value in contents.dpi]
        _write_chunk(file, b"pHYs", struct.pack(">IIB", *per_metre, 1))
    if contents.exif:
        _write_chunk(file, b"eXIf", contents.exif.removeprefix(b"Exif\0\0"))
    if contents.xmp:
        _write_chunk(file, b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + contents.xmp)
    if contents.settings:
        _write_chunk(file, b"tEXt", b"Software\0Latent Darkroom")
        _write_chunk(file, b"tEXt", SETTINGS_KEY.encode() + b"\0" + contents.settings.encode("ascii"))
    encoder, above = zlib.compressobj(_COMPRESSION), None
    for samples in strips:
        filtered, above = _filter_rows(samples, above)
        if packed := encoder.compress(filtered):
            _write_chunk(file, b"IDAT", packed)
    _write_chunk(file, b"IDAT", encoder.flush())
    _write_chunk(file, b"IEND", b"")


def _write_chunk(file, kind, body):
    file.write(struct.pack(">I", len(body)) + kind)
    file.write(body)
    file.write(struct.pack(">I", zlib.crc32(body, zlib.crc32(kind))))


def _filter_rows(samples, above):
    """Apply to each row the PNG filter with the smallest sum of absolute differences (PNG 1.2, 9.6).

    Returns the filtered rows, contiguous, and the last row, to be handed to the next strip.
    """
    height, step = len(samples), samples.shape[2] * samples.itemsize
    rows = np.ascontiguousarray(samples.astype(samples.dtype.newbyteorder(">"), copy=False))
    rows = rows.view(np.uint8).reshape(height, -1)
    up = np.concatenate([np.zeros_like(rows[:1]) if above is None else above[None], rows[:-1]])
    left, corner = np.zeros_like(rows), np.zeros_like(rows)
    left[:, step:], corner[:, step:] = rows[:, :-step], up[:, :-step]

    filtered = np.empty((height, 1 + rows.shape[1]), np.uint8)
    lowest = np.full(height, np.iinfo(np.int64).max)
    predictions = ((1, left), (2, up), (3, _mean(left, up)), (4, _paeth(left, up, corner)))
    for number, prediction in predictions:
        difference = rows - prediction
        cost = np.abs(difference.view(np.int8).astype(np.int16)).sum(axis=1, dtype=np.int64)
        better = cost < lowest
        filtered[better, 0] = number
        filtered[better, 1:] = difference[better]
        lowest[better] = cost[better]
    return filtered, rows[-1]


def _mean(left, up):
    return (left & up) + ((left ^ up) >> 1)  # floor of the mean, without leaving 8 bits


def _paeth(left, up, corner):
    left, up, corner = (array.astype(np.int16) for array in (left, up, corner))
    to_left, to_up = np.abs(up - corner), np.abs(left - corner)
    to_corner = np.abs(left + up - 2 * corner)
    nearest = np.where(to_up <= to_corner, up, corner)
    return np.where((to_left <= to_up) & (to_left <= to_corner), left, nearest).astype(np.uint8)


def _write_tiff(file, contents, strips):
    samples_per_pixel = contents.channels + contents.has_alpha
    rows = list(strip_rows(contents.height, contents.width))
    strip_count = len(rows)
    directory = TiffImagePlugin.ImageFileDirectory_v2(b"II*\0\x08\0\0\0")
    exif = metadata.exif_with(contents.exif, settings=contents.settings, dpi=contents.dpi)
    if exif:
        directory.update(metadata.directories(exif))
    directory.update(
        {
            256: contents.width,
            257: contents.height,
            258: (contents.bits,) * samples_per_pixel,
            259: 8,  # compression: deflate
            262: 2 if samples_per_pixel >= 3 else 1,  # photometric: RGB or black is zero
            273: (0,) * strip_count,
            277: samples_per_pixel,
            278: rows[0].stop,
            279: (0,) * strip_count,
            284: 1,  # planar configuration: interleaved
            317: 2,  # predictor: horizontal differences
        }
    )
    for tag in (273, 279):
        directory.tagtype[tag] = 4  # LONG, whatever the values
    if contents.has_alpha:
        directory[338] = 2  # extra samples: alpha, not multiplied into the colours
    if contents.icc:
        directory[34675] = contents.icc
        directory.tagtype[34675] = 7  # UNDEFINED
    if contents.xmp:
        directory[700] = contents.xmp
        directory.tagtype[700] = 1  # BYTE
    if contents.iptc:
        directory[iptc.TIFF_TAG] = contents.iptc
        directory.tagtype[iptc.TIFF_TAG] = 7

    # The directory comes first, and is written again once the places of the strips are known. Pillow counts
    # those from the end of the directory.
    start = 8
    file.write(b"II*\0" + struct.pack("<I", start))
    pixels_start = start + file.write(directory.tobytes(start))
    offsets, sizes = [], []
    for samples in strips:
        offsets.append(file.tell() - pixels_start)
        sizes.append(file.write(zlib.compress(_horizontal_differences(samples), _COMPRESSION)))
    directory[273], directory[279] = tuple(offsets), tuple(sizes)
    file.seek(start)
    file.write(directory.tobytes(start))
    file.seek(0, io.SEEK_END)


def _horizontal_differences(samples):
    differences = np.array(samples, samples.dtype.newbyteorder("<"), order="C")
    differences[:, 1:] -= samples[:, :-1]
    return differences


def _write_with_pillow(file, file_format, contents, strips, *, quality, progress):
    mode = ("L" if contents.channels == 1 else "RGB") + "A" * contents.has_alpha
    image, top = Image.new(mode, (contents.width, contents.height)), 0
    for samples in strips:
        part = np.ascontiguousarray(samples[..., 0] if samples.shape[2] == 1 else samples)
        image.paste(Image.fromarray(part), (0, top))
        top += len(samples)

    options = _metadata_options(file_format, contents) | {"icc_profile": contents.icc, "quality": quality}
    if file_format == "JPEG":
        options |= {"subsampling": 0 if quality >= 90 else 2}
        if contents.iptc and _fits(file_format, contents.iptc):
            options["extra"] = iptc.jpeg_segment(contents.iptc)
    elif file_format == "WebP":
        options |= {"lossless": quality == 100, "exact": True, "method": 4}
    else:
        options |= {"subsampling": "4:4:4" if quality >= 90 else "4:2:0"}
    options = {key: value for key, value in options.items() if value is not None}
    tell = progress and partial(progress, 0, contents.height)
    if tell and file_format == "JPEG":
        file = _Pieces(file, tell)
    elif tell and image.width * image.height >= _ENCODED_APART:
        file.write(encoder_process.encode(image, file_format.upper(), options, tell))
        return
    image.save(file, file_format.upper(), **options)


class _Pieces:
    """A file that tells while it is written: Pillow hands a JPEG on in pieces of 64 kB."""

    def __init__(self, file, tell):
        self._file, self._tell, self._left = file, tell, 0

    def write(self, piece):
        if self._left <= 0:
            self._tell()
            self._left = _TOLD_EVERY
        self._left -= len(piece)
        return self._file.write(piece)


def _metadata_options(file_format, contents):
    """Fit EXIF, XMP and resolution into what the format holds."""
    return {
        "exif": _fitting_exif(file_format, contents)[0],
        "xmp": contents.xmp if _fits(file_format, contents.xmp) else None,
        "dpi": contents.dpi if _dpi_in_header(file_format, contents) else None,
    }


def _fitting_exif(file_format, contents):
    """Return the EXIF block that the format holds, and what of the photo's is lost for it: nothing, a part or all."""
    # WebP and AVIF have no place of their own for the resolution.
    dpi = None if _dpi_in_header(file_format, contents) else contents.dpi
    for kept, lost in _ever_less(contents.exif):
        block = metadata.exif_with(kept, settings=contents.settings, dpi=dpi)
        if not kept or _fits(file_format, block):
            return block, lost


def _ever_less(exif):
    """Yield (EXIF, what is lost), at last none: a huge maker note must take neither the rest nor settings along."""
    yield exif, ""
    if exif:
        yield metadata.without_maker_note(exif), "its maker note"
        yield None, "it"


def _fits(file_format, block):
    return not block or file_format != "JPEG" or len(block) <= _LARGEST_JPEG_BLOCK


def _dpi_in_header(file_format, contents):
    return file_format == "JPEG" and contents.dpi and max(contents.dpi) <= _LARGEST_JPEG_DPI
