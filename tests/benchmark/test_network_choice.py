"""Networks by name, and weights files that are not published: with a card beside them, or by a recipe's name."""

import shutil

import numpy as np
import pytest

from restoration.benchmark.network_choice import card_at, denoising_networks
from restoration.inference.card import WEIGHTS, WeightsError, card_for
from restoration.photo.sample_photos import sample

CARD = card_for("denoise", "lecture")


@pytest.mark.parametrize("with_card", [True, False])
def test_an_unpublished_file_restores_as_the_published_one(tmp_path, with_card):
    path = tmp_path / f"{CARD.name}.weights.h5"
    shutil.copy(WEIGHTS / path.name, path)
    if with_card:
        CARD.write(tmp_path)
    found = card_at(path)
    for what in ("builder", "config", "multiple_of", "halo", "parameters", "bytes", "sha256", "gflop_per_megapixel"):
        assert getattr(found, what) == getattr(CARD, what), what
    assert found.weights() == path
    image = sample("Cat").pixels[:40, :56]
    (unpublished,), (published,) = (denoising_networks([name]).values() for name in (str(path), CARD.name))
    np.testing.assert_array_equal(unpublished(image, None), published(image, None))


def test_what_is_no_network_is_one_sentence(tmp_path):
    unknown = tmp_path / "unknown-1.weights.h5"
    with pytest.raises(WeightsError, match="no weights file"):
        card_at(unknown)
    unknown.write_bytes(b"")
    with pytest.raises(WeightsError, match=r"no card unknown-1\.json"):
        card_at(unknown)
    with pytest.raises(SystemExit, match="give one to denoise"):
        denoising_networks([card_for("colorize", "best").name])
    with pytest.raises(SystemExit, match="No card is called cats-1"):
        denoising_networks(["cats-1"])
