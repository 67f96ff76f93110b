"""The data sets of the exploration pages: small images with classes, none of them downloaded.

Digits and clothes lie in ``sets/`` (its README says where they come from); the others come with scikit-learn and
scikit-image.
"""

from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path

import cv2
import numpy as np

from restoration.image.checks import check_one_of
from restoration.image.types import Array, Image
from restoration.photo.sample_photos import SAMPLES, packaged_photo

SETS = Path(__file__).parent / "sets"

FASHION_NAMES = (
    "T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot",
)  # fmt: skip

# Crops of photographs: their side, and the short sides that each photograph is first reduced to.
CROP, CROP_STEP, SHORT_SIDES = 64, 32, (64, 96, 144, 208)
# Package and file of the photographs that crops are cut from; those of the last two are the test part.
PHOTOGRAPHS = {
    "astronaut": SAMPLES["Astronaut"],
    "coffee": SAMPLES["Coffee cup"],
    "motorcycle": SAMPLES["Motorcycle"],
    "rocket": ("skimage", "data/rocket.jpg"),
    "temple": SAMPLES["Temple"],
    "cat": SAMPLES["Cat"],
    "flower": SAMPLES["Flower"],
}
TEST_PHOTOGRAPHS = 2
BACKGROUND_SHORT_SIDE = 144  # of the photographs that digits are laid over

# Shape of an image of each set, known without loading it.
SHAPES = {
    "digits": (28, 28, 1),
    "fashion": (28, 28, 1),
    "digits8": (8, 8, 1),
    "digits-on-photos": (28, 28, 1),
    "faces": (25, 25, 1),
    "photos": (CROP, CROP, 3),
}

TEST_SHARE = 0.2  # of uploaded data
FACES, TEST_FACES = 100, 20  # of lfw_subset: the first half are faces, the other half are not


@dataclass(frozen=True, eq=False)
class DataSet:
    """Images (or rows of a table) with their classes.

    Parameters
    ----------
    name : str
        What `load` knows it by; for uploaded data, a title.
    images : ndarray of shape (n, h, w, c), float32 in [0, 1]
        A table has the shape (n, columns), standardised.
    labels : ndarray of shape (n,), int
        Index into `label_names`.
    label_names : tuple of str
    train_count : int
        The first so many are for training, the rest for testing.
    points : ndarray of shape (n,), optional
        What each is called where it came from: the name of its file, or the number of its row; numbers when omitted.
    """

    name: str
    images: Array
    labels: np.ndarray
    label_names: tuple[str, ...]
    train_count: int
    points: np.ndarray | None = None

    def __post_init__(self) -> None:
        """Give each point its number as a name where there are no names."""
        if self.points is None:
            object.__setattr__(self, "points", np.arange(len(self.images)))

    def __len__(self) -> int:
        return len(self.images)

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of one image, (h, w, c)."""
        return self.images.shape[1:]

    @property
    def train(self) -> "DataSet":
        """The part for training, a DataSet."""
        return self._part(slice(None, self.train_count), self.train_count)

    @property
    def test(self) -> "DataSet":
        """The part that nothing is trained on, a DataSet."""
        return self._part(slice(self.train_count, None), 0)

    def first(self, count: int) -> "DataSet":
        """Return the first so many, a DataSet."""
        return self._part(slice(count), min(count, self.train_count))

    def _part(self, which, train_count):
        parts = {name: getattr(self, name)[which] for name in ("images", "labels", "points")}
        return replace(self, **parts, train_count=train_count)


def shuffled(
    name: str,
    images: Array,
    labels: np.ndarray,
    label_names: tuple[str, ...],
    *,
    points: np.ndarray,
    seed: int,
) -> DataSet:
    """Return uploaded data in random order, of which the last fifth is the test part.

    Parameters
    ----------
    name, images, labels, label_names, points
        As of `DataSet`.
    seed : int
        Of the order.

    Returns
    -------
    DataSet
    """
    order = np.random.default_rng(seed).permutation(len(images))
    train_count = len(images) - int(TEST_SHARE * len(images))
    return DataSet(name, images[order], labels[order], label_names, train_count, points[order])


def load(name: str) -> DataSet:
    """Return one of the data sets that come with the project.

    Parameters
    ----------
    name : {"digits", "fashion", "digits8", "digits-on-photos", "faces", "photos", "cancer"}
        MNIST and Fashion-MNIST (12000 of 28 x 28 each), scikit-learn's digits (1797 of 8 x 8), MNIST over patches of
        photographs (12000 of 28 x 28, gray), scikit-image's faces (100 of 25 x 25), crops of sample photographs (64 x
        64, colour), scikit-learn's table of breast cancer (569 rows of 30 standardised columns).

    Returns
    -------
    DataSet
        The same object for every caller; its arrays are not to be written to.

    Raises
    ------
    ImageError
        If there is no such set; the message lists those that exist.
    """
    check_one_of("The data set", name, LOADERS)
    return _load(name)


@cache
def _load(name):
    data = LOADERS[name](name)
    data.images.flags.writeable = data.labels.flags.writeable = False
    return data


def _embedded(name, label_names):
    with np.load(SETS / f"{name}.npz") as archive:
        images, labels, train_count = archive["images"], archive["labels"], int(archive["train_count"])
    return DataSet(name, images[..., None] / np.float32(255), labels.astype(int), label_names, train_count)


def _small_digits(name):
    """Load the test images of UCI's handwritten digits, as scikit-learn has them; the last fifth is for testing."""
    from sklearn.datasets import load_digits

    digits = load_digits()
    images = (digits.images[..., None] / 16).astype(np.float32)
    return DataSet(name, images, digits.target.astype(int), tuple("0123456789"), len(images) * 4 // 5)


def _digits_on_photos(name):
    """Lay MNIST over patches of gray photographs by their difference, as MNIST-M is made.

    Ganin and Lempitsky 2015, arXiv:1409.7495. The patches of the test part are of photographs of its own.
    """
    digits = _load("digits")
    names = list(PHOTOGRAPHS)
    backgrounds = [_reduced(photograph(one), BACKGROUND_SHORT_SIDE).mean(axis=-1, keepdims=True) for one in names]
    parts = [backgrounds[:-TEST_PHOTOGRAPHS], backgrounds[-TEST_PHOTOGRAPHS:]]
    random = np.random.default_rng(0)
    images = np.empty_like(digits.images)
    for index, digit in enumerate(digits.images):
        part = parts[index >= digits.train_count]
        background = part[random.integers(len(part))]
        row, column = (
            random.integers(whole - side + 1) for whole, side in zip(background.shape, digit.shape[:2], strict=False)
        )
        images[index] = np.abs(background[row : row + digit.shape[0], column : column + digit.shape[1]] - digit)
    return replace(digits, name=name, images=images, labels=digits.labels.copy())


def _faces(name):
    """Load a small part of Labeled Faces in the Wild (Huang et al. 2007), as scikit-image has it."""
    faces = np.load(files("skimage.data") / "lfw_subset.npy")[:FACES, ..., None].astype(np.float32)
    return DataSet(name, faces, np.zeros(FACES, int), ("face",), FACES - TEST_FACES)


def _photos(name):
    crops = [_crops(photograph(one)) for one in PHOTOGRAPHS]
    labels = np.repeat(np.arange(len(crops)), [len(of_one) for of_one in crops])
    train_count = int((labels < len(crops) - TEST_PHOTOGRAPHS).sum())
    return DataSet(name, np.concatenate(crops), labels, tuple(PHOTOGRAPHS), train_count)


def photograph(name: str) -> Image:
    """Return one of the photographs that crops are cut from, a key of `PHOTOGRAPHS`: (h, w, 3), float32 in [0, 1]."""
    return packaged_photo(*PHOTOGRAPHS[name]).pixels


def _crops(image):
    """Return crops (n, CROP, CROP, 3) of a photograph at several scales, row by row."""
    crops = []
    for short_side in SHORT_SIDES:
        reduced = _reduced(image, short_side)
        height, width = reduced.shape[:2]
        for row in range(0, height - CROP + 1, CROP_STEP):
            for column in range(0, width - CROP + 1, CROP_STEP):
                crops.append(reduced[row : row + CROP, column : column + CROP])
    return np.stack(crops)


def _reduced(image, short_side):
    """Return a photograph whose short side has so many pixels; rounded up, so that no side falls below it."""
    factor = short_side / min(image.shape[:2])
    width, height = (int(np.ceil(side * factor)) for side in image.shape[1::-1])
    return np.clip(cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA), 0, 1)


def _cancer(name):
    """Load the breast cancer table of Wisconsin (Street, Wolberg and Mangasarian 1993), as scikit-learn has it."""
    from sklearn.datasets import load_breast_cancer

    table = load_breast_cancer()
    data = shuffled(name, table.data, table.target, ("malignant", "benign"), points=np.arange(len(table.data)), seed=0)
    train = data.train.images
    return replace(data, images=((data.images - train.mean(axis=0)) / train.std(axis=0)).astype(np.float32))


LOADERS = {
    "digits": lambda name: _embedded(name, tuple("0123456789")),
    "fashion": lambda name: _embedded(name, FASHION_NAMES),
    "digits8": _small_digits,
    "digits-on-photos": _digits_on_photos,
    "faces": _faces,
    "photos": _photos,
    "cancer": _cancer,
}
