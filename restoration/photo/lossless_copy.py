"""A copy of a file on whose pixels nothing was done: they stay coded as they are, and private metadata goes."""

from collections.abc import Callable, Mapping

from PIL import Image
from PIL.ExifTags import Base

from restoration.photo import iptc, jpeg, metadata
from restoration.photo.decoder_warnings import quiet
from restoration.photo.photo import MetadataChoice, Photo
from restoration.photo.png import PNG_START, XMP_KEY, png_chunks, png_texts

_EXIF, _XMP, _PHOTOSHOP = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0", b"Photoshop 3.0\0"
_LAYOUT = (b"JFIF\0", b"ICC_PROFILE\0", b"Adobe")  # how the segments begin that say what the pixels mean
_LAYOUT_TAGS = (Base.Orientation, Base.XResolution, Base.YResolution, Base.ResolutionUnit)
# What a PNG is made of, short of comments and of what other programs add (PNG 3, 11.2 and 11.3).
_PNG_CHUNKS = set(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP sBIT pHYs bKGD hIST tIME eXIf iTXt zTXt tEXt".split()
)


def lossless_copy(data: bytes, photo: Photo, choice: MetadataChoice) -> bytes | None:
    """Copy a photograph's file with the metadata that was chosen.

    Parameters
    ----------
    data
        The file.
    photo
        What `Photo.open` made of it.
    choice
        As in `Photo.save`.

    Returns
    -------
    bytes or None
        The same bytes where all may stay. A JPEG loses the segments that may not, and what lies behind the picture.
        None where only encoding it again takes out what must go.
    """
    if choice == "all":
        return data
    if photo.source_format == "JPEG":
        try:
            with quiet():
                return _jpeg_copy(data, choice)
        except Exception:  # a damaged block, of which Pillow raises anything: encoding it again leaves that out
            return None
    has_more = _HAS_MORE.get(photo.source_format, lambda _: False)(data)
    return None if has_more or photo.loses_metadata(choice) else data


def _png_has_more(data: bytes) -> bool:
    """Tell whether a PNG has texts, chunks of other programs, or bytes behind its end: who knows what they say."""
    end = len(PNG_START)
    for kind, place, _ in png_chunks(data):
        if kind not in _PNG_CHUNKS:
            return True
        end = place.stop
    return end != len(data) or bool(png_texts(data) - {XMP_KEY})


def _webp_has_more(data: bytes) -> bool:
    """Tell whether bytes lie behind the end of a WebP, which its beginning states."""
    return 8 + int.from_bytes(data[4:8], "little") != len(data)


_HAS_MORE: Mapping[str, Callable[[bytes], bool]] = {"PNG": _png_has_more, "WebP": _webp_has_more}


def _jpeg_copy(data: bytes, choice: MetadataChoice) -> bytes | None:
    found = jpeg.layout(data)
    if not found.closed:
        return None
    kept, place = [data[:2]], 2
    for marker, segment, content in jpeg.segments(data):
        if content.startswith(_EXIF) and metadata.says_adobe_rgb(metadata.load_exif(content)):
            return None  # what its colours mean, EXIF alone says
        is_described = marker == jpeg.COMMENT or marker in jpeg.APPLICATION
        kept.append(_shareable(marker, content, choice, segment) if is_described else segment)
        place += len(segment)
    return b"".join(kept) + data[place : found.end + 2]


def _shareable(marker: int, content: bytes, choice: MetadataChoice, segment: bytes) -> bytes:
    """Return what of a segment may be shared: all of it, a part, or nothing."""
    if content.startswith(_LAYOUT):
        return segment
    if content.startswith(_EXIF):
        if choice == "no-location" and metadata.is_shareable_exif(content):
            return segment
        return jpeg.segment(marker, metadata.shareable_exif(content) if choice == "no-location" else _layout(content))
    if choice == "no-location" and content.startswith(_XMP):
        packet = metadata.shareable_xmp(content[len(_XMP) :])
        return jpeg.segment(marker, _XMP + packet) if packet else b""
    if choice == "no-location" and content.startswith(_PHOTOSHOP):
        block = iptc.whole(iptc.in_photoshop(content[len(_PHOTOSHOP) :]) or b"")
        block = iptc.shareable(block) if block else None
        return iptc.jpeg_segment(block) if block else b""
    return b""


def _layout(block: bytes) -> bytes:
    """Keep of EXIF how the pixels are shown: they lie as they did."""
    exif, layout = metadata.load_exif(block), Image.Exif()
    layout.update({tag: exif[tag] for tag in _LAYOUT_TAGS if tag in exif})
    return layout.tobytes()
