"""Photo: metadata travel as asked, and what must not come out stays in."""

import io
import json
import struct
from xml.etree import ElementTree

import pytest
from photo_fixtures import CAMERA_XMP, FORMATS, PRIVATE, SRGB_PROFILE, Base, camera_exif, camera_jpeg, smooth
from PIL import ExifTags, Image, PngImagePlugin

from restoration.photo import Photo, PhotoError, metadata


@pytest.mark.parametrize("file_format", FORMATS)
def test_default_metadata_tells_neither_place_nor_device(file_format):
    written = Photo.open(camera_jpeg()).to_bytes(file_format)
    packed = written + b"".join(text_of(written))
    assert not [word for word in PRIVATE if word.encode() in packed]
    assert b"GPS" not in packed
    with Image.open(io.BytesIO(written)) as reread:
        exif = reread.getexif()
        assert not exif.get_ifd(ExifTags.IFD.GPSInfo)
        assert exif[Base.Artist] == "Ada"
        details = exif.get_ifd(ExifTags.IFD.Exif)
        assert details[Base.DateTimeOriginal] == "2024:05:06 07:08:09"
        assert float(details[Base.FNumber]) == pytest.approx(2.8)
        xmp = xmp_of(reread)
        assert b"Harbour" in xmp
        assert b'xmp:Rating="4"' in xmp


@pytest.mark.parametrize("file_format", FORMATS)
def test_all_metadata_on_demand(file_format):
    written = Photo.open(camera_jpeg()).to_bytes(file_format, metadata="all")
    with Image.open(io.BytesIO(written)) as reread:
        exif = reread.getexif()
        assert exif[Base.Make] == "SECRETCAM"
        assert exif.get_ifd(ExifTags.IFD.GPSInfo)[2] == (47.0, 22.0, 33.0)
        assert exif.get_ifd(ExifTags.IFD.Exif)[Base.BodySerialNumber] == "SECRETSERIAL"
        assert b"GPSLatitude" in xmp_of(reread)
    again = Photo.open(written)
    assert b"SECRETOWNER" in again.exif
    assert b"SECRETXMP" in again.xmp


def test_a_tiff_has_the_layout_of_its_own_pixels_alone():
    exif = Image.Exif()
    exif.load(camera_exif())
    layout = {Base.YCbCrPositioning: 2, Base.ReferenceBlackWhite: (0.0, 255.0) * 3, Base.JPEGProc: 1}
    exif.update(layout)
    written = Photo.open(camera_jpeg(exif=exif.tobytes())).to_bytes("TIFF", metadata="all")
    with Image.open(io.BytesIO(written)) as reread:
        assert reread.tag_v2[Base.Make] == "SECRETCAM"
        assert not layout.keys() & {*reread.tag_v2}


@pytest.mark.parametrize("file_format", FORMATS)
def test_no_metadata_on_demand(file_format):
    written = Photo.open(camera_jpeg(icc_profile=SRGB_PROFILE)).to_bytes(file_format, metadata="none")
    with Image.open(io.BytesIO(written)) as reread:
        left = set(reread.getexif()) - {
            Base.XResolution,
            Base.YResolution,
            Base.ResolutionUnit,
            Base.Orientation,
        }
        assert not [tag for tag in left if file_format != "TIFF" or tag in (Base.Artist, Base.DateTime, Base.Make)]
        assert not xmp_of(reread)
        assert reread.info["icc_profile"] == SRGB_PROFILE
    assert Photo.open(written).dpi == pytest.approx((240, 240), abs=0.02)


@pytest.mark.parametrize("source_format", FORMATS)
@pytest.mark.parametrize("file_format", FORMATS)
def test_names_keep_their_letters(source_format, file_format):
    name = "Müller ©".encode()
    exif, stand_in = Image.Exif(), "?" * len(name)  # Pillow would write no more of the name itself
    exif.update(dict.fromkeys((Base.Artist, Base.Copyright, Base.ImageDescription), stand_in))
    exif[ExifTags.IFD.Exif] = {Base.CameraOwnerName: stand_in}
    block = exif.tobytes().replace(stand_in.encode(), name)
    photo = Photo.open(Photo(pixels=smooth(), exif=block).to_bytes(source_format, metadata="all"))
    for settings in (None, {"task": "denoise"}):
        assert photo.to_bytes(file_format, settings=settings).count(name + b"\0") == 3
        assert photo.to_bytes(file_format, settings=settings, metadata="all").count(name + b"\0") == 4


def xmp_of(image):
    xmp = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    return xmp if isinstance(xmp, bytes) else xmp.encode()


def text_of(data):
    with Image.open(io.BytesIO(data)) as image:
        return [value for value in image.info.values() if isinstance(value, bytes)]


@pytest.mark.parametrize("dpi", [(300, 300), (72, 144), (299.5, 300.25), (70_000, 70_000)])
@pytest.mark.parametrize("file_format", FORMATS)
def test_resolution_is_kept(file_format, dpi):
    photo = Photo(pixels=smooth(), dpi=dpi)
    tolerance = 0.51 if file_format == "JPEG" else 0.02  # JFIF has whole numbers
    assert Photo.open(photo.to_bytes(file_format)).dpi == pytest.approx(dpi, abs=tolerance)


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize("orientation", [3, 6])
def test_what_is_said_across_turns_with_the_pixels(file_format, orientation):
    exif = Image.Exif()
    exif.load(camera_exif(orientation))
    exif.update({Base.XResolution: 300.0, Base.YResolution: 150.0, Base.ResolutionUnit: 2})
    exif[ExifTags.IFD.Exif] = {Base.ExifImageWidth: 64, Base.ExifImageHeight: 48}
    xmp = CAMERA_XMP.replace(b"tiff:O", b'exif:PixelXDimension="64" exif:PixelYDimension="48" tiff:O')
    photo = Photo.open(camera_jpeg(exif=exif.tobytes(), xmp=xmp, dpi=(300, 150)))
    size, dpi = ((48, 64), (150, 300)) if orientation == 6 else ((64, 48), (300, 150))
    assert photo.pixels.shape[1::-1] == size
    assert photo.dpi == dpi
    assert b'exif:PixelXDimension="%d" exif:PixelYDimension="%d"' % size in photo.xmp
    with Image.open(io.BytesIO(photo.to_bytes(file_format, metadata="all"))) as reread:
        exif = reread.getexif()
        assert (exif[Base.XResolution], exif[Base.YResolution]) == dpi
        details = exif.get_ifd(ExifTags.IFD.Exif)
        assert (details[Base.ExifImageWidth], details[Base.ExifImageHeight]) == size


def test_thumbnail_is_dropped():
    thumbnail = b"\xff\xd8THUMBNAIL\xff\xd9"
    first = struct.pack(">HHHII", 1, 0x0112, 3, 1, 0x00010000)  # orientation
    second_at = 8 + len(first) + 4
    second = struct.pack(">H", 2) + struct.pack(">HHII", 0x0201, 4, 1, second_at + 30)
    second += struct.pack(">HHII", 0x0202, 4, 1, len(thumbnail)) + bytes(4)
    block = b"Exif\0\0MM\0*" + struct.pack(">I", 8) + first + struct.pack(">I", second_at) + second + thumbnail
    artist = Image.Exif()
    artist.load(block)
    artist[Base.Artist] = "Ada"
    data = camera_jpeg(exif=block)
    assert b"THUMBNAIL" in data
    assert b"THUMBNAIL" not in Photo.open(data).to_bytes("JPEG", metadata="all")


def saved(file_format, **options):
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, file_format, **options)
    return file.getvalue()


def png_with(keyword):
    texts = PngImagePlugin.PngInfo()
    texts.add_itxt(keyword, "text")
    return saved("PNG", pnginfo=texts)


@pytest.mark.parametrize(
    ("data", "lost"),
    [
        (saved("JPEG", comment="hello"), "comment"),
        (png_with("Title"), "text"),
        (png_with("XML:com.adobe.xmp"), None),
        (Photo(pixels=smooth()).to_bytes(settings={"task": "denoise"}), None),
        (camera_jpeg(), None),
    ],
    ids=["JPEG's comment", "PNG's title", "PNG's XMP", "own PNG", "JPEG"],
)
def test_what_has_no_place_is_told(data, lost):
    notes = () if lost is None else (f"The {lost} of this file is not kept when saving.",)
    assert Photo.open(data).notes == notes


def as_text(name, block):
    """Write a block as ImageMagick does."""
    digits = block.hex()
    lines = "\n".join(digits[start : start + 72] for start in range(0, len(digits), 72))
    return f"\n{name}\n{len(block):8d}\n{lines}\n"


def test_xmp_and_iptc_are_read_as_imagemagick_writes_them():
    caption = struct.pack(">BBBH", 0x1C, 2, 120, 4) + b"Ship"
    resources = b"8BIM\x03\xed\0\0" + struct.pack(">I", 4) + b"dpi?"
    resources += b"8BIM\x04\x04\0\0" + struct.pack(">I", len(caption)) + caption + bytes(len(caption) % 2)
    text = PngImagePlugin.PngInfo()
    text.add_text("Raw profile type xmp", as_text("xmp", CAMERA_XMP), zip=True)
    text.add_text("Raw profile type iptc", as_text("iptc", resources))
    photo = Photo.open(saved("PNG", pnginfo=text))
    assert b"Harbour" in photo.xmp
    assert photo.iptc == caption
    assert photo.notes == ()


@pytest.mark.parametrize("text", ["", "xmp", "\nxmp\n 4\nnonsense", "\nxmp\n many\n00", "\nxmp\n0\n00"])
def test_a_damaged_text_of_xmp_is_left_out(text):
    info = PngImagePlugin.PngInfo()
    info.add_text("Raw profile type xmp", text)
    assert Photo.open(saved("PNG", pnginfo=info)).xmp is None


@pytest.mark.parametrize("comment", [b"ASCII\0\0\0a good one", b"UNICODE\0\0a", b""])
def test_a_comment_that_gives_way_to_settings_is_told(comment):
    exif = Image.Exif()
    exif[ExifTags.IFD.Exif] = {Base.UserComment: comment, Base.LensModel: "Tessar"}
    photo = Photo.open(camera_jpeg(exif=exif.tobytes()))
    choices = {"metadata": "all", "settings": {"task": "denoise"}}
    told = ("The comment in the EXIF of this photo gives way to the settings; PNG holds both.",) if comment else ()
    assert photo.left_out("JPEG", **choices) == told
    assert photo.left_out("PNG", **choices) == photo.left_out("JPEG", metadata="all") == ()
    if comment:
        assert comment[8:] in photo.to_bytes("PNG", **choices)
        assert comment[8:] in photo.to_bytes("JPEG", metadata="all")


DIRECTORY = b"<rdf:Seq><rdf:li><Container:Item Item:Mime='video/mp4'/></rdf:li></rdf:Seq>"
TRAILERS = {  # prefix: namespace, attributes, elements
    "GCamera": ("google.com/photos/1.0/camera/", b"GCamera:MotionPhoto=\"1\" GCamera:MicroVideoOffset='99'", b""),
    "Container": (
        "google.com/photos/1.0/container/",
        b"",
        b"<Container:Directory>" + DIRECTORY + b"</Container:Directory>",
    ),
    "hdrgm": ("adobe.com/hdr-gain-map/1.0/", b'hdrgm:Version="1.0" hdrgm:GainMapMax="2.5"', b"<hdrgm:Gamma/>"),
    "GDepth": ("google.com/photos/1.0/depthmap/", b'GDepth:Near="0.1"', b"<GDepth:Mime>image/png</GDepth:Mime>"),
}


@pytest.mark.parametrize("prefix", TRAILERS)
@pytest.mark.parametrize("file_format", FORMATS)
def test_what_is_not_written_behind_the_picture_is_no_longer_claimed(prefix, file_format):
    space, attributes, elements = TRAILERS[prefix]
    spaces = f'xmlns:{prefix}="http://ns.{space}" xmlns:Item="http://i/" '.encode()
    xmp = CAMERA_XMP.replace(b"tiff:O", spaces + attributes + b" tiff:O")
    xmp = xmp.replace(b"<dc:title>", elements + b"<dc:title>")
    photo = Photo.open(camera_jpeg(xmp=xmp))
    behind = "What lies behind the picture in this file (a short video, a depth or gain map) is not kept when saving."
    assert photo.notes == (behind,)
    written = Photo.open(photo.to_bytes(file_format, metadata="all"))
    assert prefix.encode() + b":" not in written.xmp.replace(b"xmlns:", b"")
    assert b"Harbour" in written.xmp
    assert written.notes == ()
    ElementTree.fromstring(written.xmp)


def test_damaged_exif_is_noted_not_fatal():
    photo = Photo.open(camera_jpeg(exif=b"Exif\0\0nonsense"))
    assert photo.notes == ("The EXIF block is damaged and was left out.",)
    assert photo.exif is None
    assert photo.pixels.shape == (48, 64, 3)


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_impossible_orientation_is_upright(orientation):
    assert Photo.open(camera_jpeg(orientation=orientation)).pixels.shape == (48, 64, 3)


@pytest.mark.parametrize(
    "packet",
    [
        b"<not xml",
        b'<!DOCTYPE a [<!ENTITY b "cc">]><a>&b;</a>',
        CAMERA_XMP.decode().encode("utf-16"),
        b"<a>" * 50_000,
        b"<x/>",
    ],
)
def test_xmp_that_cannot_be_vouched_for_is_not_shared(packet):
    assert metadata.shareable_xmp(packet) is None


@pytest.mark.parametrize("file_format", FORMATS)
def test_huge_metadata_is_left_out(file_format):
    photo = Photo(pixels=smooth(), xmp=b"x" * 70_000 if file_format == "JPEG" else b"x" * 1_100_000)
    reopened = Photo.open(photo.to_bytes(file_format, metadata="all"))
    assert reopened.xmp is None
    told = photo.left_out(file_format, metadata="all")
    assert told == (
        ("JPEG holds 65 kB of XMP and this photo has more: it is left out.",) if file_format == "JPEG" else ()
    )
    assert file_format == "JPEG" or reopened.notes == (
        "The XMP block is 1.1 MB; the limit is 1 MB, so it was left out.",
    )


@pytest.mark.parametrize("size", [100, 65_000])
def test_only_the_maker_note_makes_room_for_settings_in_a_jpeg(size):
    exif = Image.Exif()
    exif[Base.Artist] = "Ada"
    exif[ExifTags.IFD.Exif] = {Base.MakerNote: b"n" * size, Base.LensModel: "Tessar"}
    photo = Photo(pixels=smooth(), exif=exif.tobytes())
    choices = {"metadata": "all", "settings": {"note": "x" * 1000}}
    written = photo.to_bytes("JPEG", **choices)
    left_out = ["JPEG holds 65 kB of EXIF and this photo has more: its maker note is left out."] * (size > 100)
    assert [*photo.left_out("JPEG", **choices)] == left_out
    with Image.open(io.BytesIO(written)) as reread:
        exif = reread.getexif()
        details = exif.get_ifd(ExifTags.IFD.Exif)
        assert (exif[Base.Artist], exif[Base.Software]) == ("Ada", "Latent Darkroom")
        assert b"x" * 1000 in details[Base.UserComment]
        assert details[Base.LensModel] == "Tessar"
        assert (Base.MakerNote in details) == (size == 100)


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize("choice", metadata.CHOICES)
def test_settings_are_recorded(file_format, choice):
    settings = {"task": "denoise", "strength": 0.5, "note": "größer <b>"}
    written = Photo.open(camera_jpeg()).to_bytes(file_format, metadata=choice, settings=settings)
    with Image.open(io.BytesIO(written)) as reread:
        if file_format == "PNG":
            text = reread.text["Latent Darkroom"]
        else:
            comment = reread.getexif().get_ifd(ExifTags.IFD.Exif)[Base.UserComment]
            assert comment.startswith(b"ASCII\0\0\0")
            text = comment[8:].decode()
            assert reread.getexif()[Base.Software] == "Latent Darkroom"
            assert reread.getexif().get(Base.Make) == ("SECRETCAM" if choice == "all" else None)
    assert json.loads(text) == settings
    assert b"Latent Darkroom" not in Photo.open(camera_jpeg()).to_bytes(file_format)


def test_what_a_format_has_no_place_for_is_told():
    photo = Photo(pixels=smooth(), alpha=smooth()[..., 0], bits=16)
    assert photo.left_out("PNG") == photo.left_out("TIFF") == ()
    bits = "{} holds 8 of the 16 bits of this photo; PNG and TIFF hold all.".format
    assert photo.left_out("WebP") == (bits("WebP"),)
    assert photo.left_out("jpg") == (bits("JPEG"), "JPEG has no transparency; the picture is laid on white.")
    with pytest.raises(PhotoError, match="GIF"):
        photo.left_out("GIF")
