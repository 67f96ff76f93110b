"""From the bytes of a file to upright rows of samples, trusting nothing the file says.

The order is the safety: the content (never the name) chooses one decoder of a short list, the header is
checked against the limits, and only then a pixel is decoded. Pillow decodes 8 bits and 16-bit gray; 16-bit
colour, which Pillow would cut down to 8, is left to OpenCV after Pillow has vouched for format and size.
"""

import importlib
import io
import math
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from PIL import ExifTags, Image

from restoration.image.types import Array, Samples
from restoration.photo import iptc, metadata, tiff
from restoration.photo.decoder import decode, loaded
from restoration.photo.errors import PhotoError, damaged
from restoration.photo.formats import DECODERS, NAMES, READABLE
from restoration.photo.png import PNG_START, check_png, png_chunks, png_texts
from restoration.photo.strips import strip_rows, strips_of

LARGEST_SIDE = 65_535  # pixels; beyond it no writable format can hold the result

_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
_HEIC_READERS = ("pillow_heif", "pi_heif")  # the same code; pi_heif only decodes and has the freer licence
_NO_LOSS = {b"XML:com.adobe.xmp", b"Raw profile type exif", b"Software", b"Latent Darkroom"}  # read, or written anew
_FRAMES_COUNTED_BELOW = 2_000_000  # bytes; a GIF's frames are only found by walking through the file


@dataclass
class OpenFile:
    """A file whose header has been checked.

    Attributes
    ----------
    height, width : int
        Upright, in pixels.
    channels : int
        1 or 3.
    has_alpha : bool
    bits : int
        8 or 16.
    format : str
    icc, exif, xmp, iptc : bytes or None
    dpi : (float, float) or None
    notes : list of str
    """

    height: int
    width: int
    channels: int
    has_alpha: bool
    bits: int
    format: str
    icc: bytes | None = None
    exif: bytes | None = None
    xmp: bytes | None = None
    iptc: bytes | None = None
    dpi: tuple[float, float] | None = None
    notes: list[str] = field(default_factory=list)
    _image: Image.Image | None = field(default=None, repr=False)
    _samples: Samples | None = field(default=None, repr=False)
    _orientation: int = 1

    def file_order(self, array: Array | Samples) -> Array | Samples:
        """View an upright array in the row order of the file.

        Parameters
        ----------
        array : ndarray of shape (height, width, ...)

        Returns
        -------
        ndarray
            A view: writing a strip of the file into it writes upright pixels.
        """
        inverse = {6: 8, 8: 6}.get(self._orientation, self._orientation)
        return _turned(array, inverse)

    def strips(self) -> Iterator[tuple[slice, Samples]]:
        """Decode strip by strip.

        Yields
        ------
        rows : slice
            In the row order of the file.
        samples : ndarray of shape (rows, width, channels + alpha), uint8 or uint16
        """
        if self._samples is not None:
            yield from strips_of(self._samples)
            return
        image = self._image
        assert image is not None  # decode() has set one of the two
        width, height = image.size
        target = ("RGB" if self.channels == 3 else "L") + "A" * self.has_alpha
        for rows in strip_rows(height, width):
            part = image.crop((0, rows.start, width, rows.stop))
            if part.mode != target:
                part = part.convert(target)
            yield rows, np.asarray(part).reshape(rows.stop - rows.start, width, -1)


def open_file(data: bytes, max_megapixels: float) -> OpenFile:
    """Check a file and prepare to decode it.

    Parameters
    ----------
    data : bytes
    max_megapixels : float
        Millions of pixels.

    Returns
    -------
    OpenFile

    Raises
    ------
    PhotoError
        The file is not a readable photograph within the limits.
    """
    notes = []
    try:
        image = _recognize(data, max_megapixels)
    except PhotoError:
        if not data.startswith(PNG_START):
            raise
        # A text or a profile that unpacks without end is no reason to refuse the picture.
        data = _bare_png(data)
        image = _recognize(data, max_megapixels)
        notes.append("The metadata is damaged or too large and was left out.")
    _check_size(image.width, image.height, max_megapixels)
    if image.format == "PNG" and check_png(data):
        loaded(image)  # or Pillow would miss the metadata behind the pixels
    name = NAMES.get(image.format, image.format)
    frames = _count_frames(data, image)
    if frames != 1:
        notes.append(f"Only the first {f'of {frames} frames' if frames else 'frame'} is used.")

    notes += [f"The {block} of this file is not kept when saving." for block in _not_kept(image, data)]
    exif, orientation = _read_exif(image, notes)
    icc = _block(image.info.get("icc_profile"), "colour profile", notes)
    xmp = _block(image.info.get("xmp") or image.info.get("XML:com.adobe.xmp"), "XMP", notes)
    # A TIFF is turned by its decoder, as its own tag says, and its size tells so; all else is left to us.
    by_decoder = image.format == "TIFF" and ExifTags.Base.Orientation in image.tag_v2
    if image.format == "TIFF" and not by_decoder:
        image.getexif().pop(ExifTags.Base.Orientation, None)  # XMP's: Pillow would turn the pixels, but not the size
    width, height = image.size if by_decoder or orientation < 5 else image.size[::-1]
    opened = OpenFile(
        height=height,
        width=width,
        channels=3,
        has_alpha=False,
        bits=8,
        format=name,
        icc=icc,
        exif=exif,
        xmp=metadata.xmp_of_size(metadata.upright_xmp(xmp), width, height) if xmp else None,
        iptc=_read_iptc(image, notes),
        dpi=_resolution(image, orientation),
        notes=notes,
    )
    opened._orientation = 1 if by_decoder else orientation
    decode(opened, image, data)
    return opened


def _bare_png(data):
    kept = [data[place] for kind, place, _ in png_chunks(data) if not kind[0] & 0x20 or kind == b"tRNS"]
    return PNG_START + b"".join(kept)


def _recognize(data, max_megapixels):
    """Open the header with the one decoder that accepts the content."""
    if not data:
        raise PhotoError("This file is empty (0 bytes). Choose a photograph.")
    if data[4:8] == b"ftyp" and _is_heic(data):
        factory = _heic_factory()
        return _with_decoder(factory, data, "HEIC", max_megapixels)
    Image.init()
    for name in DECODERS:
        if name not in Image.OPEN:  # AVIF is optional when Pillow is built
            continue
        factory, accepts = Image.OPEN[name]
        # The decoder is called directly: Image.open would first compare the size with a limit of its own,
        # which is global and sometimes only warns.
        if accepts(data[:16]) is True:
            return _with_decoder(factory, data, name, max_megapixels)
    raise PhotoError(f"This file is not a photograph that can be read; supported are {READABLE}.")


def _with_decoder(factory, data, name, max_megapixels):
    try:
        return factory(io.BytesIO(data), "")
    except Image.DecompressionBombError as error:
        # Some decoders compare with Pillow's own limit and say "Image size (N pixels) exceeds ...".
        (pixels,) = re.findall(r"\((\d+) pixels\)", str(error))
        raise _too_many_megapixels(int(pixels) / 1e6, max_megapixels) from error
    except Exception as error:
        unknown = tiff.unsupported(data, error) if name == "TIFF" else None
        raise (unknown or damaged(NAMES.get(name, name))) from error


def _is_heic(data):
    size = min(int.from_bytes(data[:4], "big"), 256)
    brands = {data[8:12]} | {data[at : at + 4] for at in range(16, size, 4)}
    return not brands & {b"avif", b"avis"} and bool(brands & (_HEIC_BRANDS | {b"mif1", b"msf1"}))


def _heic_factory():
    for name in _HEIC_READERS:
        try:
            importlib.import_module(name).register_heif_opener(thumbnails=False)
        except ImportError:
            continue
        return Image.OPEN["HEIF"][0]
    raise PhotoError(
        "This is a HEIC file, which needs one more package: run `pip install pillow-heif`, or save the photo as JPEG."
    )


def _check_size(width, height, max_megapixels):
    if width * height > max_megapixels * 1e6:
        raise _too_many_megapixels(width * height / 1e6, max_megapixels)
    if max(width, height) > LARGEST_SIDE:
        raise PhotoError(
            f"This file is {width} x {height} pixels; the limit is {LARGEST_SIDE} on each side. Crop or reduce it."
        )
    if min(width, height) < 1:
        raise PhotoError(f"This file is {width} x {height} pixels: there is nothing to show. Choose another.")


def _too_many_megapixels(megapixels, limit):
    return PhotoError(
        f"This file is {_short(megapixels)} megapixels; the limit is {_short(limit)}."
        " Reduce it, or raise the limit (under More, --max-megapixels or max_megapixels)."
    )


def _short(megapixels):
    return f"{megapixels:.0f}" if megapixels >= 100 or megapixels == int(megapixels) else f"{megapixels:.1f}"


def _count_frames(data, image):
    """Count the frames: 1 also when that cannot be found out, 0 for more than one but uncounted."""
    if image.format in ("MPO", "HEIF") or not getattr(image, "is_animated", False):
        return 1  # the further images of a phone's photo are previews and depth maps
    if image.format == "GIF" and len(data) > _FRAMES_COUNTED_BELOW:
        return 0
    try:
        # another reader, because walking to the last frame may fail half-way and leave this one there
        return Image.OPEN[image.format][0](io.BytesIO(data), "").n_frames
    except Exception:
        return 0


def _not_kept(image, data):
    """Name what a file says of itself where a Photo has no place for it."""
    if image.format == "PNG" and png_texts(data) - _NO_LOSS:
        yield "text"
    elif image.info.get("comment"):
        yield "comment"


def _read_exif(image, notes):
    """Return (EXIF block for upright pixels, orientation); damage is noted, never an error."""
    raw = image.info.get("exif")
    if raw is not None and len(raw) > metadata.LARGEST_BLOCK:
        notes.append(_too_large("EXIF", len(raw)))
        return None, 1
    try:
        with warnings.catch_warnings(record=True) as complaints:
            warnings.simplefilter("always")
            exif = image.getexif()
            orientation = exif.get(ExifTags.Base.Orientation, 1)
            turned = (image.info.get("original_orientation") or orientation) in range(5, 9)  # the first is a HEIC's
            block = metadata.upright_exif(exif, turned=turned, from_tiff=image.format == "TIFF")
            if block:
                metadata.load_exif(block)
    except Exception:
        notes.append("The EXIF block is damaged and was left out.")
        return None, _orientation_alone(image)
    if complaints:
        notes.append("The EXIF block is damaged in places; what could be read is kept.")
    if block and len(block) > metadata.LARGEST_BLOCK:
        notes.append(_too_large("EXIF", len(block)))
        block = None
    return block, orientation if orientation in range(1, 9) else 1


def _read_iptc(image, notes):
    raw = _block(iptc.found(image), "IPTC", notes)
    block = raw and iptc.whole(raw)
    if raw and not block:
        notes.append("The IPTC block is damaged and was left out.")
    return block or None


def _orientation_alone(image):
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:
        return 1
    return orientation if orientation in range(1, 9) else 1


def _block(block, name, notes):
    if not block:
        return None
    if isinstance(block, str):
        block = block.encode("utf-8", "replace")
    if not isinstance(block, bytes):
        return None
    if len(block) > metadata.LARGEST_BLOCK:
        notes.append(_too_large(name, len(block)))
        return None
    return block


def _too_large(name, size):
    limit = metadata.LARGEST_BLOCK / 1e6
    return f"The {name} block is {size / 1e6:.1f} MB; the limit is {limit:.0f} MB, so it was left out."


def _resolution(image, orientation):
    try:
        dpi = image.info.get("dpi")
        if dpi is None:
            exif = image.getexif()
            unit = {2: 1.0, 3: 2.54}[exif[ExifTags.Base.ResolutionUnit]]
            dpi = [unit * exif[tag] for tag in (ExifTags.Base.XResolution, ExifTags.Base.YResolution)]
        across, down = (float(value) for value in dpi)
    except Exception:
        return None  # a resolution is a courtesy; one that cannot be read is as good as none
    sensible = all(math.isfinite(value) and 2 <= value <= 100_000 for value in (across, down))
    if not sensible:
        return None
    return (across, down) if orientation < 5 else (down, across)


def _turned(array, orientation):
    """Turn and mirror as the EXIF orientation says (EXIF 2.3, 4.6.4): a view, never a copy."""
    if orientation >= 5:
        array = array.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        array = array[::-1]
    if orientation in (2, 3, 6, 7):
        array = array[:, ::-1]
    return array
