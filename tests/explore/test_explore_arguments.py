"""Arguments out of range of the public functions of `restoration.explore`."""

import numpy as np
import pytest

from restoration import explore
from restoration.explore import datasets
from restoration.image.checks import ImageError


@pytest.fixture(scope="module")
def few():
    return datasets.load("digits8").train.images[:256]


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
