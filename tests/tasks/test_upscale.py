"""Enlarging: sizes, seams, grids, gray, limits, and what it gains over interpolation."""

import io
import json

import numpy as np
import pytest
from PIL import Image

import restoration
from restoration import networks
from restoration.benchmark.upscaling import sample_pairs
from restoration.cli.main import main
from restoration.degrade.low_resolution import degrade_and_reduce
from restoration.image import metrics
from restoration.image.resample import resize, shrink
from restoration.inference import keras_runtime
from restoration.inference.card import card_for, presets
from restoration.inference.model import Model
from restoration.photo import Photo
from restoration.photo.sample_photos import SCORED, sample
from restoration.tasks.upscale import detail_limit, size_of_result

SCALES = (2, 3, 4)
SMALL = {"widths": [8, 16], "blocks": [1, 1], "scales": list(SCALES)}
RNG = np.random.default_rng(0)
# What the networks gain over bicubic interpolation on the smaller samples, x2, x3 and x4, less a small margin.
FAITHFUL_GAINS = (1.6, 1.0, 0.8)
PHOTO_GAINS = (0.7, 0.4, 0.4)


def cat(height=40, width=52):
    return sample("Cat").pixels[100 : 100 + height, 120 : 120 + width]


# ---- resizing


def test_the_networks_bicubic_layer_is_the_same_bicubic():
    image = RNG.random((7, 10, 3), np.float32)
    for scale in SCALES:
        enlarged = np.asarray(networks.Bicubic(scale)(image[None]))[0]
        np.testing.assert_allclose(enlarged, resize(image, 7 * scale, 10 * scale), atol=1e-6)


def test_the_fast_transposed_convolution_gives_the_same_numbers():
    import keras

    features = RNG.standard_normal((2, 5, 7, 8)).astype(np.float32)
    for size, scale in [*((3 * scale, scale) for scale in SCALES), (2, 2), (4, 4), (4, 2), (8, 4)]:
        options = {"padding": "same", "kernel_initializer": "glorot_normal", "bias_initializer": "normal"}
        options["activation"] = "relu" if scale == 2 else None
        fast = networks.WideTranspose(3, size, scale, **options)
        result = fast(features)
        plain = keras.layers.Conv2DTranspose(3, size, scale, **options)
        plain.build(features.shape)
        plain.set_weights(fast.get_weights())
        np.testing.assert_allclose(result, plain(features), atol=1e-5)


def test_a_degraded_image_is_repeatable_and_worse_than_a_reduced_one():
    truth = sample("Coffee cup").pixels[:120, :160]
    degraded = degrade_and_reduce(truth, 2, seed=3)
    np.testing.assert_array_equal(degraded, degrade_and_reduce(truth, 2, seed=3))
    clean = shrink(truth, 2)
    assert degraded.shape == clean.shape
    assert 20 < metrics.psnr(degraded, clean) < 45


# ---- the network


@pytest.fixture(scope="module")
def fresh():
    return networks.upscaling_autoencoder(**SMALL)


def test_a_network_ends_in_transposed_convolutions_and_has_a_head_for_each_scale(fresh):
    given = RNG.random((1, 6, 10, 3), np.float32)
    for scale, whole in zip(SCALES, fresh(given), strict=True):
        one = networks.head(fresh, scale)
        assert one.output.shape[-1] == 3
        np.testing.assert_allclose(one(given), whole, atol=1e-6)
        kernel = fresh.get_layer(f"x{scale}_correction").kernel
        assert kernel.shape[0] % scale == 0


def test_no_grid_before_training(fresh):
    """The correction of a random network repeats no pattern at the period of its stride."""
    noise = RNG.random((1, 40, 40, 3), np.float32)
    for scale in SCALES:
        correction = np.asarray(networks.head(fresh, scale)(noise))[0] - resize(noise[0], 40 * scale, 40 * scale)
        assert correction.std() > 1e-4
        phases = correction.reshape(40, scale, 40, scale, 3).mean(axis=(0, 2))
        assert np.ptp(phases, axis=(0, 1)).max() < 1e-3 * correction.std()


def test_bottlenecks_and_scales_are_counted_for_the_largest_head(fresh):
    gflop = networks.gflop_per_megapixel(fresh)
    assert gflop == pytest.approx(networks.gflop_per_megapixel(networks.head(fresh, 4)))
    assert networks.stride(fresh) == 2
    assert networks.receptive_radius(fresh) > 9 // 2


def test_pairs_are_trained_side_by_side(fresh):
    together = networks.one_input_per_output(fresh)
    assert len(together.inputs) == len(SCALES)
    assert {id(value) for value in together.variables} == {id(value) for value in fresh.variables}


# ---- the weights


@pytest.fixture(params=presets("upscale"))
def preset(request):
    return request.param


@pytest.mark.parametrize("scale", SCALES)
def test_a_plain_picture_stays_plain(preset, scale):
    if preset == "lecture":
        pytest.skip("Everything passes through its code, plain surfaces too.")
    for value in (0.0, 0.2, 0.5, 1.0):
        plain = np.full((11, 14, 3), value, np.float32)
        np.testing.assert_allclose(restoration.upscale(plain, scale, preset=preset), value, atol=1e-5)


def test_no_grid_on_a_smooth_picture(preset):
    """On a ramp no row or column of the stride's phases is brighter than the others."""
    ramp = np.linspace(0.2, 0.8, 48, dtype=np.float32)[None, :, None]
    ramp = np.repeat(np.repeat(ramp, 40, axis=0), 3, axis=2)
    for scale in SCALES:
        rows = restoration.upscale(ramp, scale, preset=preset)[10 * scale : 30 * scale, 12 * scale : 36 * scale]
        error = rows - resize(ramp, 40 * scale, 48 * scale)[10 * scale : 30 * scale, 12 * scale : 36 * scale]
        phases = error.reshape(20, scale, 24, scale, 3).mean(axis=(0, 2))
        assert np.ptp(phases, axis=(0, 1)).max() < (0.02 if preset == "lecture" else 1 / 255)


@pytest.mark.parametrize("scale", SCALES)
def test_tiled_is_whole(scale):
    card = card_for("upscale", "faithful")
    image = sample("Motorcycle").pixels[50:210, 50:250]
    whole = Model(card, "float32", tile=512, scale=scale)(image)
    tiled = Model(card, "float32", tile=96, scale=scale)(image)
    assert whole.shape == (scale * 160, scale * 200, 3)
    np.testing.assert_allclose(tiled, whole, atol=1e-5)


def test_every_size_comes_back_exactly():
    for scale in SCALES:
        for height in range(1, 25):
            width = 25 - height
            assert restoration.upscale(RNG.random((height, width, 3), np.float32), scale).shape == (
                scale * height,
                scale * width,
                3,
            )


@pytest.mark.parametrize("scale", [1.1, 1.5, 2.5, 3.7, 5, 8])
def test_any_scale_is_reached(preset, scale):
    image = cat(20, 31)
    enlarged = restoration.upscale(image, scale, preset=preset)
    assert enlarged.shape == (round(20 * scale), round(31 * scale), 3)
    assert enlarged.dtype == np.float32
    assert 0 <= enlarged.min() <= enlarged.max() <= 1
    assert metrics.psnr(resize(enlarged, 20, 31), image) > (18 if preset == "lecture" else 30)


def test_a_width_is_met():
    assert restoration.upscale(cat(20, 31), None, width=77).shape == (50, 77, 3)


def test_gray_stays_gray(preset):
    gray = cat()[..., :1]
    one = restoration.upscale(gray, 2, preset=preset)
    assert one.shape == (80, 104, 1)
    three = restoration.upscale(np.repeat(gray, 3, axis=2), 2, preset=preset)
    np.testing.assert_array_equal(three, np.repeat(one, 3, axis=2))


@pytest.mark.parametrize(
    ("preset", "degraded", "gains"), [("faithful", False, FAITHFUL_GAINS), ("photo", True, PHOTO_GAINS)]
)
def test_it_is_better_than_bicubic(preset, degraded, gains):
    for scale, least in zip(SCALES, gains, strict=True):
        found = [(small, large) for small, large in sample_pairs(scale, degraded=degraded) if large.shape[0] < 500]
        gained = [
            metrics.luma_scores(restoration.upscale(small, scale, preset=preset), large, scale)[0]
            - metrics.luma_scores(np.clip(resize(small, *large.shape[:2]), 0, 1), large, scale)[0]
            for small, large in found
        ]
        assert np.mean(gained) > least


def test_the_self_ensemble_is_better_than_one_run():
    ((small, large),) = [(shrink(cat(96, 120), 2), cat(96, 120))]
    one, eight = (restoration.upscale(small, 2, ensemble=ensemble) for ensemble in (False, True))
    assert metrics.psnr(eight, large) > metrics.psnr(one, large)


def test_cost_is_within_the_limit():
    import keras

    for preset in ("faithful", "photo"):
        assert card_for("upscale", preset).gflop_per_megapixel / 16 <= 120
    network = keras_runtime.build_network(card_for("upscale", "faithful"))
    assert any(isinstance(layer, keras.layers.Conv2DTranspose) for layer in network.layers)


# ---- limits


@pytest.mark.parametrize("scale", [0, 1, 1.09, 8.1, float("nan"), -2, None])
def test_a_scale_out_of_range_is_one_sentence(scale):
    with pytest.raises(restoration.ImageError, match=r"scale is .* 1\.1 and 8"):
        restoration.upscale(cat(), scale)


def test_a_result_beyond_the_limit_is_refused_before_the_work():
    image = np.broadcast_to(np.float32(0.5), (3000, 3000, 3))
    with pytest.raises(restoration.ImageError, match=r"144 megapixels; the limit is 100"):
        restoration.upscale(image, 4, progress=lambda done, total: pytest.fail("the work began"))
    with pytest.raises(restoration.ImageError, match="width is 9; it must be a number between 11 and 80"):
        size_of_result(10, 10, width=9)
    with pytest.raises(restoration.ImageError, match="The preset to upscale is 'magic'; choose one of faithful,"):
        restoration.upscale(cat(), 2, preset="magic")


@pytest.mark.parametrize("network", [{"preset": "faithful"}, {"preset": "photo", "blend": 0.5}], ids=["one", "two"])
def test_progress_is_whole_and_ends_the_work(network):
    seen = []
    restoration.upscale(cat(20, 26), 6, **network, progress=lambda done, total: seen.append((done, total)))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[0][0] == 0
    assert seen[-1][0] == seen[-1][1]

    def cancel(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restoration.upscale(cat(), 2, **network, progress=cancel)


# ---- two networks


def test_a_blend_is_the_weighted_mean_of_both_and_its_ends_are_one_network_bit_for_bit(monkeypatch):
    photo, faithful = (restoration.upscale(cat(), 2.5, preset=preset) for preset in ("photo", "faithful"))
    assert abs(photo - faithful).max() > 0.02
    run, names = Model.__call__, []

    def note(self, *given, **named):
        names.append(self.card.preset)
        return run(self, *given, **named)

    monkeypatch.setattr(Model, "__call__", note)
    for blend, exact, used in ((0, photo, ["photo"]), (1, faithful, ["faithful"])):
        names.clear()
        np.testing.assert_array_equal(restoration.upscale(cat(), 2.5, preset="photo", blend=blend), exact)
        assert names == used
    for blend in (0.5, 0.2):
        blended = restoration.upscale(cat(), 2.5, preset="photo", blend=blend)
        np.testing.assert_allclose(blended, (1 - blend) * photo + blend * faithful, atol=1e-6)


def test_only_photo_is_blended():
    with pytest.raises(restoration.ImageError, match=r"blend is 0\.5, a share of faithful .* choose the preset photo"):
        restoration.upscale(cat(), 2, blend=0.5)
    with pytest.raises(restoration.ImageError, match=r"blend is 1\.5; it must be a number between 0 and 1"):
        restoration.upscale(cat(), 2, preset="photo", blend=1.5)


# ---- the spectrum


@pytest.mark.parametrize("name", SCORED)
def test_an_enlarged_or_blurred_picture_is_found_out(name):
    import cv2

    truth = sample(name).pixels
    height, width = truth.shape[:2]
    assert detail_limit(truth) == 1
    assert detail_limit(np.clip(resize(truth, 3 * height, 3 * width), 0, 1)) < 0.6
    assert detail_limit(cv2.GaussianBlur(truth, (0, 0), 2).reshape(truth.shape)) < 0.5
    assert detail_limit(truth[:20, :20]) == detail_limit(np.full_like(truth, 0.5)) == 1


# ---- files


def test_a_file_is_enlarged_with_its_alpha_and_its_metadata(tmp_path, capsys):
    alpha = np.zeros((40, 52), np.uint8)
    alpha[10:30, 12:40] = 255
    rgb = np.dstack([np.rint(cat() * 255).astype(np.uint8), alpha])
    exif = Image.Exif()
    exif[0x8769] = {0xA002: 52, 0xA003: 40, 0x829A: 0.01}
    Image.fromarray(rgb).save(tmp_path / "small.png", exif=exif, dpi=(300, 300))
    target = tmp_path / "large.png"
    assert (
        main(["upscale", str(tmp_path / "small.png"), str(target), "--scale", "3", "--metadata", "all", "--json"]) == 0
    )
    report = json.loads(capsys.readouterr().out)
    (step,) = report["steps"]
    assert list(step["networks"]) == [card_for("upscale", "faithful").name]
    assert step["settings"]["scale"] == 3
    large = Photo.open(target)
    assert large.pixels.shape == (120, 156, 3)
    assert large.alpha[60, 75] == 1
    assert large.alpha[10, 10] == 0
    assert 0 < (large.alpha > 0).mean() - (alpha > 0).mean() < 0.05  # a soft edge, no wider than a pixel of before
    with Image.open(target) as file:
        details = file.getexif().get_ifd(0x8769)
        assert (details[0xA002], details[0xA003]) == (156, 120)
        assert details[0x829A] == pytest.approx(0.01)
        assert round(file.info["dpi"][0]) == 300


def test_xmp_states_the_new_size():
    packet = b'<x exif:PixelXDimension="52" tiff:ImageLength="40"><exif:PixelYDimension>40</exif:PixelYDimension></x>'
    photo = Photo(cat(), xmp=packet).with_pixels(np.zeros((80, 104, 3), np.float32))
    assert photo.xmp == packet.replace(b"52", b"104").replace(b"40", b"80")


def test_the_command_reaches_a_width_and_fails_in_one_sentence(tmp_path, capsys):
    file = io.BytesIO()
    Image.fromarray(np.rint(cat()[..., 0] * 255).astype(np.uint8)).save(file, "PNG")
    (tmp_path / "gray.png").write_bytes(file.getvalue())
    source, target = str(tmp_path / "gray.png"), tmp_path / "out.png"
    assert main(["upscale", source, str(target), "--width", "100", "--preset", "photo", "--blend", "0.5"]) == 0
    assert Photo.open(target).pixels.shape == (77, 100, 1)
    capsys.readouterr()
    for wrong, status in (
        (["--scale", "9"], 2),
        (["--preset", "magic"], 2),
        (["--blend", "0.5"], 2),
        (["--width", "20"], 1),  # wrong for this photograph alone
        (["--upscale-max-megapixels", "0.001"], 1),
    ):
        assert main(["upscale", source, str(tmp_path / "none.png"), *wrong]) == status
        assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "none.png").exists()
