"""Another domain: a classifier of labelled pictures is adapted to other ones without labels; the live experiment."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from restoration.explore.datasets import DataSet
from restoration.explore.foreign_pictures import fitted
from restoration.image.checks import ImageError, check_whole
from restoration.image.types import Array

if TYPE_CHECKING:  # it loads Keras
    from restoration.explore.small_autoencoders import Autoencoder

EPOCHS, BATCH, LEARNING_RATE = 10, 64, 0.001
WIDTHS, KERNEL, CODE_SIZE = (16, 32), 5, 128
NOISE = 0.2  # share of the pixels that are hidden from the encoder while it learns to reconstruct
TURN, SCALE, SHIFT = 15.0, 0.2, 0.07  # degrees, share of the size, share of the side: how far a picture is moved
TESTED = 1000
MEASURED = 1000  # images whose statistics a domain is normalised by
KINDS = ("source", "adapted", "target")


def shared_encoder(shape: tuple[int, ...], classes: int, *, seed: int = 0) -> tuple["Autoencoder", Any]:
    """Build an autoencoder and a classifier that have one encoder in common.

    Its convolutions are normalised by batch (Ioffe and Szegedy 2015, arXiv:1502.03167): while it trains each domain
    by its own batches, afterwards by what `use_statistics_of` was given.

    Parameters
    ----------
    shape : tuple of int
        (h, w, c) of an image.
    classes : int
        At least 2.
    seed : int
        Of the random weights.

    Returns
    -------
    autoencoder : Autoencoder
    classifier : keras.Model
        Images -> probabilities (n, classes), from the autoencoder's code.

    Raises
    ------
    ImageError
        If there are fewer than two classes.
    """
    import keras
    from keras import layers

    from restoration.explore.few_labels import pretrained_classifier
    from restoration.explore.small_autoencoders import Autoencoder, build

    if len(shape) != 3:
        raise ImageError(f"Convolutions need pictures of shape (h, w, c), not {shape}.")
    decoder = build("convolutional", shape, CODE_SIZE, hidden=WIDTHS, seed=seed).decoder

    def initializer(place: int) -> Any:
        return keras.initializers.GlorotUniform(1000 * seed + 100 + place)

    image = features = keras.Input(shape, name="image")
    # Named, since Keras counts the names that it gives by itself anew in each thread.
    for level, width in enumerate(WIDTHS):  # (n, h, w, c) -> (n, h/2, w/2, width)
        features = layers.Conv2D(
            width, KERNEL, 2, "same", use_bias=False, kernel_initializer=initializer(level), name=f"encode{level}"
        )(features)
        # Without momentum it keeps the statistics of the last batch alone; the small epsilon is for faint pictures.
        features = layers.BatchNormalization(momentum=0.0, epsilon=1e-5, name=f"normalize{level}")(features)
        features = layers.ReLU(name=f"rectify{level}")(features)
    features = layers.Flatten(name="flat")(features)
    code = layers.Dense(CODE_SIZE, "relu", kernel_initializer=initializer(len(WIDTHS)), name="code")(features)
    encoder = keras.Model(image, code, name="encoder")
    network = keras.Model(image, decoder(encoder(image)), name="reconstruction")
    autoencoder = Autoencoder("convolutional", encoder, decoder, network, "mean_squared_error")
    return autoencoder, pretrained_classifier(encoder, classes, seed=seed)


def use_statistics_of(encoder: Any, images: Array) -> None:
    """Let a `shared_encoder` normalise by the mean and variance of these images from now on.

    Adaptive batch normalization (Li et al. 2016, arXiv:1603.04779): what changes the features of a whole domain alike,
    such as its contrast, is taken out without any training.

    Parameters
    ----------
    encoder : keras.Model
    images : ndarray of shape (n, h, w, c), float32
    """
    encoder(images, training=True)


def moved(images: Array, random: np.random.Generator) -> Array:
    """Return images that are turned, scaled and shifted a little, each by chance; borders are repeated."""
    side_y, side_x = images.shape[1:3]
    result = np.empty_like(images)
    for index, image in enumerate(images):
        center = ((side_x - 1) / 2, (side_y - 1) / 2)
        scale = 1 + random.uniform(-SCALE, SCALE)
        matrix = np.asarray(cv2.getRotationMatrix2D(center, random.uniform(-TURN, TURN), scale), np.float64)
        matrix[:, 2] += random.uniform(-SHIFT, SHIFT, 2) * (side_x, side_y)
        warped = cv2.warpAffine(image, matrix, (side_x, side_y), borderMode=cv2.BORDER_REPLICATE)
        result[index] = warped.reshape(image.shape)
    return result


@dataclass(frozen=True)
class Adapted:
    """What was found so far.

    Parameters
    ----------
    accuracy : dict of str to tuple of float
        On new images of the new domain, a value of each epoch: "source", trained on the source alone; "normalized",
        the same network with the statistics of the new domain; "adapted", which also reconstructs the new domain;
        "target", trained with its labels.
    at_home : dict of str to float
        Accuracy of "source" and "adapted" on new images of the source.
    losses : tuple of float
        Mean squared error of the reconstruction, an epoch each.
    source, target : DataSet
        New images of both, the latter made to fit.
    guessed : dict of str to ndarray of shape (n,), int
        As `accuracy`: the class of each image of `target`.
    codes : dict of str to (ndarray of shape (n, code_size), ndarray of shape (m, code_size))
        Of `source` and `target` by "source" and by "adapted".
    reconstructed : ndarray of the target's shape
    """

    accuracy: dict[str, tuple[float, ...]]
    at_home: dict[str, float]
    losses: tuple[float, ...]
    source: DataSet = field(repr=False)
    target: DataSet = field(repr=False)
    guessed: dict[str, np.ndarray] = field(repr=False)
    codes: dict[str, tuple[np.ndarray, np.ndarray]] = field(repr=False)
    reconstructed: np.ndarray = field(repr=False)

    def gain(self, over: str) -> float:
        """Return by how much "adapted" is ahead of another, "source" or "normalized": accuracy."""
        return self.accuracy["adapted"][-1] - self.accuracy[over][-1]


def adapted(
    source: DataSet, target: DataSet, *, points: int = 3000, seed: int = 0, epochs: int = EPOCHS
) -> Iterator[Adapted | None]:
    """Adapt a classifier to a new domain by an encoder that also reconstructs the new images, without their labels.

    Deep reconstruction-classification network (Ghifary et al. 2016, arXiv:1607.03516): a step of classification on the
    source and a step of reconstruction on the target in turn, each with its own optimizer; the source moved a little,
    the target with pixels hidden. Beside it the same network on the source alone, and on the target with its labels.

    Parameters
    ----------
    source, target : DataSet
        Of images, with at least two names of classes in common; other classes are left out.
    points : int
        The most training images: the first of the source and the last of the target, so that two sets that are made
        of the same images share none.
    seed : int
    epochs : int
        Each has as many steps as the source has batches.

    Yields
    ------
    Adapted or None
        The former after each epoch.

    Raises
    ------
    ImageError
        If they have fewer than two classes in common, or a domain has no images of these to train on or to test.
    """
    from restoration.explore.autoencoder_trainer import AutoencoderTrainer
    from restoration.explore.optimizers import Adam

    check_whole("The number of points", points, 2)
    known, new, known_test, new_test = _parts(source, target, points)
    random = np.random.default_rng(seed)

    def hide(batch: Array) -> Array:
        return batch * (random.random(batch.shape, np.float32) > NOISE)

    networks = {}
    for kind in KINDS:
        networks[kind] = shared_encoder(known.shape, len(known.label_names), seed=seed)
        networks[kind][1].compile(Adam(LEARNING_RATE), "sparse_categorical_crossentropy")
        yield None
    batch = min(BATCH, len(known), len(new))
    reconstruction = AutoencoderTrainer(
        networks["adapted"][0], new.images, seed=seed, learning_rate=LEARNING_RATE, batch=batch, corrupt=hide
    )
    # Whose network reads the new domain, and by whose statistics it is normalised.
    readers = {
        "source": ("source", known),
        "normalized": ("source", new),
        "adapted": ("adapted", new),
        "target": ("target", new),
    }
    accuracy: dict[str, tuple[float, ...]] = dict.fromkeys(readers, ())
    losses: tuple[float, ...] = ()
    for _ in range(epochs):
        errors = []
        for _ in range(len(known) // batch):
            for kind, (_, classifier) in networks.items():
                data = new if kind == "target" else known
                which = random.integers(0, len(data), batch)
                classifier.train_on_batch(moved(data.images[which], random), data.labels[which])
                yield None
            errors.append(reconstruction.step())
            yield None
        losses = (*losses, float(np.mean(errors)))
        guessed, codes_of_new, at_home, codes = {}, {}, {}, {}
        for name, (kind, data) in readers.items():
            guessed[name], codes_of_new[name] = _read(networks[kind], data, new_test)
            accuracy[name] = (*accuracy[name], float(np.mean(guessed[name] == new_test.labels)))
            yield None
        for kind in ("source", "adapted"):
            classes, codes_of_known = _read(networks[kind], known, known_test)
            at_home[kind] = float(np.mean(classes == known_test.labels))
            codes[kind] = (codes_of_known, codes_of_new[kind])
            yield None
        reconstructed = networks["adapted"][0].decode(codes_of_new["adapted"])
        yield Adapted(dict(accuracy), at_home, losses, known_test, new_test, guessed, codes, reconstructed)


def _read(network, normalized_by, data):
    """Return the classes and the codes of the images of `data`, by the statistics of `normalized_by`."""
    autoencoder, classifier = network
    use_statistics_of(autoencoder.encoder, normalized_by.images[:MEASURED])
    codes = autoencoder.encode(data.images)
    return np.asarray(classifier.get_layer("classes")(codes)).argmax(axis=1), codes


def _parts(source, target, points):
    """Return the training and the test parts of the classes in common: known, new, known_test, new_test."""
    names = tuple(name for name in source.label_names if name in target.label_names)
    if len(names) < 2:
        raise ImageError(
            f"The classes of the new domain are {_listed(target.label_names)}, those of the known one "
            f"{_listed(source.label_names)}; at least two must have the same names."
        )
    new = target.train
    new = replace(new, images=new.images[-points:], labels=new.labels[-points:], points=new.points[-points:])
    parts = [
        _of_classes(part, names)
        for part in (source.train.first(points), new, source.test.first(TESTED), target.test.first(TESTED))
    ]
    if not all(map(len, parts)):
        raise ImageError("A domain has no pictures of the common classes to learn from, or none to test; give more.")
    return [replace(part, images=fitted(part.images, source.shape)) for part in parts]


def _of_classes(data, names):
    """Return the images of the named classes, with labels that are indices into `names`."""
    index = np.array([names.index(name) if name in names else -1 for name in data.label_names])[data.labels]
    kept = index >= 0
    count = int(kept[: data.train_count].sum())
    return DataSet(data.name, data.images[kept], index[kept], names, count, data.points[kept])


def _listed(names, most=5):
    return ", ".join(names[:most]) + (", ..." if len(names) > most else "")
