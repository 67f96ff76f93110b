"""EXIF and XMP of a photograph: read with suspicion, reset what no longer holds, keep what may be shared.

Both blocks describe the file the camera wrote, so what we changed is put right: the pixels are already
upright (no orientation means upright) and the embedded thumbnail shows the old picture (dropped). For sharing
without a trace of place or device only tags on a list of harmless ones are kept: a list of forbidden ones
would forget next year's.
"""

import re
from typing import Any
from xml.etree import ElementTree

from PIL import Image
from PIL.ExifTags import IFD, Base, Interop

LARGEST_BLOCK = 1_000_000  # bytes; a real EXIF, XMP or ICC block is far smaller
CHOICES = ("all", "no-location", "none")

_EXIF_IFD, _GPS_IFD = IFD.Exif, IFD.GPSInfo


def _named(names):
    return frozenset(Base[name] for name in names.split())


# What a photograph may say about itself without saying where, by which device, or which copy it is.
# `Software` is missing on purpose: cameras write their model and firmware there.
_HARMLESS_IFD0 = _named(
    "ImageDescription Artist Copyright DateTime Orientation XResolution YResolution ResolutionUnit"
    " YCbCrPositioning Rating RatingPercent XPTitle XPComment XPAuthor XPKeywords XPSubject"
    " ExifOffset"
)
_HARMLESS_EXIF = _named(
    "ExifVersion FlashPixVersion ComponentsConfiguration DateTimeOriginal DateTimeDigitized"
    " OffsetTime OffsetTimeOriginal OffsetTimeDigitized SubsecTime SubsecTimeOriginal"
    " SubsecTimeDigitized ExposureTime FNumber ExposureProgram ISOSpeedRatings SensitivityType"
    " RecommendedExposureIndex ShutterSpeedValue ApertureValue BrightnessValue ExposureBiasValue"
    " MaxApertureValue SubjectDistance MeteringMode LightSource Flash FocalLength"
    " FocalLengthIn35mmFilm ExposureMode WhiteBalance DigitalZoomRatio SceneCaptureType GainControl"
    " Contrast Saturation Sharpness SubjectDistanceRange SensingMethod SceneType CustomRendered"
)
# In a TIFF the EXIF tags share a directory with the layout of the pixels; only these describe the photograph.
_DESCRIPTIVE_IFD0 = _HARMLESS_IFD0 - _named("YCbCrPositioning") | _named("Make Model Software HostComputer GPSInfo")
_ACROSS_AND_DOWN = (
    (Base.ImageWidth, Base.ImageLength),
    (Base.ExifImageWidth, Base.ExifImageHeight),
    (Base.XResolution, Base.YResolution),
    (Base.FocalPlaneXResolution, Base.FocalPlaneYResolution),
)

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_X = "{adobe:ns:meta/}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_XMP = "{http://ns.adobe.com/xap/1.0/}"
_PHOTOSHOP = "{http://ns.adobe.com/photoshop/1.0/}"
_RIGHTS = "{http://ns.adobe.com/xap/1.0/rights/}"
_PREFIXES = {"rdf": _RDF, "x": _X, "dc": _DC, "xmp": _XMP, "photoshop": _PHOTOSHOP, "xmpRights": _RIGHTS}
_HARMLESS_XMP = frozenset(
    [_DC + name for name in ("title", "description", "subject", "creator", "rights", "date")]
    + [_XMP + name for name in ("CreateDate", "ModifyDate", "MetadataDate", "Rating", "Label")]
    + [_PHOTOSHOP + name for name in ("DateCreated", "Headline", "Credit")]
    + [_RIGHTS + name for name in ("Marked", "UsageTerms", "WebStatement")]
)
# Namespaces, by their beginnings, and the names in them that describe data behind the picture.
_TRAILERS = {
    b"http://ns.google.com/photos/1.0/camera/": rb"(?:MotionPhoto|MicroVideo)\w*",
    b"http://ns.google.com/photos/1.0/": rb"\w+",  # container, depth map, image
    b"http://ns.adobe.com/hdr-gain-map/": rb"\w+",
    b"http://ns.apple.com/HDRGainMap/": rb"\w+",
    b"http://ns.apple.com/pixeldatainfo/": rb"\w+",
}
for _prefix, _space in _PREFIXES.items():
    ElementTree.register_namespace(_prefix, _space[1:-1])


def load_exif(block: bytes) -> Image.Exif:
    """Parse an EXIF block completely, so that damage shows here and not while saving.

    Parameters
    ----------
    block : bytes
        With or without the six bytes that begin with "Exif".

    Returns
    -------
    PIL.Image.Exif

    Raises
    ------
    Exception
        Whatever Pillow raises on a damaged block; its kinds are not documented.
    """
    exif = Image.Exif()
    exif.load(block)
    exif.tobytes()
    return exif


def upright_exif(exif: Image.Exif, *, turned: bool, from_tiff: bool = False) -> bytes | None:
    """Serialize EXIF for upright pixels: no orientation, no thumbnail.

    A block without an orientation means upright pixels (EXIF 2.3, 4.6.4), and Pillow writes it to AVIF untouched.

    Parameters
    ----------
    exif : PIL.Image.Exif
    turned : bool
        Its rows become columns: exchange what it says across and down.
    from_tiff : bool
        Leave out the tags that describe the layout of a TIFF file.

    Returns
    -------
    bytes or None
        None when nothing but the orientation was there.
    """
    kept = _copied(exif, (_DESCRIPTIVE_IFD0 if from_tiff else set(exif)) - {Base.Orientation})
    if turned:
        for directory in (kept, kept.get(_EXIF_IFD, {})):
            _exchange(directory)
    return kept.tobytes() if kept else None  # Pillow writes no second directory, where the thumbnail lives


def own_xmp(block: bytes, *, is_turned: bool) -> bytes:
    """Drop thumbnails in an XMP packet, and reset `tiff:Orientation` where the pixels were turned.

    Parameters
    ----------
    block : bytes
    is_turned : bool
        By EXIF or the container. XMP alone turns no pixels, as in no browser, and what it says stays.

    Returns
    -------
    bytes
    """
    if is_turned:
        block = re.sub(rb"(tiff:Orientation\s*(?:=\s*[\"']|>)\s*)[0-9]+", rb"\g<1>1", block)
    return re.sub(rb"<(xmp|xap):Thumbnails\b.*?</\1:Thumbnails\s*>", b"", block, flags=re.DOTALL)


def xmp_without_trailers(block: bytes) -> bytes:
    """Drop what an XMP packet says of data behind the picture, which is not written: video, depth map, gain map.

    Parameters
    ----------
    block : bytes

    Returns
    -------
    bytes
        Nothing else is touched.
    """
    for prefix, space in set(re.findall(rb"xmlns:(\w+)\s*=\s*[\"']([^\"']+)[\"']", block)):
        names = next((names for start, names in _TRAILERS.items() if space.startswith(start)), None)
        if names:
            block = re.sub(rb"\s+" + prefix + rb":" + names + rb"\s*=\s*(?:\"[^\"]*\"|'[^']*')", b"", block)
            element = rb"<" + prefix + rb":(" + names + rb")(?=[\s/>])[^>]*?(?:/>|>.*?</" + prefix + rb":\1\s*>)"
            block = re.sub(element, b"", block, flags=re.DOTALL)
    return block


def exif_of_size(block: bytes, width: int, height: int) -> bytes:
    """Write the size of the pixels into an EXIF block that states one.

    Parameters
    ----------
    block : bytes
    width, height : int

    Returns
    -------
    bytes
        The very same object where it states none.
    """
    exif = _editable(block)
    sizes = {Base.ExifImageWidth: width, Base.ExifImageHeight: height, Base.ImageWidth: width, Base.ImageLength: height}
    details = exif.get(_EXIF_IFD, {})
    if not sizes.keys() & {*exif, *details}:
        return block
    for directory in (exif, details):
        directory.update({tag: size for tag, size in sizes.items() if tag in directory})
    return exif.tobytes()


def xmp_of_size(block: bytes, width: int, height: int) -> bytes:
    """Write the size of the pixels into an XMP packet that states one, touching nothing else.

    Parameters
    ----------
    block : bytes
    width, height : int

    Returns
    -------
    bytes
    """
    for name, size in (
        (rb"exif:PixelXDimension", width),
        (rb"exif:PixelYDimension", height),
        (rb"tiff:ImageWidth", width),
        (rb"tiff:ImageLength", height),
    ):
        block = re.sub(rb"(" + name + rb"\s*(?:=\s*[\"']|>)\s*)[0-9]+", rb"\g<1>%d" % size, block)
    return block


def shareable_exif(block: bytes) -> bytes:
    """Keep only the EXIF tags that name neither place, device, owner nor copy.

    Parameters
    ----------
    block : bytes

    Returns
    -------
    bytes
    """
    exif = _copied(load_exif(block), _HARMLESS_IFD0)
    if _EXIF_IFD in exif:
        exif[_EXIF_IFD] = {tag: value for tag, value in exif[_EXIF_IFD].items() if tag in _HARMLESS_EXIF}
    return exif.tobytes()


def is_shareable_exif(block: bytes) -> bool:
    """Tell whether an EXIF block names neither place, device, owner nor copy, and has no thumbnail."""
    exif = load_exif(block)
    is_harmless = set(exif) <= _HARMLESS_IFD0 and set(exif.get_ifd(_EXIF_IFD)) <= _HARMLESS_EXIF
    return is_harmless and not exif.get_ifd(IFD.IFD1)


def shareable_xmp(block: bytes) -> bytes | None:
    """Keep only the XMP properties that name neither place, device, owner nor copy.

    Parameters
    ----------
    block : bytes

    Returns
    -------
    bytes or None
        None when nothing is left, or when the packet cannot be understood and so cannot be vouched for.
    """
    if b"<!" in block or b"\0" in block:  # entities are how XML bombs are built; \0 is UTF-16, which XMP avoids
        return None
    try:
        return _filtered_packet(ElementTree.fromstring(block.strip(b"\xef\xbb\xbf \t\r\n")))
    except (ElementTree.ParseError, RecursionError, ValueError, LookupError):
        return None


def exif_with(
    block: bytes | None, *, settings: str | None = None, dpi: tuple[float, float] | None = None
) -> bytes | None:
    """Write settings and resolution into an EXIF block.

    Parameters
    ----------
    block : bytes or None
        None starts an empty one.
    settings : str, optional
        ASCII text, stored as `UserComment`, with `Software` naming this program.
    dpi : (float, float), optional
        Horizontal and vertical resolution in pixels per inch.

    Returns
    -------
    bytes or None
        None when there is nothing to write.
    """
    if settings is None and dpi is None:
        return block
    exif = _editable(block) if block else Image.Exif()
    if dpi is not None:
        exif[Base.XResolution], exif[Base.YResolution] = dpi
        exif[Base.ResolutionUnit] = 2  # inches
    if settings is not None:
        comment = b"ASCII\0\0\0" + settings.encode("ascii")  # character code as EXIF 2.3 wants it
        exif[_EXIF_IFD] = exif.get(_EXIF_IFD, {}) | {Base.UserComment: comment}
        exif[Base.Software] = "Latent Darkroom"
    return exif.tobytes()


def says_adobe_rgb(exif: Image.Exif) -> bool:
    """Tell whether EXIF says Adobe RGB: by the colour space 2, or by the interoperability R03 (DCF 2.0, 4.5)."""
    space = exif.get_ifd(_EXIF_IFD).get(Base.ColorSpace)
    index = str(exif.get_ifd(IFD.Interop).get(Interop.InteropIndex, "")).strip("\0 ")
    return space == 2 or (index == "R03" and space != 1)


def exif_of_srgb(block: bytes) -> bytes:
    """Let an EXIF block that says Adobe RGB say sRGB; the very same object where it does not."""
    if not says_adobe_rgb(load_exif(block)):
        return block
    exif = _editable(block)
    details = exif.get(_EXIF_IFD, {})
    details.pop(IFD.Interop, None)
    exif[_EXIF_IFD] = details | {Base.ColorSpace: 1}
    return exif.tobytes()


def has_comment(block: bytes) -> bool:
    """Tell whether an EXIF block has a comment (UserComment) that is not empty."""
    comment = load_exif(block).get_ifd(_EXIF_IFD).get(Base.UserComment, b"")
    text = comment.encode("utf-8", "replace") if isinstance(comment, str) else bytes(comment)
    return bool(text[8:].strip(b"\0 "))


def without_maker_note(block: bytes) -> bytes:
    """Drop the maker note, the one tag of EXIF that may be larger than all others together.

    Parameters
    ----------
    block : bytes

    Returns
    -------
    bytes
    """
    exif = _editable(block)
    exif.get(_EXIF_IFD, {}).pop(Base.MakerNote, None)
    return exif.tobytes()


def directories(block: bytes) -> dict[int, Any]:
    """List the tags of an EXIF block that describe the photograph, to be embedded in a TIFF with a layout of its own.

    Parameters
    ----------
    block : bytes

    Returns
    -------
    dict
        Tag number to value; nested directories are dictionaries.
    """
    return dict(_copied(load_exif(block), _DESCRIPTIVE_IFD0).items())


def _exchange(directory):
    for across, down in _ACROSS_AND_DOWN:
        if across in directory and down in directory:
            directory[across], directory[down] = directory[down], directory[across]


class _Text(str):
    """Text that Pillow read as Latin-1 and would write as ASCII: written as the bytes that it was read from."""

    def encode(self, *_: str) -> bytes:
        return str.encode(self, "latin-1", "replace")


def _editable(block):
    """Load a block to be changed and written again."""
    exif = load_exif(block)
    return _copied(exif, set(exif))


def _copied(exif, tags):
    """Copy the named tags, directories as dictionaries: Pillow still needs the original to decode a TIFF."""
    copy = Image.Exif()
    copy.endian = exif.endian
    for tag in [tag for tag in exif if tag in tags]:
        copy[tag] = _kept(exif.get_ifd(tag) if tag in (_EXIF_IFD, _GPS_IFD) else exif[tag])
    details = copy.get(_EXIF_IFD, {})
    if IFD.Interop in details:
        details[IFD.Interop] = _kept(exif.get_ifd(IFD.Interop))
    return copy


def _kept(value):
    if isinstance(value, dict):
        return {tag: _kept(inner) for tag, inner in value.items()}
    return _Text(value) if isinstance(value, str) else value


def _filtered_packet(root):
    packet = ElementTree.Element(_X + "xmpmeta")
    graph = ElementTree.SubElement(packet, _RDF + "RDF")
    for description in root.iter(_RDF + "Description"):
        shared = ElementTree.Element(_RDF + "Description", {_RDF + "about": ""})
        shared.attrib.update((key, text) for key, text in description.attrib.items() if key in _HARMLESS_XMP)
        shared.extend(child for child in description if child.tag in _HARMLESS_XMP)
        if len(shared) or len(shared.attrib) > 1:
            graph.append(shared)
    if not len(graph):
        return None
    text = ElementTree.tostring(packet, encoding="utf-8")
    start = b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    return start + text + b'<?xpacket end="w"?>'
