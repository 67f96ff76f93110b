"""From the bytes of a file to upright rows of samples, trusting nothing the file says.

The order is the safety: the content (never the name) chooses one decoder of a short list, the header is
checked against the limits, and only then a pixel is decoded. `decoder` says which library then decodes.
"""

import io
import math
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray
from PIL import ExifTags, Image

from restoration.photo import color_description, color_profile, heif_boxes, iptc, jpeg, metadata, tiff_directories
from restoration.photo.decoder import Decoded, decode, loaded
from restoration.photo.decoder_warnings import quiet
from restoration.photo.errors import PhotoError, damaged
from restoration.photo.formats import NAMES
from restoration.photo.heif_boxes import bit_depth, main_properties
from restoration.photo.png import PNG_START, XMP_KEY, bare_png, check_png, png_texts, raw_profile
from restoration.photo.raw import is_raw, raw_kind
from restoration.photo.recognition import check_size, recognize

_RAW_XMP, _RAW_IPTC = "Raw profile type xmp", "Raw profile type iptc"  # keywords of ImageMagick in a PNG
# Texts of a PNG that are read, or written anew.
_NO_LOSS = {XMP_KEY, b"Raw profile type exif", b"Software", b"Latent Darkroom"}
_NO_LOSS |= {_RAW_XMP.encode(), _RAW_IPTC.encode()}
_BEHIND = "What lies behind the picture in this file (a short video, a depth or gain map) is not kept when saving."
_FRAMES_COUNTED_BELOW = 2_000_000  # bytes; a GIF's frames are only found by walking through the file


@dataclass
class OpenFile:
    """A file that has been checked and decoded.

    Attributes
    ----------
    height, width : int
        Upright, in pixels.
    decoded : Decoded
    format : str
    profile : Profile or None
        How the colours become sRGB; None if they are.
    icc, exif, xmp, iptc : bytes or None
    dpi : (float, float) or None
    notes : list of str
    damage : list of str
        Those of the notes that say what of the picture is missing or wrong.
    orientation : int in [1, 8]
        Of the rows that `decoded` gives (EXIF 2.3, 4.6.4).
    """

    height: int
    width: int
    decoded: Decoded
    format: str
    profile: color_profile.Profile | None = None
    icc: bytes | None = None
    exif: bytes | None = None
    xmp: bytes | None = None
    iptc: bytes | None = None
    dpi: tuple[float, float] | None = None
    notes: list[str] = field(default_factory=list)
    damage: list[str] = field(default_factory=list)
    orientation: int = 1

    def file_order(self, array: NDArray[Any]) -> NDArray[Any]:
        """View an upright array (height, width, ...) in the row order of the file.

        Writing a strip of the file into the view writes upright pixels.
        """
        inverse = {6: 8, 8: 6}.get(self.orientation, self.orientation)
        return _turned(array, inverse)


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
    notes: list[str] = []
    if kind := raw_kind(data):
        raise is_raw(kind)
    pages, layout = 1, None
    if data[:2] in (b"II", b"MM"):
        data, pages = _main_picture(tiff_directories.as_classic(data), notes)
    elif data.startswith(b"\xff\xd8"):
        layout = jpeg.layout(data)
        data = jpeg.check_jpeg(data, layout)
    elif data[4:8] == b"ftyp":
        data = heif_boxes.one_association(data)
    try:
        image = recognize(data, max_megapixels)
    except PhotoError:
        if not data.startswith(PNG_START):
            raise
        # A text or a profile that unpacks without end is no reason to refuse the picture.
        data = bare_png(data)
        image = recognize(data, max_megapixels)
        notes.append("The metadata is damaged or too large and was left out.")
    check_size(image.width, image.height, max_megapixels)
    if image.format == "PNG":
        _load_png(image, data)
    name = NAMES.get(image.format, image.format)
    frames = pages if image.format == "TIFF" else _count_frames(data, image)
    if frames != 1:
        notes.append(f"Only the first {f'of {frames} frames' if frames else 'frame'} is used.")

    notes += [f"The {block} of this file is not kept when saving." for block in _not_kept(image, data)]
    # Taken out of Pillow's hands, which would turn the pixels as XMP says where EXIF says nothing; no browser does.
    xmp = image.info.pop("XML:com.adobe.xmp", None)
    xmp = image.info.pop("xmp", None) or xmp or raw_profile(image.info.get(_RAW_XMP))
    exif, orientation = _read_exif(image, notes)
    embedded = color_description.profile_of_bmp(data) if image.format == "BMP" else image.info.get("icc_profile")
    icc = _block(embedded, "colour profile", notes)
    is_turned = orientation != 1 or image.info.get("original_orientation", 1) != 1
    xmp = _true_xmp(_block(xmp, "XMP", notes), is_turned, image, notes)
    # A TIFF is turned by its decoder, as its own tag says, and its size tells so; all else is left to us.
    by_decoder = image.format == "TIFF" and ExifTags.Base.Orientation in image.tag_v2
    width, height = image.size if by_decoder or orientation < 5 else image.size[::-1]
    properties = main_properties(data) if image.format in ("HEIF", "AVIF") else []
    decoded = decode(image, data, bit_depth(properties))
    notes += decoded.notes
    damage = []
    if layout and decoded.image:
        told = jpeg.missing_part(data, layout, decoded.image) or jpeg.suspected_damage(data, decoded.image)
        damage = [told] if told else []
    notes += damage
    orientation_left = 1 if by_decoder else orientation
    if decoded.size != ((width, height) if orientation_left < 5 else (height, width)):
        raise PhotoError("This file is damaged: its pixels do not fit the size it announces. Use another copy.")
    profile, icc, told = _colours(image, data, properties, decoded, icc)
    notes += told
    return OpenFile(
        height=height,
        width=width,
        decoded=decoded,
        format=name,
        profile=profile,
        icc=icc,
        exif=exif,
        xmp=metadata.xmp_of_size(xmp, width, height) if xmp else None,
        iptc=_read_iptc(image, notes),
        dpi=_resolution(image, orientation),
        notes=notes,
        damage=damage,
        orientation=orientation_left,
    )


def _load_png(image, data):
    """Decode the pixels before EXIF is asked for: Pillow would do it then, and their damage pass for that of EXIF."""
    check_png(data)
    loaded(image)


def _colours(image, data, properties, decoded, icc):
    """Return (profile, ICC block, notes) of the samples: as an ICC profile says, or what the format says besides."""
    notes = []
    if decoded.conversion:
        profile, icc = decoded.conversion, None
    else:
        profile = None
        described = _described(image, data, properties, bool(icc)) if decoded.channels < 4 else None
        if described and described.hdr:
            profile, icc = color_description.from_hdr(described), None
        elif described and (image.format == "PNG" or not icc):
            try:
                icc = color_description.as_icc(described, decoded.channels)
                if icc and color_profile.read_profile(icc, decoded.channels) is None:
                    icc = None
            except ValueError:
                notes.append("What this file says of its primaries is impossible and was left out.")
        if icc:
            try:
                profile = color_profile.read_profile(icc, decoded.channels)
            except color_profile.ProfileError as error:
                notes.append(f"The colour profile cannot be used ({error}) and was left out.")
                icc = None
        if decoded.channels == 4 and not profile:
            profile = color_profile.OneWay(color_profile.cmyk_to_srgb, "The CMYK colours were converted to sRGB.")
    if isinstance(profile, color_profile.OneWay):
        notes.append(profile.note)
        icc = None
    return profile, icc, notes


def _described(image, data, properties, has_profile):
    """Return what the file says of its colours outside an ICC profile."""
    if image.format == "PNG" and (described := color_description.of_png(data, has_profile)):
        return described
    if image.format == "BMP" and not has_profile:
        return color_description.of_bmp(data)
    if image.format == "TIFF" and not has_profile and (described := color_description.of_tiff(image.tag_v2)):
        return described
    points = heif_boxes.code_points(properties)
    if points and (described := color_description.of_code_points(*points)) and (described.hdr or not has_profile):
        return described
    try:
        return None if has_profile else color_description.of_exif(image.getexif())
    except Exception:  # damage is told where the EXIF block is read
        return None


def _main_picture(data, notes):
    """Return (a TIFF that begins with its main picture, how many it has): the first may be a preview."""
    found = tiff_directories.pictures(data)
    if not found:
        raise damaged("TIFF")
    if kind := tiff_directories.raw_kind(found):
        raise is_raw(kind)
    whole = [one for one in found if one.is_main()]
    if not whole or whole[0] is found[0]:
        return data, max(len(whole), 1)
    notes.append("The first picture of this TIFF is a preview; the whole one behind it is used.")
    return tiff_directories.beginning_at(data, whole[0]), len(whole)


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
        with quiet() as complaints:
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


def _true_xmp(xmp, is_turned, image, notes):
    """Return XMP without what it says of the pixels' turn, thumbnails and data behind the picture; tell of the last."""
    own = metadata.own_xmp(xmp, is_turned=is_turned) if xmp else None
    kept = metadata.xmp_without_trailers(own) if own else None
    behind = image.format == "MPO" and getattr(image, "n_frames", 1) > 1
    behind = behind or image.info.get("depth_images") or image.info.get("aux")
    if behind or kept != own:
        notes.append(_BEHIND)
    return kept


def _read_iptc(image, notes):
    raw = iptc.found(image) or iptc.in_photoshop(raw_profile(image.info.get(_RAW_IPTC)))
    raw = _block(raw, "IPTC", notes)
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
