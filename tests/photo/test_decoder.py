"""Photo: no 8 bits inside a 16-bit path, and samples of every kind have their meaning."""

import io
import struct

import cv2
import numpy as np
import pytest
from photo_fixtures import assemble_profile, lab, samples
from test_tiff import tiff

from restoration.photo import Photo, PhotoError

RAMP = np.linspace(0, 65535, 4096).astype(np.uint16)


def ramp(*values):
    """Return (64, 64, C) samples that go through 4096 steps in the first channel; the others are as given."""
    planes = [RAMP, *[np.full(4096, value, np.uint16) for value in values]]
    return np.stack(planes, axis=-1).reshape(64, 64, -1)


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("planar", [False, True])
def test_16_bit_cmyk_keeps_its_levels(order, planar):
    array = ramp(20_000, 30_000, 10_000)
    photo = Photo.open(tiff(array, photometric=5, planar=planar, order=order))
    share = array / 65535
    np.testing.assert_allclose(photo.pixels, (1 - share[..., :3]) * (1 - share[..., 3:]), atol=1e-6)
    assert (photo.bits, photo.notes) == (16, ("The CMYK colours were converted to sRGB.",))
    assert np.unique(photo.pixels[..., 0]).size == 4096


def press_profile():
    """Build the profile of a press whose inks are pure, as a table of 9 nodes an ink."""
    side = 9
    nodes = np.stack(np.meshgrid(*[np.linspace(0, 1, side)] * 4, indexing="ij"), axis=-1)
    srgb = (1 - nodes[..., :3]) * (1 - nodes[..., 3:])
    values = (lab(srgb) + np.array([0, 128, 128])) / [100, 255, 255]
    straight = np.rint(np.linspace(0, 1, 256) * 65535).astype(">u2").tobytes()
    tag = b"mft2" + struct.pack(">4xBBBx9i", 4, 3, side, *(65536 * np.eye(3, dtype=int)).ravel())
    tag += struct.pack(">HH", 256, 256) + straight * 4
    tag += np.rint(np.clip(values, 0, 1) * 65280).astype(">u2").tobytes() + straight * 3
    return assemble_profile(b"CMYK", b"Lab ", {b"A2B0": tag}, 0x02400000)


@pytest.mark.parametrize("bits", [8, 16])
def test_cmyk_is_converted_by_its_profile(bits):
    share = np.random.default_rng(0).integers(0, 9, (16, 16, 4)) / 8
    array = np.rint(share * (2**bits - 1)).astype(f"uint{bits}")
    photo = Photo.open(tiff(array, photometric=5, t34675=press_profile()))
    np.testing.assert_allclose(photo.pixels, (1 - share[..., :3]) * (1 - share[..., 3:]), atol=0.02)
    assert photo.bits == bits
    assert photo.icc_profile is None
    assert photo.notes == ("The CMYK colours were converted to sRGB.",)


def test_a_16_bit_ramp_of_a_press_never_runs_backwards():
    photo = Photo.open(tiff(ramp(0, 0, 0), photometric=5, t34675=press_profile()))
    assert (np.diff(photo.pixels[..., 0].ravel()) <= 0).all()
    assert np.unique(photo.pixels[..., 0]).size > 4000


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("photometric", [8, 9])
@pytest.mark.parametrize("bits", [8, 16])
def test_cielab_is_converted(order, photometric, bits):
    srgb = np.random.default_rng(0).random((16, 16, 3))
    light, a, b = np.moveaxis(lab(srgb), -1, 0)
    unit = 1 if bits == 8 else 256
    full = 255 if bits == 8 else 65280 if photometric == 9 else 65535
    middle = 128 * unit if photometric == 9 else 0
    stored = np.stack([light * full / 100, a * unit + middle, b * unit + middle], axis=-1)
    array = np.rint(stored).astype(np.int32).astype(f"uint{bits}")
    photo = Photo.open(tiff(array, photometric=photometric, order=order))
    np.testing.assert_allclose(photo.pixels, srgb, atol=0.06 if bits == 8 else 0.001)
    assert photo.bits == bits
    assert photo.notes == ("The LAB colours were converted to sRGB.",)


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("planar", [False, True])
def test_float_rgb_opens(order, planar):
    array = np.random.default_rng(0).random((16, 16, 3), np.float32)
    photo = Photo.open(tiff(array, order=order, planar=planar, t339=(3, 3, 3)))
    np.testing.assert_allclose(photo.pixels, array, atol=1 / 65535)
    assert photo.notes == ("The 32-bit float pixels are kept with 16 bits.",)


@pytest.mark.parametrize("channels", [1, 3])
def test_floats_beyond_white_are_clipped_and_told(channels):
    array = np.full((8, 8, channels), 0.5, np.float32)
    array[2, 3], array[4, 5] = 1.02, -0.25
    photo = Photo.open(tiff(array, photometric=1 if channels == 1 else 2, t339=(3,) * channels))
    assert photo.pixels[2, 3].tolist() == [1] * channels
    assert photo.pixels[4, 5].tolist() == [0] * channels
    assert photo.notes[1] == "They run from -0.25 to 1.02; what lies outside 0 to 1 was clipped."


@pytest.mark.parametrize("value", [17.5, float("nan"), float("inf")])
def test_floats_of_another_scale_are_refused(value):
    with pytest.raises(PhotoError, match="the limit is 0 to 1"):
        Photo.open(tiff(np.full((8, 8, 3), value, np.float32), t339=(3, 3, 3)))


@pytest.mark.parametrize("has_alpha", [False, True])
@pytest.mark.parametrize("bits", [10, 12])
def test_heic_of_more_than_8_bits_keeps_them(bits, has_alpha):
    pillow_heif = pytest.importorskip("pillow_heif")
    array = np.ascontiguousarray(np.broadcast_to(RAMP[::16, None, None], (256, 64, 3 + has_alpha)))
    array[-1] = 65535
    array[..., 3:] |= 0x8000  # where next to nothing is seen, a neighbour's colour stands in
    image = pillow_heif.from_bytes("RGBA;16" if has_alpha else "RGB;16", (64, 256), array.tobytes())
    file = io.BytesIO()
    before = pillow_heif.options.SAVE_HDR_TO_12_BIT
    pillow_heif.options.SAVE_HDR_TO_12_BIT = bits == 12
    try:
        image.save(file, quality=100, chroma=444)
    except RuntimeError:
        pytest.skip("no HEIC encoder")
    finally:
        pillow_heif.options.SAVE_HDR_TO_12_BIT = before
    photo = Photo.open(file.getvalue())
    assert photo.bits == 16
    assert np.unique(photo.pixels[..., 1]).size >= 250
    assert np.diff(photo.pixels[:, 5, 1]).min() > -1 / 1000
    np.testing.assert_allclose(photo.pixels, array[..., :3] / 65535, atol=0.01)
    assert (photo.alpha is not None) == has_alpha
    assert photo.pixels.max() == 1


@pytest.mark.parametrize("bits", [10, 12])
def test_avif_of_more_than_8_bits_keeps_them(bits):
    array = np.broadcast_to((RAMP[::16] >> (16 - bits))[:, None, None], (256, 64, 3))
    options = [cv2.IMWRITE_AVIF_DEPTH, bits, cv2.IMWRITE_AVIF_QUALITY, 100, cv2.IMWRITE_AVIF_SPEED, 9]
    done, data = cv2.imencode(".avif", np.ascontiguousarray(array), options)
    if not done:
        pytest.skip("no AVIF encoder")
    photo = Photo.open(data.tobytes())
    assert photo.bits == 16
    assert np.unique(photo.pixels[..., 1]).size > 250
    np.testing.assert_allclose(photo.pixels, array / (2**bits - 1), atol=0.01)


def bmp_with_alpha(array):
    """Encode RGBA as a BMP of version 4, whose header names the bits of alpha."""
    height, width = array.shape[:2]
    header = struct.pack("<IiiHHIIiiII", 108, width, height, 1, 32, 3, array.size, 2835, 2835, 0, 0)
    header += struct.pack("<IIII4s", 0xFF0000, 0xFF00, 0xFF, 0xFF000000, b"BGRs") + bytes(48)
    start = struct.pack("<2sI4xI", b"BM", 122 + array.size, 122)
    return start + header + array[::-1, :, [2, 1, 0, 3]].tobytes()


def test_a_bmp_whose_alpha_nobody_filled_in_is_opaque():
    array = samples(8, 8, channels=4)
    array[..., 3] = 0
    photo = Photo.open(bmp_with_alpha(array))
    assert photo.alpha is None
    assert np.array_equal(np.rint(photo.pixels * 255), array[..., :3])
    array[2, 3, 3] = 7
    assert Photo.open(bmp_with_alpha(array)).alpha.max() == pytest.approx(7 / 255)
