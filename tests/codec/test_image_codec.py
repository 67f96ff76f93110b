"""From an image to bits and back, by a small network that is not trained."""

import keras
import numpy as np
import pytest
from codec.small_codec import CONFIG, install, some_image

from restoration import networks
from restoration.codec import entropy_coder
from restoration.codec.container import Compressed
from restoration.codec.entropy_coder import Tables
from restoration.codec.image_codec import ImageCodec
from restoration.inference.card import WeightsError
from restoration.networks.compression_autoencoder import COUNT_BITS, PARTS, counts_of
from restoration.photo import PhotoError
from restoration.tasks import compress as task


@pytest.fixture(scope="module")
def network(codec):
    network = networks.compression_autoencoder(**CONFIG)
    network.load_weights(codec.card.weights())
    return network


def test_the_network_s_own_symbols_decode_to_its_image(codec, network):
    """Rounding decides ties by the last digit, so image and bits are compared from one set of symbols."""
    image = some_image(128, 192)
    given = np.concatenate([image, np.full((128, 192, 1), 2.5, np.float32)], axis=-1)
    rounded = [network.get_layer(name).output for name in ("hyper_code", "code")]
    hyper_code, code, said = (
        keras.ops.convert_to_numpy(one)[0]
        for one in keras.Model(network.input, [*rounded, network.output])(given[None])
    )
    assert max(np.abs(hyper_code).max(), np.abs(code).max()) <= codec.tables.largest  # nothing is clipped
    symbols = (hyper_code.astype(np.int32), code.astype(np.int32))
    data = entropy_coder.encode(*symbols, codec.indices, codec.tables)
    decoded = codec.decode(data, 128, 192, 2.5)
    np.testing.assert_allclose(decoded, np.clip(said[..., :3], 0, 1), atol=1e-5)
    # The network counts with scales between the tables' rows.
    assert 8 * len(data) == pytest.approx(said[..., 3].sum(), rel=0.25)


def test_the_file_holds_the_nearest_symbols(codec, network):
    image, quality = some_image(128, 192), 2.5
    shape = (2, 3, CONFIG["hyper_width"])
    hyper_code, code = entropy_coder.decode(codec.encode(image, quality), shape, codec.indices, codec.tables)
    run = {part: networks.codec_part(network, part) for part in PARTS}
    gain = network.get_layer("gain")
    scaled = gain([run["analysis"](image[None]), np.full((1, 1, 1, 1), quality, np.float32)])
    exact_hyper_code = keras.ops.convert_to_numpy(run["hyper_analysis"](scaled))[0]
    exact_code = keras.ops.convert_to_numpy(scaled - run["means"](hyper_code[None].astype(np.float32)))[0]
    assert np.abs(exact_hyper_code).max() > 1  # so that there is something to get wrong
    assert np.abs(exact_code).max() > 1
    np.testing.assert_allclose(hyper_code, exact_hyper_code, rtol=0, atol=0.5 + 1e-4)
    np.testing.assert_allclose(code, exact_code, rtol=0, atol=0.5 + 1e-4)


@pytest.mark.parametrize(("height", "width"), [(1, 1), (63, 65), (100, 150)])
def test_any_size_comes_back(codec, height, width):
    image = some_image(height, width)
    decoded = codec.decode(codec.encode(image, 0), height, width, 0)
    assert decoded.shape == (height, width, 3)
    assert 0 <= decoded.min() <= decoded.max() <= 1


def test_tiles_give_the_bits_of_the_whole(codec):
    image = some_image(400, 500)
    small = ImageCodec(codec.card, precision="float32", tile=256)
    data = codec.encode(image, 4)
    assert small.encode(image, 4) == data
    np.testing.assert_allclose(small.decode(data, 400, 500, 4), codec.decode(data, 400, 500, 4), atol=1e-5)


def test_work_is_cancelled_between_tiles(codec):
    def stop(done, _total):
        if done:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        ImageCodec(codec.card, precision="float32", tile=256).encode(some_image(400, 500), 4, stop)


def test_rows_of_the_tables_are_those_of_the_network(codec, network):
    hyper_code = np.random.default_rng(0).integers(-9, 9, (4, 5, CONFIG["hyper_width"]))
    scales = keras.Model(network.get_layer("scales_up0").input, network.get_layer("scales").output)
    raw = keras.ops.convert_to_numpy(scales(hyper_code[None].astype(np.float32)))[0]
    rows = codec.indices(hyper_code)
    expected = np.clip(np.rint(10 * raw), 0, 63)
    assert np.abs(rows - expected).max() <= 1
    assert (rows == expected).mean() > 0.95
    assert len(np.unique(rows)) > 20  # so that there is something to get wrong


def test_counts_are_whole_and_add_up():
    probabilities = np.random.default_rng(0).random((5, 511)) ** 20
    counts = counts_of(probabilities)
    assert counts.min() >= 1
    assert (counts.astype(np.int64).sum(axis=1) == 2**COUNT_BITS).all()
    assert (counts == np.rint(counts)).all()


def test_numbers_beyond_the_tables_are_clipped():
    tables = Tables(np.ones((1, 5)), np.ones((1, 5)))
    assert tables.clip(np.array([-9, -2, 0, 7])).tolist() == [-2, -2, 0, 2]


FILE = Compressed(b"sixsix", 3, 64, 640, 480, b"payload!")


def test_a_file_is_read_as_it_was_written():
    assert Compressed.from_bytes(FILE.to_bytes(), max_megapixels=1) == FILE


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no .ldc file"),
        (b"\xff\xd8\xff\xe0 a JPEG", "no .ldc file"),
        (FILE.to_bytes()[:12], "cut off"),
        (FILE.to_bytes()[:-5], "cut off or changed"),
        (FILE.to_bytes().replace(b"payload", b"payl0ad"), "cut off or changed"),
        (b"LDC\x07" + FILE.to_bytes()[4:], "version 7"),
        (Compressed(b"sixsix", 3, 64, 60000, 60000, b"").to_bytes(), "60000 x 60000"),
    ],
)
def test_what_is_no_file_is_one_sentence(data, said):
    with pytest.raises(PhotoError, match=said) as refusal:
        Compressed.from_bytes(data, max_megapixels=50)
    assert len(str(refusal.value)) < 300


@pytest.fixture
def installed(codec, monkeypatch):
    install(codec, monkeypatch)


@pytest.mark.parametrize("channels", [1, 3])
def test_the_task_gives_back_size_and_channels(installed, channels):
    image = some_image(70, 90)[..., :channels]
    decoded = task.decompress(task.compress(image, 2))
    assert decoded.shape == image.shape
    assert decoded.dtype == np.float32


def test_the_task_refuses_a_quality_beyond_the_last(installed):
    with pytest.raises(ValueError, match="quality is 7; it must be a number between 1 and 6"):
        task.compress(some_image(), 7)


def test_without_a_network_it_is_said(monkeypatch):
    monkeypatch.setattr(task, "models", lambda: [])
    with pytest.raises(WeightsError, match="not installed"):
        task.compress(some_image(), 4)


def test_the_task_refuses_files_of_other_weights(installed):
    with pytest.raises(PhotoError, match="not installed"):
        task.decompress(FILE.to_bytes())


def test_the_map_of_bits_adds_up_to_the_file(installed):
    data = task.compress(some_image(128, 192), 5)
    code = task.code_of(data)
    assert code.bits.shape == code.numbers.shape[:2] == (8, 12)
    assert code.bits.sum() == pytest.approx(8 * len(Compressed.from_bytes(data, max_megapixels=1).payload), rel=0.02)
