"""The data sets of the exploration pages."""

import gzip

import numpy as np
import pytest

from restoration.explore import datasets
from restoration.explore.sets import __main__ as making
from restoration.image.checks import ImageError

SHAPES = {
    "digits": (12_000, 28, 28, 1),
    "fashion": (12_000, 28, 28, 1),
    "digits8": (1797, 8, 8, 1),
    "digits-on-photos": (12_000, 28, 28, 1),
    "faces": (100, 25, 25, 1),
    "photos": (416, 64, 64, 3),
    "cancer": (569, 30),
}


@pytest.mark.parametrize("name", datasets.LOADERS)
def test_sets_are_what_they_say(name):
    data = datasets.load(name)
    assert data.images.shape == SHAPES[name]
    assert data.images.dtype == np.float32
    if name != "cancer":  # a table is standardised
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
