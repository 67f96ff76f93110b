"""Files made to harm, or harmed: each gives pixels or one PhotoError, quickly and in little memory."""

import io
import json
import struct
import subprocess
import sys
import warnings
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from restoration.photo import Photo, PhotoError, png

ROOT = Path(__file__).parents[2]
MEMORY_LIMIT = 300  # MB, the whole process
TIME_LIMIT = 10  # seconds per file

# Runs apart from pytest, so that its peak memory is that of opening and nothing else.
OPEN_ALL = """
import json, sys, time, warnings
from pathlib import Path
warnings.simplefilter("error")
from restoration.photo import Photo, PhotoError, png
report = {}
for path in sorted(Path(sys.argv[1]).rglob("*")):
    if path.is_file():
        start = time.monotonic()
        try:
            photo = Photo.open(path)
            low, high = float(photo.pixels.min()), float(photo.pixels.max())
            outcome = [*photo.pixels.shape, photo.bits] if 0 <= low <= high <= 1 else f"range {low} {high}"
        except PhotoError as error:
            outcome = str(error)
        report[str(path.relative_to(sys.argv[1]))] = [outcome, time.monotonic() - start]
from restoration.inference.hardware import peak_megabytes
peak = peak_megabytes()
print(json.dumps({"report": report, "peak": peak}))
"""


def open_all(folder):
    done = subprocess.run(
        [sys.executable, "-c", OPEN_ALL, str(folder)],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def check_report(result):
    for name, (outcome, seconds) in result["report"].items():
        assert seconds < TIME_LIMIT, name
        if isinstance(outcome, str):
            assert outcome.startswith(("This ", "The ")), (name, outcome)
            assert outcome.endswith((".", ". ")), (name, outcome)
            assert "\n" not in outcome, name
    assert result["peak"] < MEMORY_LIMIT


# --- the collection of the field ------------------------------------------------------------------


@pytest.fixture(scope="module")
def corpus(shared):
    return shared("hostile")


@pytest.fixture(scope="module")
def corpus_result(corpus):
    return open_all(corpus)


def test_collection_is_harmless(corpus_result):
    assert len(corpus_result["report"]) > 250
    check_report(corpus_result)


def test_png_suite_opens_or_is_refused_as_its_names_say(corpus_result):
    suite = {
        Path(name).name: outcome
        for name, (outcome, _) in corpus_result["report"].items()
        if name.startswith("pngsuite/") and len(Path(name).stem) == 8 and Path(name).stem != "PngSuite"
    }
    assert len(suite) == 174
    for name, outcome in suite.items():
        assert isinstance(outcome, str) == name.startswith("x"), (name, outcome)  # x: corrupt on purpose
        if not isinstance(outcome, str):
            assert outcome[3] == (16 if name[6:8] == "16" else 8), name
            assert outcome[2] == (1 if name[4] in "04" else 3), name  # colour type: gray, gray with alpha


def test_png_suite_pixels_equal_another_decoder(corpus):
    compared = 0
    for path in sorted((corpus / "pngsuite").glob("[!xP]*.png")):
        photo = Photo.open(path)
        array = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
        order = [2, 1, 0][: photo.pixels.shape[2]]
        array = array[..., None] if array.ndim == 2 else array[..., order]
        shown = np.ones(array.shape[:2], bool) if photo.alpha is None else photo.alpha > 0
        full = 2**photo.bits - 1
        if array.dtype.itemsize * 8 == photo.bits:
            # Where a gamma or primaries change the colours, the file's own samples are kept beside them.
            kept = np.rint(photo.pixels * full) if photo._profile is None else photo._source
            assert np.array_equal(kept[shown], array[shown]), path.name
            compared += 1
    assert compared > 150


# --- made here ------------------------------------------------------------------------------------


def encoded(array, file_format, **options):
    file = io.BytesIO()
    Image.fromarray(array).save(file, file_format, **options)
    return file.getvalue()


def picture(height=64, width=64):
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def forged_png(width, height, bits=8):
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


def forged_jpeg(width, height):
    data = bytearray(encoded(picture(), "JPEG"))
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(data)


def forged_tiff(width, height):
    data = bytearray(encoded(picture(), "TIFF"))
    for tag, value in ((256, width), (257, height)):
        at = data.index(struct.pack("<HH", tag, 4)) if struct.pack("<HH", tag, 4) in data else -1
        at = at if at > 0 else data.index(struct.pack("<HH", tag, 3))
        data[at : at + 12] = struct.pack("<HHII", tag, 4, 1, value)
    return bytes(data)


def forged_bmp(width, height):
    data = bytearray(encoded(picture(), "BMP"))
    data[18:26] = struct.pack("<ii", width, height)
    return bytes(data)


def forged_gif(width, height):
    data = bytearray(encoded(picture(), "GIF"))
    data[6:10] = struct.pack("<HH", width, height)
    return bytes(data)


def spliced(*chunks):
    plain = encoded(picture(), "PNG")
    return plain[:33] + b"".join(chunks) + plain[33:]


BOMBS = {
    "png": forged_png(60_000, 60_000),
    "png of 16 bits": forged_png(30_000, 30_000, 16),
    "jpeg": forged_jpeg(65_000, 65_000),
    "tiff": forged_tiff(50_000, 50_000),
    "bmp": forged_bmp(40_000, 40_000),
    "gif": forged_gif(65_535, 65_535),
    "between two limits of Pillow": forged_png(10_000, 10_000),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bomb_is_refused_from_its_header(name):
    with pytest.raises(PhotoError, match=r"This file is \d+ megapixels; the limit is 50\."):
        Photo.open(BOMBS[name])


@pytest.mark.parametrize("size", [(70_000, 1), (1, 70_000)])
def test_endless_side_is_refused(size):
    with pytest.raises(PhotoError, match="the limit is 65535 on each side"):
        Photo.open(forged_png(*size))


def test_size_of_zero_is_refused():
    with pytest.raises(PhotoError):
        Photo.open(forged_png(0, 10))


def test_a_higher_limit_is_the_visitors_choice():
    with pytest.raises(PhotoError, match="limit is 120"):
        Photo.open(forged_png(20_000, 10_000), max_megapixels=120)
    with pytest.raises(PhotoError, match="damaged"):  # accepted by size, refused by content
        Photo.open(forged_png(15_000, 13_000), max_megapixels=200)


@pytest.mark.parametrize("shape", [(1, 1), (1, 20_000), (20_000, 1)])
@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "TIFF"])
def test_extreme_shapes_open_and_save(shape, file_format):
    photo = Photo.open(encoded(picture(*shape), file_format))
    assert photo.pixels.shape == (*shape, 3)
    assert Photo.open(photo.to_bytes(file_format)).pixels.shape == (*shape, 3)


@pytest.mark.parametrize("file_format", ["PNG", "WEBP", "TIFF", "BMP", "GIF", "AVIF"])
@pytest.mark.parametrize("part", [0.02, 0.3, 0.7, 0.97])
def test_cut_off_file_is_refused(file_format, part):
    data = encoded(picture(), file_format)
    with pytest.raises(PhotoError):
        Photo.open(data[: int(len(data) * part)])


@pytest.mark.parametrize("file_format", ["PNG", "TIFF"])
@pytest.mark.parametrize("part", [0.3, 0.7, 0.97])
def test_cut_off_16_bit_file_is_refused(file_format, part):
    pixels = np.random.default_rng(0).random((64, 64, 3), dtype=np.float32)
    data = Photo(pixels=pixels, bits=16).to_bytes(file_format)
    with pytest.raises(PhotoError):
        Photo.open(data[: int(len(data) * part)])


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "AVIF"])
def test_flipped_bytes_never_escape(file_format):
    data = encoded(picture(24, 24), file_format)
    rng = np.random.default_rng(1)
    for _ in range(60):
        broken = bytearray(data)
        for at in rng.integers(0, len(data), 4):
            broken[at] ^= int(rng.integers(1, 256))
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                photo = Photo.open(bytes(broken), max_megapixels=5)
            except PhotoError:
                continue
        assert np.isfinite(photo.pixels).all()
        photo.to_bytes("PNG", metadata="all")
        photo.to_bytes("JPEG")


@pytest.mark.parametrize("part", ["IHDR", "IDAT", "IEND"])
def test_wrong_png_checksum_is_refused(part):
    data = bytearray(encoded(picture(), "PNG"))
    at = data.index(part.encode())
    length = struct.unpack_from(">I", data, at - 4)[0]
    data[at + 4 + length] ^= 1
    with pytest.raises(PhotoError, match="damaged"):
        Photo.open(bytes(data))


@pytest.mark.parametrize("colour", [0, 2, 6])
@pytest.mark.parametrize(("bits", "interlaced"), [(8, 0), (8, 1), (16, 0), (16, 1)])
def test_png_whose_pixels_end_early_is_refused(colour, bits, interlaced):
    width, height, channels = 13, 11, {0: 1, 2: 3, 6: 4}[colour]
    passes = [(8, 8, 0, 0), (8, 8, 4, 0), (4, 8, 0, 4), (4, 4, 2, 0), (2, 4, 0, 2), (2, 2, 1, 0), (1, 2, 0, 1)]
    rows = b""
    for across, down, left, top in passes if interlaced else [(1, 1, 0, 0)]:
        columns = len(range(left, width, across))
        rows += (b"\0" + bytes(columns * channels * bits // 8)) * len(range(top, height, down))
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, interlaced))
    start, end = b"\x89PNG\r\n\x1a\n" + header, chunk(b"IEND", b"")
    assert Photo.open(start + chunk(b"IDAT", zlib.compress(rows)) + end).pixels.shape[:2] == (height, width)
    for part in (0.3, 0.9):
        with pytest.raises(PhotoError, match="cut off"):
            Photo.open(start + chunk(b"IDAT", zlib.compress(rows[: int(part * len(rows))])) + end)


def test_png_without_an_end_is_refused():
    data = encoded(picture(), "PNG")
    with pytest.raises(PhotoError, match="its end is missing"):
        Photo.open(data[:-12])


def test_extension_does_not_matter(tmp_path):
    path = tmp_path / "holiday.jpg"
    path.write_bytes(encoded(picture(), "PNG"))
    assert Photo.open(path).source_format == "PNG"
    path.write_bytes(b"just text")
    with pytest.raises(PhotoError, match="not a photograph"):
        Photo.open(path)


@pytest.mark.parametrize("file_format", ["PPM", "ICO", "PCX", "TGA", "SGI", "EPS", "PDF", "DDS", "JPEG2000"])
def test_other_decoders_are_never_started(file_format, tmp_path):
    path = tmp_path / "x.png"
    path.write_bytes(encoded(picture(), file_format))
    with pytest.raises(PhotoError, match="supported are JPEG, PNG, WebP, TIFF, BMP, GIF, AVIF and HEIC"):
        Photo.open(path)


def test_huge_text_chunk():
    bomb = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(100_000_000), 9))
    photo = Photo.open(spliced(bomb))
    assert photo.notes == ("The metadata is damaged or too large and was left out.",)
    assert np.array_equal(np.rint(photo.pixels * 255), picture())


def test_huge_profile_is_left_out():
    bomb = chunk(b"iCCP", b"icc\0\0" + zlib.compress(bytes(50_000_000), 9))
    assert Photo.open(spliced(bomb)).icc_profile is None


def test_a_million_chunks():
    with pytest.raises(PhotoError):
        Photo.open(spliced(chunk(b"teSt", b"") * (png.MOST_CHUNKS + 1)))


@pytest.mark.parametrize("name", ["a\0b.png", "x" * 300 + ".png", "../" * 200 + "x.png", "CON", "<img onerror=x>.png"])
def test_strange_names_give_a_sentence(name):
    with pytest.raises(PhotoError) as caught:
        Photo.open(name)
    assert "\0" not in str(caught.value)
    with pytest.raises(PhotoError):
        Photo(pixels=np.zeros((2, 2, 3), np.float32)).save("no/such/" + name)


def test_memory_of_a_folder_of_bombs(tmp_path):
    for number, data in enumerate([*BOMBS.values(), spliced(chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(10**8))))]):
        (tmp_path / f"{number}.png").write_bytes(data)
    result = open_all(tmp_path)
    check_report(result)
    assert sum(isinstance(outcome, str) for outcome, _ in result["report"].values()) == len(BOMBS)
