"""Every claim of every card is recomputed."""

import shutil

import pytest

from restoration import networks
from restoration.benchmark.card_scores import SCORES
from restoration.benchmark.denoising import psnr_gain
from restoration.benchmark.images import read_images
from restoration.inference import keras_runtime
from restoration.inference.card import WEIGHTS, Card, WeightsError, models

CARDS = {card.name: card for card in models()}


@pytest.fixture(params=CARDS)
def card(request):
    return CARDS[request.param]


def test_every_preset_has_a_network_of_its_own():
    found = {}
    for card in CARDS.values():
        found.setdefault(card.task, set()).add(card.preset)
    assert found == {
        "denoise": {"best", "fast", "lecture"},
        "colorize": {"best", "lecture"},
        "upscale": {"faithful", "photo", "lecture"},
    }


def test_numbers_are_the_networks(card):
    network = keras_runtime.build(card)
    assert card.parameters == network.count_params()
    assert card.gflop_per_megapixel == pytest.approx(networks.gflop_per_megapixel(network), abs=0.05)
    assert card.multiple_of == networks.stride(network)
    if card.task != "colorize":  # which sees the whole picture, never a tile
        assert card.halo >= networks.receptive_radius(network)
    assert card.bytes == card.weights().stat().st_size <= 25e6
    assert card.name == f"{card.task}-{card.preset}-{card.version}"


def test_decoder_is_one_of_an_autoencoder(card):
    kinds = {type(layer).__name__ for layer in keras_runtime.build(card).layers}
    assert kinds & {"Conv2DTranspose", "UpSampling2D"}


def test_scores_on_the_samples(card):
    again = SCORES[card.task](card, {})["samples"]
    assert again.keys() == card.tested["samples"].keys()
    for level, values in again.items():
        assert values == pytest.approx(card.tested["samples"][level], abs=0.03), level


def test_scores_on_the_benchmark_set(card, shared):
    if card.task != "denoise":
        pytest.skip("Its own test measures it.")
    again = psnr_gain(card, read_images(shared("bench") / "cbsd68", limit=12), sigmas_255=(25,))
    claimed = card.tested["cbsd68"]["25"]
    assert again["25"][1] - again["25"][0] == pytest.approx(claimed[1] - claimed[0], abs=0.6)


def test_changed_weights_are_refused(card, tmp_path):
    shutil.copy(WEIGHTS / f"{card.name}.weights.h5", tmp_path)
    path = card.weights(tmp_path)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(WeightsError, match="not loaded"):
        card.weights(tmp_path)
    path.unlink()
    with pytest.raises(WeightsError, match="missing"):
        card.weights(tmp_path)


def test_unknown_and_missing_keys_are_refused(card, tmp_path):
    text = card.write(tmp_path).read_text()
    assert Card.read(tmp_path / f"{card.name}.json") == card
    for wrong in (text.replace('"halo"', '"halos"'), text.replace('"limits"', '"limit"')):
        path = tmp_path / "wrong.json"
        path.write_text(wrong)
        with pytest.raises(WeightsError, match="keys"):
            Card.read(path)
