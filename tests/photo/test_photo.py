"""Photo: what goes in must come out, pixel for pixel, or be one sentence."""

import io
import struct
import subprocess
import sys
import zlib

import numpy as np
import pytest
from photo_fixtures import CAMERA_XMP, LOSSLESS, Base, as_photo, camera_exif, camera_jpeg, decoded, samples, smooth
from PIL import ExifTags, Image, PngImagePlugin

from restoration.photo import Photo, PhotoError, png, recognition, writer

# --- pixels ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("file_format", LOSSLESS)
@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("with_alpha", [False, True])
def test_lossless_formats_keep_every_bit(file_format, bits, channels, with_alpha):
    array = samples(channels=channels, bits=bits)
    alpha = samples(channels=1, bits=bits, seed=1)[..., 0] if with_alpha else None
    if with_alpha:
        alpha[3:9, 4:20] = 0  # colours hidden here must survive as well
    first = as_photo(array, alpha).to_bytes(file_format)
    photo = Photo.open(first)
    again = photo.with_pixels(photo.pixels).to_bytes(file_format)

    reference = decoded(again)
    assert photo.bits == bits
    assert reference.dtype == array.dtype
    expected = array if reference.shape[2] in (channels, channels + 1) else array.repeat(3, axis=2)
    assert np.array_equal(reference[..., : expected.shape[2]], expected)
    assert (photo.alpha is not None) == with_alpha
    if with_alpha:
        assert np.array_equal(reference[..., -1], alpha)
    gray_lost = (file_format, bits, channels, with_alpha) == ("TIFF", 16, 1, True)
    assert photo.pixels.shape[2] == (3 if gray_lost else channels)
    assert photo.pixels.dtype == np.float32
    assert photo.source_format == file_format


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (300, 1), (1030, 1100)])  # the last one needs two strips
@pytest.mark.parametrize("file_format", LOSSLESS)
def test_strips_fit_together(shape, file_format):
    array = samples(*shape)
    assert np.array_equal(decoded(as_photo(array).to_bytes(file_format)), array)


@pytest.mark.parametrize("file_format", LOSSLESS)
def test_writing_tells_how_many_rows_are_done(file_format):
    told = []
    as_photo(samples(1030, 1100)).to_bytes(file_format, progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 1030), (953, 1030), (1030, 1030)]


@pytest.mark.parametrize("file_format", ["JPEG", "WebP", "AVIF"])
@pytest.mark.parametrize("bits", [8, 16])
def test_lossy_formats_stay_close(file_format, bits):
    photo = Photo(pixels=smooth(), bits=bits)
    reopened = Photo.open(photo.to_bytes(file_format))
    assert reopened.bits == 8
    assert np.abs(reopened.pixels - photo.pixels).mean() < 0.01
    assert len(photo.to_bytes(file_format, quality=20)) < len(photo.to_bytes(file_format))


def test_webp_of_quality_100_is_lossless():
    array = samples()
    assert np.array_equal(decoded(as_photo(array).to_bytes("WebP", quality=100)), array)


@pytest.mark.parametrize(
    ("mode", "channels"),
    [
        ("1", 1),
        ("L", 1),
        ("LA", 1),
        ("P", 3),
        ("RGB", 3),
        ("RGBA", 3),
        ("CMYK", 3),
        ("I;16", 1),
        ("I", 1),
        ("F", 1),
    ],
)
def test_every_mode_has_a_meaning(mode, channels):
    gray = np.linspace(0, 255, 64, dtype=np.uint8).reshape(8, 8)
    image = Image.fromarray(gray)
    if mode == "I;16":
        image = Image.fromarray(gray.astype(np.uint16) * 257)
    elif mode == "I":
        image = Image.fromarray(gray.astype(np.int32) * 257)
    elif mode == "F":
        image = Image.fromarray(gray.astype(np.float32) / 255)
    elif mode == "P":
        image = image.convert("RGB").quantize(64)
    else:
        image = image.convert("RGB").convert(mode) if mode == "CMYK" else image.convert(mode)
    file = io.BytesIO()
    image.save(file, "TIFF")
    photo = Photo.open(file.getvalue())
    assert photo.pixels.shape == (8, 8, channels)
    assert photo.bits == (16 if mode in ("I;16", "I", "F") else 8)
    assert (photo.alpha is not None) == mode.endswith("A")
    if mode != "1":
        assert np.abs(photo.pixels[..., 0] - gray / 255).max() < 0.02


def test_lab_becomes_srgb():
    file = io.BytesIO()
    red = (138, 209, 198)  # L* 54, a* 81, b* 70 under D50 is sRGB red
    Image.merge("LAB", [Image.new("L", (4, 4), level) for level in red]).save(file, "TIFF")
    photo = Photo.open(file.getvalue())
    assert np.abs(photo.pixels[0, 0] - [1, 0, 0]).max() < 0.03
    assert any("LAB" in note for note in photo.notes)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_orientation_is_applied_once(orientation, file_format):
    picture = Image.fromarray(np.rint(smooth() * 255).astype(np.uint8))
    undo = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    stored = picture if undo is None else picture.transpose(undo)
    file = io.BytesIO()
    stored.save(file, file_format, exif=camera_exif(orientation), quality=95)
    photo = Photo.open(file.getvalue())
    assert photo.pixels.shape == (48, 64, 3)
    assert np.abs(photo.pixels - smooth()).mean() < 0.02

    written = photo.to_bytes(file_format, metadata="all")
    with Image.open(io.BytesIO(written)) as reread:
        assert reread.getexif().get(Base.Orientation, 1) == 1
    assert np.abs(Photo.open(written).pixels - photo.pixels).mean() < 0.02


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_orientation_of_16_bit_colour_png(orientation):
    array = samples(bits=16)
    exif = Image.Exif()
    exif[Base.Orientation] = orientation
    plain = as_photo(array, exif=exif.tobytes()).to_bytes("PNG", metadata="all")
    photo = Photo.open(plain)
    expected = np.rot90(array, {1: 0, 3: 2, 6: -1, 8: 1}[orientation])
    assert np.array_equal(np.rint(photo.pixels * 65535), expected)


def test_xmp_orientation_is_reset():
    photo = Photo.open(camera_jpeg(orientation=6))
    assert photo.pixels.shape == (64, 48, 3)
    assert b'tiff:Orientation="1"' in photo.xmp
    assert b"SECRETXMP</xmp" not in photo.xmp


@pytest.mark.parametrize("file_format", ["PNG", "WEBP", "AVIF", "JPEG"])
def test_xmp_alone_turns_nothing_as_in_a_browser(file_format):
    file = io.BytesIO()
    text = PngImagePlugin.PngInfo()
    text.add_itxt("XML:com.adobe.xmp", CAMERA_XMP.decode())
    Image.new("RGB", (48, 32), (200, 40, 40)).save(file, file_format, xmp=CAMERA_XMP, pnginfo=text)
    photo = Photo.open(file.getvalue())
    assert photo.pixels.shape == (32, 48, 3)
    assert b'tiff:Orientation="6"' in photo.xmp


# --- alpha ----------------------------------------------------------------------------------------


def transparent_photo(file_format="PNG"):
    array = np.full((20, 20, 3), (10, 200, 30), np.uint8)
    alpha = np.full((20, 20), 255, np.uint8)
    alpha[:, 12:] = 0
    array[:, 12:] = (255, 0, 255)  # garbage nobody sees
    file = io.BytesIO()
    Image.fromarray(np.dstack([array, alpha])).save(file, file_format, lossless=True, exact=True)
    return Photo.open(file.getvalue()), np.dstack([array, alpha])


@pytest.mark.parametrize("file_format", ["PNG", "WebP", "TIFF"])
def test_hidden_colours_neither_bleed_nor_vanish(file_format):
    photo, rgba = transparent_photo(file_format)
    assert np.abs(photo.pixels - np.float32((10, 200, 30)) / 255).max() < 1e-6
    darker = photo.with_pixels(photo.pixels * 0.5)
    written = decoded(darker.to_bytes(file_format, quality=100))
    assert np.array_equal(written[:, 12:], rgba[:, 12:])
    assert np.abs(written[:, :12, :3].astype(int) - (5, 100, 15)).max() <= 1


def test_fill_takes_the_nearest_visible_colour():
    array, alpha = samples(12, 12), np.zeros((12, 12), np.uint8)
    alpha[0, 0] = alpha[11, 11] = 255
    photo = Photo.open(as_photo(array, alpha).to_bytes())
    assert np.array_equal(np.rint(photo.pixels[2, 3] * 255), array[0, 0])
    assert np.array_equal(np.rint(photo.pixels[10, 8] * 255), array[11, 11])


def test_entirely_transparent():
    array = samples()
    photo = Photo.open(as_photo(array, np.zeros(array.shape[:2], np.uint8)).to_bytes())
    assert np.array_equal(decoded(photo.to_bytes())[..., :3], array)


def test_avif_keeps_alpha():
    photo, _ = transparent_photo()
    assert np.abs(Photo.open(photo.to_bytes("AVIF")).alpha - photo.alpha).max() < 0.05


def test_jpeg_is_laid_on_white():
    photo, _ = transparent_photo()
    pixels = Photo.open(photo.to_bytes("JPEG", quality=100)).pixels
    assert pixels[:, 16:].min() > 0.98
    assert np.abs(pixels[:, :8] - np.float32((10, 200, 30)) / 255).max() < 0.02


@pytest.mark.parametrize("size", [(40, 40), (10, 14)])
def test_alpha_follows_another_size(size):
    photo, _ = transparent_photo()
    resized = photo.with_pixels(np.full((*size, 3), 0.5, np.float32))
    assert resized.alpha.shape == size
    assert resized.alpha[0, 0] == 1
    assert resized.alpha[-1, -1] == 0
    written = decoded(resized.to_bytes())
    assert written.shape == (*size, 4)
    assert tuple(written[-1, -1]) == (255, 0, 255, 0)


@pytest.mark.parametrize(("file_format", "mode"), [("PNG", "L"), ("PNG", "RGB"), ("PNG", "P"), ("PNG", "I;16")])
def test_a_transparent_colour_is_alpha(file_format, mode):
    array = np.array([[7, 9], [9, 7]], np.uint8)
    image = Image.fromarray(array.astype(np.uint16) if mode == "I;16" else array)
    if mode in ("RGB", "P"):
        image = image.convert("RGB").quantize(2) if mode == "P" else image.convert("RGB")
    transparent = {"L": 9, "RGB": (9, 9, 9), "I;16": 9, "P": image.getpixel((1, 0))}[mode]
    file = io.BytesIO()
    image.save(file, file_format, transparency=transparent)
    assert np.array_equal(Photo.open(file.getvalue()).alpha, [[1, 0], [0, 1]])


@pytest.mark.parametrize("depth", [1, 2, 4, 8])
def test_a_transparent_gray_has_the_bits_of_its_file(depth):
    header = struct.pack(">IIBBBBB", 8, 1, depth, 0, 0, 0, 0)
    row = int(f"{1:0{depth}b}{0:0{depth}b}" * 4, 2).to_bytes(depth, "big")
    chunks = ((b"IHDR", header), (b"tRNS", b"\0\1"), (b"IDAT", zlib.compress(b"\0" + row)), (b"IEND", b""))
    file = io.BytesIO(png.PNG_START)
    file.seek(0, io.SEEK_END)
    for kind, body in chunks:
        writer._write_chunk(file, kind, body)
    assert Photo.open(file.getvalue()).alpha.tolist() == [[0, 1] * 4]


# --- opening and saving ---------------------------------------------------------------------------


def test_open_takes_paths_bytes_and_files(tmp_path):
    path = Photo(pixels=smooth()).save(tmp_path / "a.png")
    expected = Photo.open(path).pixels
    with path.open("rb") as file:
        for source in (str(path), path.read_bytes(), bytearray(path.read_bytes()), file):
            assert np.array_equal(Photo.open(source).pixels, expected)


@pytest.mark.parametrize(
    ("name", "file_format"),
    [
        *[("a.JPG", "JPEG"), ("a.jfif", "JPEG"), ("a.jpe", "JPEG"), ("a.Tif", "TIFF"), ("a.tiff", "TIFF")],
        *[("a.png", "PNG"), ("a.WebP", "WebP"), ("a.avif", "AVIF"), ("größe é.png", "PNG")],
    ],
)
def test_suffix_chooses_the_format(tmp_path, name, file_format):
    path = Photo(pixels=smooth()).save(tmp_path / name)
    assert Photo.open(path).source_format == file_format
    assert [entry.name for entry in tmp_path.iterdir()] == [name]


def test_format_overrides_the_suffix(tmp_path):
    assert Photo.open(Photo(pixels=smooth()).save(tmp_path / "a.png", format="jpeg")).source_format == "JPEG"


def test_a_failed_save_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "a.png"
    path.write_bytes(b"old")

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("restoration.photo.writer._filter_rows", fail)
    with pytest.raises(PhotoError, match="cannot be saved: No space left on device"):
        Photo(pixels=smooth()).save(path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_output_is_deterministic():
    photo = Photo.open(camera_jpeg())
    assert photo.to_bytes("PNG", settings={"b": 1, "a": 2}) == photo.to_bytes("PNG", settings={"a": 2, "b": 1})
    assert photo.to_bytes("TIFF") == photo.to_bytes("TIFF")


def test_with_pixels_clips_and_keeps():
    photo = Photo.open(camera_jpeg())
    image = np.linspace(-1, 2, 48 * 64 * 3).reshape(48, 64, 3)
    changed = photo.with_pixels(image)
    assert changed.pixels.dtype == np.float32
    assert (changed.pixels.min(), changed.pixels.max()) == (0, 1)
    assert (changed.exif, changed.dpi, changed.notes) == (photo.exif, photo.dpi, photo.notes)
    assert photo.with_pixels(photo.pixels).pixels is photo.pixels


def test_phone_jpeg_of_several_pictures():
    file = io.BytesIO()
    pictures = [Image.fromarray(np.rint(smooth() * 255).astype(np.uint8))] * 2
    pictures[0].save(file, "MPO", save_all=True, append_images=pictures[1:])
    photo = Photo.open(file.getvalue())
    behind = "What lies behind the picture in this file (a short video, a depth or gain map) is not kept when saving."
    assert (photo.source_format, photo.notes) == ("JPEG", (behind,))


def test_animation_gives_its_first_frame():
    file = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), (20 * number, 0, 0)) for number in range(12)]
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    photo = Photo.open(file.getvalue())
    assert photo.notes == ("Only the first of 12 frames is used.",)
    assert photo.pixels.max() == 0


def heic(**options):
    pillow_heif = pytest.importorskip("pillow_heif")
    image = pillow_heif.from_pillow(Image.fromarray(np.rint(smooth() * 255).astype(np.uint8)))
    file = io.BytesIO()
    try:
        image.save(file, quality=90, **options)
    except RuntimeError:
        pytest.skip("no HEIC encoder")
    return file.getvalue()


def test_heic_with_its_package():
    photo = Photo.open(heic())
    assert photo.source_format == "HEIC"
    assert np.abs(photo.pixels - smooth()).mean() < 0.02


def test_a_turned_heic_turns_the_size_in_its_exif():
    exif = Image.Exif()
    exif.update({Base.Orientation: 6, ExifTags.IFD.Exif: {Base.ExifImageWidth: 64, Base.ExifImageHeight: 48}})
    photo = Photo.open(heic(exif=exif.tobytes()))
    exif.load(photo.exif)
    assert photo.pixels.shape == (64, 48, 3)
    assert exif.get_ifd(ExifTags.IFD.Exif) == {Base.ExifImageWidth: 48, Base.ExifImageHeight: 64}


def test_heic_without_its_package(monkeypatch):
    for name in recognition._HEIC_READERS:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(PhotoError, match="pip install pillow-heif"):
        Photo.open(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100))


def test_import_is_light():
    heavy = "{'cv2', 'keras', 'tensorflow', 'streamlit'}"
    code = f"import sys, restoration.photo; print(*{heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
