"""Photo: colours are the profile's, and come back bit for bit."""

import io
import struct

import numpy as np
import pytest
from photo_fixtures import (
    FORMATS,
    GRAY_PROFILE,
    LOSSLESS,
    PRIMARIES,
    PROFILES,
    SRGB_PROFILE,
    TABLE_KINDS,
    as_photo,
    decoded,
    gamma,
    lab_of_xyz,
    make_profile,
    primaries_matrix,
    samples,
    table_profile,
)
from PIL import Image, ImageCms

from restoration.image.srgb import linear_light
from restoration.photo import Photo, color_profile


@pytest.mark.parametrize("name", PROFILES)
def test_conversion_agrees_with_littlecms(name):
    array = samples(64, 64)
    profile = color_profile.read_profile(PROFILES[name], 3)
    there = ImageCms.buildTransform(
        io.BytesIO(PROFILES[name]),
        ImageCms.createProfile("sRGB"),
        "RGB",
        "RGB",
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
    )
    reference = np.asarray(ImageCms.applyTransform(Image.fromarray(array), there)).astype(int)
    ours = np.clip(profile.to_srgb(array), 0, 1) * 255
    assert np.abs(ours - reference).max() < 1.6
    assert np.abs(ours - array).max() > 20  # the profile does matter
    inside = profile.to_srgb(array // 8 + 112)
    assert np.abs(profile.from_srgb(np.clip(inside, 0, 1)) * 255 - (array // 8 + 112)).max() < 0.01


@pytest.mark.parametrize("name", PROFILES)
@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("file_format", LOSSLESS)
def test_colours_beyond_srgb_survive_bit_for_bit(name, bits, file_format):
    array = samples(bits=bits)
    photo = Photo.open(as_photo(array, icc_profile=PROFILES[name]).to_bytes(file_format))
    assert (photo.pixels.min(), photo.pixels.max()) == (0, 1)  # something was clipped
    written = photo.with_pixels(photo.pixels.copy()).to_bytes(file_format)
    assert np.array_equal(decoded(written), array)
    with Image.open(io.BytesIO(written)) as reread:
        assert reread.info["icc_profile"] == PROFILES[name]


@pytest.mark.parametrize("name", PROFILES)
def test_a_small_change_stays_small_beyond_srgb(name):
    matrix = primaries_matrix(PRIMARIES[name.split(",")[0]])
    array = np.array([[(255, 0, 0), (0, 255, 0), (0, 255, 255), (90, 120, 200)]], np.uint8).repeat(4, axis=0)
    photo = Photo.open(as_photo(array, icc_profile=PROFILES[name]).to_bytes())
    changed = np.clip(photo.pixels + np.float32(0.002), 0, 1)
    written = decoded(photo.with_pixels(changed).to_bytes())

    def colour(values):
        x = values / 255
        curve = (
            x**2.19921875 if name == "Adobe RGB" else np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)
        )
        return lab_of_xyz(curve @ matrix.T)

    assert np.linalg.norm(colour(written) - colour(array), axis=-1).max() < 1
    plain = photo_of_plain_conversion(photo, changed)
    assert np.linalg.norm(colour(plain) - colour(array), axis=-1).max() > 5  # what would be without the care


def photo_of_plain_conversion(photo, pixels):
    return np.rint(photo._profile.from_srgb(pixels) * 255)


def test_a_great_change_is_taken_as_it_is():
    array = np.full((4, 4, 3), (255, 0, 0), np.uint8)
    photo = Photo.open(as_photo(array, icc_profile=PROFILES["Adobe RGB"]).to_bytes())
    gray = Photo.open(photo.with_pixels(np.full((4, 4, 3), 0.3, np.float32)).to_bytes())
    assert np.ptp(gray.pixels) < 0.01


def test_profile_and_new_size():
    photo = Photo.open(as_photo(samples(), icc_profile=PROFILES["Adobe RGB"]).to_bytes())
    twice = photo.with_pixels(photo.pixels.repeat(2, axis=0).repeat(2, axis=1))
    reopened = Photo.open(twice.to_bytes())
    assert reopened.pixels.shape == (46, 62, 3)
    assert np.abs(reopened.pixels - twice.pixels).mean() < 0.06


def test_gray_profile():
    array = np.arange(256, dtype=np.uint8).reshape(16, 16, 1)
    photo = Photo.open(as_photo(array, icc_profile=GRAY_PROFILE).to_bytes())
    assert photo.pixels[8, 0, 0] == pytest.approx(0.5742, abs=1e-3)  # sRGB of (128/255) ** 1.8
    assert np.array_equal(decoded(photo.with_pixels(photo.pixels.copy()).to_bytes()), array)
    coloured = photo.with_pixels(photo.pixels.repeat(3, axis=2))
    assert coloured.icc_profile is None
    assert np.abs(Photo.open(coloured.to_bytes()).pixels - photo.pixels).max() <= 0.5 / 255 + 1e-6


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("opacity", [None, 255])
def test_a_gray_profile_never_describes_colours(file_format, bits, opacity):
    step = 1 if bits == 8 else 257
    array = np.full((16, 16, 1), 128 * step, f"uint{bits}")
    alpha = None if opacity is None else np.full((16, 16), opacity * step, f"uint{bits}")
    photo = Photo.open(as_photo(array, alpha, icc_profile=GRAY_PROFILE).to_bytes())
    written = Photo.open(photo.to_bytes(file_format))
    assert written.notes == ()
    assert written.pixels.mean() == pytest.approx(photo.pixels.mean(), abs=1 / 255)
    assert (written.icc_profile is None) == (written.pixels.shape[2] == 3)


def test_srgb_profile_changes_nothing():
    array = samples()
    photo = Photo.open(as_photo(array, icc_profile=SRGB_PROFILE).to_bytes())
    assert np.array_equal(np.rint(photo.pixels * 255), array)
    assert photo.icc_profile == SRGB_PROFILE
    assert photo.notes == ()
    assert photo._source is None  # and costs nothing


@pytest.mark.parametrize("kind", TABLE_KINDS)
def test_tables_agree_with_littlecms(kind):
    array = samples(64, 64)
    icc = table_profile(kind)
    profile = color_profile.read_profile(icc, 3)
    there, back = (
        ImageCms.buildTransform(*ends, "RGB", "RGB", flags=ImageCms.Flags.NOOPTIMIZE)
        for ends in (
            (io.BytesIO(icc), ImageCms.createProfile("sRGB")),
            (ImageCms.createProfile("sRGB"), io.BytesIO(icc)),
        )
    )
    reference = np.asarray(ImageCms.applyTransform(Image.fromarray(array), there)).astype(int)
    ours = np.clip(profile.to_srgb(array), 0, 1) * 255
    assert np.abs(ours - array).max() > 20  # the profile does matter
    assert np.percentile(np.abs(ours - reference), 99) < (3 if kind == "mft1" else 1)
    assert np.abs(ours - reference).max() < 10  # LittleCMS divides the cells of a grid otherwise
    inside = array // 4 + 96
    reference = np.asarray(ImageCms.applyTransform(Image.fromarray(inside), back)).astype(int)
    assert np.abs(profile.from_srgb(inside / np.float32(255)) * 255 - reference).max() < 2


@pytest.mark.parametrize("kind", TABLE_KINDS)
def test_a_16_bit_ramp_of_a_scanner_stays_a_ramp(kind):
    ramp = np.linspace(18_000, 26_000, 512).astype(np.uint16)
    array = np.broadcast_to(ramp[None, :, None], (8, 512, 3)).copy()
    photo = Photo.open(as_photo(array, icc_profile=table_profile(kind)).to_bytes("TIFF"))
    assert all(len(np.unique(photo.pixels[0, :, channel])) == 512 for channel in range(3))
    assert (np.diff(photo.pixels, axis=1) > 0).all()
    assert np.array_equal(decoded(photo.to_bytes("TIFF")), array)
    doubled = np.repeat(photo.pixels, 2, axis=0)
    doubled = np.stack([doubled, (doubled + np.roll(doubled, -1, axis=1)) / 2], axis=2).reshape(16, 1024, 3)[:, :-1]
    steps = np.diff(decoded(photo.with_pixels(doubled).to_bytes("TIFF")).astype(int), axis=1)
    assert steps.min() >= 0
    assert steps.max() < 25


def test_a_profile_that_only_reads_is_used_and_told():
    array = samples(bits=16)
    icc = table_profile("mft2", one_way=True)
    photo = Photo.open(as_photo(array, icc_profile=icc).to_bytes("TIFF"))
    both = color_profile.read_profile(table_profile("mft2"), 3)
    assert np.abs(photo.pixels - np.clip(both.to_srgb(array), 0, 1)).max() < 1e-6
    assert photo.icc_profile is None
    assert photo.notes == ("The colour profile describes reading alone, so the colours were converted to sRGB.",)
    assert np.abs(Photo.open(photo.to_bytes()).pixels - photo.pixels).max() < 1e-4


@pytest.mark.parametrize(
    "icc",
    [
        b"nonsense" * 40,
        PROFILES["Adobe RGB"][:300],
        GRAY_PROFILE,
        make_profile(b"RGB ", gamma(2.2), np.ones((3, 3))),
    ],
)
def test_unusable_profile_is_noted_and_left_out(icc):
    array = samples()
    photo = Photo.open(as_photo(array, icc_profile=icc).to_bytes())
    assert photo.icc_profile is None
    assert len(photo.notes) == 1
    assert "colour profile" in photo.notes[0]
    assert np.array_equal(np.rint(photo.pixels * 255), array)


def test_curves_of_every_kind_are_read():
    kinds = {
        0: [2.2],
        1: [2.2, 1.0, 0.0],
        2: [2.2, 0.9, 0.05, 0.05],
        3: [2.4, 0.9479, 0.0521, 0.0774, 0.0405],
        4: [2.4, 0.9479, 0.0521, 0.0774, 0.0405, 0.0, 0.0],
    }
    for kind, parameters in kinds.items():
        numbers = [round(value * 65536) for value in parameters]
        tag = struct.pack(f">4s4xHH{len(numbers)}i", b"para", kind, 0, *numbers)
        profile = color_profile.read_profile(make_profile(b"GRAY", tag), 1)
        x = np.array([[[64], [200]]], np.uint8)
        values = np.array([64, 200]) / 255
        expected = ((parameters[1] * values + parameters[2]) if kind else values) ** parameters[0]
        expected = expected + (parameters[3] if kind == 2 else 0)
        if profile is None:  # the sRGB curve itself
            assert kind in (3, 4)
            continue
        assert np.allclose(linear_light(profile.to_srgb(x))[0, :, 0], expected, atol=2e-4)
