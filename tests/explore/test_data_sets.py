"""The data sets and the family of autoencoders, against what is known of them."""

import gzip

import numpy as np
import pytest
from keras import ops

from restoration import explore
from restoration.explore import datasets, small_autoencoders
from restoration.explore.autoencoder_trainer import AutoencoderTrainer
from restoration.explore.sets import __main__ as making
from restoration.explore.small_autoencoders import build
from restoration.explore.variational import kl_divergence
from restoration.image.checks import ImageError

SHAPES = {
    "digits": (12_000, 28, 28, 1),
    "fashion": (12_000, 28, 28, 1),
    "digits8": (1797, 8, 8, 1),
    "faces": (100, 25, 25, 1),
    "photos": (416, 64, 64, 3),
}


@pytest.fixture(scope="module")
def few():
    return datasets.load("digits8").train.images[:256]


@pytest.mark.parametrize("name", datasets.LOADERS)
def test_sets_are_what_they_say(name):
    data = datasets.load(name)
    assert data.images.shape == SHAPES[name]
    assert data.images.dtype == np.float32
    assert data.images.min() >= 0
    assert 0.9 < data.images.max() <= 1
    assert len(data.train) + len(data.test) == len(data) == len(data.labels)
    assert set(data.labels) == set(range(len(data.label_names)))
    assert not {image.tobytes() for image in data.train.images} & {image.tobytes() for image in data.test.images}
    assert datasets.load(name) is data
    with pytest.raises(ValueError, match="read-only"):
        data.images[0] = 0


def test_an_unknown_set_is_a_sentence():
    with pytest.raises(ImageError, match=r"The data set is 'cats'; choose one of digits, fashion, .*\."):
        datasets.load("cats")
    with pytest.raises(ImageError, match=r"The data set is \['digits'\]; choose one of"):
        datasets.load(["digits"])


def test_sets_are_made_from_their_sources(tmp_path):
    images = np.arange(2 * 28 * 28, dtype=np.uint8).reshape(2, 28, 28)
    for part in ("train", "t10k"):
        for what, array in (("images-idx3", images), ("labels-idx1", np.array([3, 7], np.uint8))):
            head = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
            (tmp_path / f"{part}-{what}-ubyte.gz").write_bytes(gzip.compress(head + array.tobytes()))
    path = making.write("small", *making.fashion(tmp_path), folder=tmp_path)
    with np.load(path) as made:
        assert np.array_equal(made["images"], np.concatenate([images, images]))
        assert made["labels"].tolist() == [3, 7, 3, 7]


@pytest.mark.parametrize("kind", small_autoencoders.KINDS)
@pytest.mark.parametrize("shape", [(8, 8, 1), (25, 13, 3), (1, 5, 1)])
def test_every_kind_takes_every_shape(kind, shape):
    autoencoder = build(kind, shape, 3, hidden=(6, 5))
    images = np.random.default_rng(0).random((4, *shape), np.float32)
    codes = autoencoder.encode(images)
    assert codes.shape == (4, 3)
    assert autoencoder.decode(codes).shape == images.shape
    assert (autoencoder.shape, autoencoder.code_size) == (shape, 3)
    assert np.allclose(autoencoder.network(images, training=False), autoencoder.decode(codes), atol=1e-5)
    assert autoencoder.encode(images[:0]).shape == (0, 3)


@pytest.mark.parametrize("upscaling", ["transpose", "upsample"])
def test_decoders_double_by_the_layers_of_the_house(upscaling):
    decoder = build("convolutional", (28, 28, 1), 4, upscaling=upscaling).decoder
    kinds = [type(layer).__name__ for layer in decoder.layers]
    assert kinds.count({"transpose": "Conv2DTranspose", "upsample": "UpSampling2D"}[upscaling]) == 2


def test_the_linear_one_is_linear():
    autoencoder = build("linear", (6, 6, 1), 2)
    one, other = np.random.default_rng(0).random((2, 1, 6, 6, 1), np.float32)
    middle = (autoencoder.encode(one) + autoencoder.encode(other)) / 2
    assert np.allclose(autoencoder.encode((one + other) / 2), middle, atol=1e-6)


def test_a_table_gets_dense_layers_and_a_linear_output():
    rows = np.random.default_rng(0).normal(size=(20, 49)).astype(np.float32)
    for kind in ("linear", "deep", "variational"):
        assert build(kind, (49,), 2).reconstruct(rows).shape == rows.shape
    assert build("deep", (49,), 2).reconstruct(10 * rows).min() < 0
    with pytest.raises(ValueError, match="Convolutions need pictures"):
        build("convolutional", (49,), 2)


def test_unknown_choices_are_refused():
    for wrong in ({"kind": "sparse"}, {"kind": "variational", "body": "wood"}, {"kind": "deep", "upscaling": "magic"}):
        with pytest.raises(ValueError, match="choose"):
            build(**{"shape": (8, 8, 1), "code_size": 2} | wrong)


def test_a_seed_gives_the_same_network_and_another_does_not(few):
    codes = [build("convolutional", (8, 8, 1), 2, seed=seed).encode(few[:5]) for seed in (1, 1, 2)]
    assert np.array_equal(codes[0], codes[1])
    assert not np.allclose(codes[0], codes[2])


def test_kl_is_the_closed_form():
    """Against the definition, integrated numerically, and the value that is known by heart."""
    mean, log_variance = np.array([[0.7, -1.2]]), np.array([[0.3, -0.8]])
    x = np.linspace(-12, 12, 20_001)
    expected = 0.0
    for m, v in zip(mean[0], np.exp(log_variance[0]), strict=True):
        q = np.exp(-((x - m) ** 2) / (2 * v)) / np.sqrt(2 * np.pi * v)
        log_ratio = (-((x - m) ** 2) / v - np.log(v) + x**2) / 2
        expected += np.trapezoid(q * log_ratio, x)
    assert float(kl_divergence(mean, log_variance)[0]) == pytest.approx(expected, abs=1e-5)
    assert float(kl_divergence(np.zeros((1, 4)), np.zeros((1, 4)))[0]) == 0


def test_the_variational_loss_is_cross_entropy_plus_kl(few):
    autoencoder = build("variational", (8, 8, 1), 2, hidden=(4,), kl_weight=0.5)
    network = autoencoder.network
    reconstructed = np.clip(autoencoder.reconstruct(few), 1e-7, 1 - 1e-7)
    entropy = -(few * np.log(reconstructed) + (1 - few) * np.log(1 - reconstructed)).mean()
    inner = network.get_layer("draw")
    network(few, training=False)
    posterior = [ops.convert_to_numpy(tensor) for tensor in _posterior(network, few)]
    kl = 0.5 * ops.convert_to_numpy(kl_divergence(*posterior)).mean() / 64
    assert float(inner.losses[0]) == pytest.approx(kl, rel=1e-4)
    network.compile(loss=autoencoder.loss, jit_compile=False)
    assert network.evaluate(few, few, batch_size=len(few), verbose=0) == pytest.approx(entropy + kl, rel=1e-4)


def _posterior(network, images):
    import keras

    return keras.Model(network.input, network.get_layer("draw").input)(images)


def test_draws_differ_while_training_only(few):
    network = build("variational", (8, 8, 1), 2, hidden=(4,)).network
    assert np.allclose(network(few, training=False), network(few, training=False))
    assert not np.allclose(network(few, training=True), network(few, training=True), atol=1e-4)


@pytest.mark.parametrize("kind", small_autoencoders.KINDS)
def test_training_lowers_the_loss_and_a_seed_repeats_it(kind, few):
    def losses():
        trainer = AutoencoderTrainer(
            build(kind, (8, 8, 1), 4, hidden=(16, 8)), few, seed=3, learning_rate=3e-3, batch=64
        )
        return [trainer.epoch() for _ in range(4)]

    first = losses()
    assert first[-1] < first[0]
    assert losses() == pytest.approx(first, rel=1e-4)


def test_an_epoch_is_its_steps_and_can_be_interrupted(few):
    trainer = AutoencoderTrainer(build("linear", (8, 8, 1), 2), few, batch=100)
    assert trainer.steps_per_epoch == 2
    seen = []
    trainer.epoch(lambda done, total: seen.append((done, total)))
    assert seen == [(1, 2), (2, 2)]

    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        trainer.epoch(stop)
    assert (trainer.epochs, trainer.steps) == (1, 3)
    trainer.epoch()
    assert (trainer.epochs, trainer.steps, len(trainer.losses)) == (2, 4, 2)


ONES = np.ones((4, 8, 8, 1), np.float32)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (lambda: explore.build("deep", (8, 8, 1), 0), "code size is 0; .* at least 1"),
        (lambda: explore.build("deep", (8, 8, 1), 2.5), "code size is 2.5"),
        (lambda: explore.build("deep", (8, -8, 1), 2), "A side of the shape .* is -8"),
        (lambda: explore.AutoencoderTrainer(explore.build("linear", (8, 8, 1), 2), ONES[:0]), "at least one"),
        (
            lambda: explore.AutoencoderTrainer(explore.build("linear", (8, 8, 1), 2), ONES[:, :6]),
            r"\(number, 8, 8, 1\)",
        ),
        (lambda: explore.AutoencoderTrainer(explore.build("linear", (8, 8, 1), 2), ONES, batch=0), "batch is 0"),
        (lambda: explore.Settings("variational"), "kind is 'variational'; choose one of linear"),
        (lambda: explore.Settings("deep", depth=0), "depth is 0; .* from 1 to 3"),
        (lambda: explore.Settings(code_size=None), "code size is None"),
        (lambda: explore.Settings(learning_rate=0.0), "learning rate is 0.0"),
        (lambda: explore.Settings(learning_rate=float("nan")), "learning rate is nan"),
        (lambda: explore.LiveTraining(datasets.load("digits8"), explore.Settings(), points=-5), "points is -5"),
        (lambda: explore.LiveTraining(datasets.load("digits8"), explore.Settings()).start(0), "epochs is 0"),
        (lambda: explore.t_sne(np.zeros((3, 2))), r"at least 4 codes.*\(3, 2\)"),
        (lambda: explore.t_sne(np.full((9, 2), np.nan)), "not finite"),
        (lambda: explore.read_table("table.csv"), "read_bytes"),
        (lambda: explore.read_image_set([], side=0), "side is 0"),
    ],
)
def test_an_odd_argument_is_one_sentence_before_anything_begins(asked, words):
    with pytest.raises(ImageError, match=words) as found:
        asked()
    assert "\n" not in str(found.value)
