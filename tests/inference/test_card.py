"""Every claim of every card is recomputed."""

import json
import shutil
from itertools import combinations

import pytest

from restoration import networks
from restoration.benchmark.card_scores import SAMPLES_SET, SCORES
from restoration.benchmark.denoising import psnr_gain
from restoration.benchmark.images import read_images
from restoration.inference import keras_runtime
from restoration.inference.card import WEIGHTS, Card, WeightsError, card_for, models
from restoration.train.publish import receptive_radius

CARDS = {card.name: card for card in models()}
# How far a recomputed figure may be from the card's, in dB (for colours, in their units): processors and versions of
# the libraries differ by less than 0.01, rounding on the card by 0.005.
TOLERANCE = 0.03
PRESET_PAIRS = [
    (one.name, other.name)
    for one, other in combinations(CARDS.values(), 2)
    if one.task == other.task and one.preset != other.preset and "damage" not in (one.preset, other.preset)
]
OTHER_SETS = [(name, of) for name, card in CARDS.items() for of in card.tested if of != SAMPLES_SET]


@pytest.fixture(params=CARDS)
def card(request):
    return CARDS[request.param]


def test_every_preset_has_a_network_of_its_own():
    found = {}
    for card in CARDS.values():
        found.setdefault(card.task, set()).add(card.preset)
    assert found.pop("compress", {"best"}) == {"best"}  # likewise
    repair = found.pop("repair", {"complete", "damage"})  # not published yet, or all that it needs
    assert {"complete", "damage"} <= repair <= {"complete", "damage", "lecture"}
    assert found.pop("scan", {"best", "lecture"}) == {"best", "lecture"}
    assert found == {
        "denoise": {"best", "fast", "lecture"},
        "colorize": {"best", "lecture"},
        "upscale": {"faithful", "photo", "lecture"},
    }


def test_numbers_are_the_networks(card):
    network = keras_runtime.build_network(card)
    assert card.parameters == network.count_params()
    assert card.gflop_per_megapixel == pytest.approx(networks.gflop_per_megapixel(network), abs=0.05)
    assert card.multiple_of == networks.stride(network)
    if card.task not in ("colorize", "compress"):  # which see the whole image, or have a halo of their own
        assert card.halo >= receptive_radius(card.builder, card.config)
    assert card.bytes == card.weights().stat().st_size <= 25e6
    assert card.name == f"{card.task}-{card.preset}-{card.version}"


def test_decoder_is_one_of_an_autoencoder(card):
    kinds = {type(layer).__name__ for layer in keras_runtime.build_network(card).layers}
    assert kinds & {"Conv2DTranspose", "UpSampling2D"}


def test_scores_on_the_samples(card):
    assert_scores(SCORES[card.task](card), card.tested[SAMPLES_SET])


def assert_scores(again, claimed):
    assert again.keys() == claimed.keys()
    for condition, values in again.items():
        assert values == pytest.approx(claimed[condition], abs=TOLERANCE), condition


@pytest.mark.parametrize(("one", "other"), PRESET_PAIRS)
def test_the_tolerance_tells_two_presets_apart(one, other):
    scores = zip(CARDS[one].tested[SAMPLES_SET].values(), CARDS[other].tested[SAMPLES_SET].values(), strict=True)
    assert max(abs(mine[1] - theirs[1]) for mine, theirs in scores) > 2 * TOLERANCE


@pytest.mark.parametrize(("name", "set_name"), OTHER_SETS)
def test_scores_on_sets_that_are_no_part_of_the_project(name, set_name, shared):
    card, folder = CARDS[name], shared("bench") / set_name
    claimed = card.tested[set_name]
    if card.task != "denoise":
        assert_scores(SCORES[card.task](card, folder), claimed)
    else:  # at one level, for all of them would take minutes
        assert_scores(psnr_gain(card, read_images(folder), sigmas_255=(25,)), {"25": claimed["25"]})


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


GOOD, OTHER = card_for("denoise", "fast"), CARDS["denoise-lecture-1"]
ODD = {
    "no JSON": b"{",
    "no text": b"\xff\xfe\x00",
    "empty": b"",
    "nested": b"[" * 100_000,
    "a list": b"[1, 2]",
    "a number": b"1e400",
    "a key missing": {"scale": ...},
    "a key too much": {"pickle": "gASV"},
    "another name": {"name": "../denoise-best-1"},
    "no version": {"name": "denoise-2-x"},
    "a scale of text": {"scale": "2"},
    "scales of nothing": {"config": {"scales": 2}},
    "a training without its command": {"trained": {}},
    "versions before it as text": {"trained": {"command": "x", "before": "none"}},
}


@pytest.mark.parametrize("content", ODD.values(), ids=ODD)
def test_an_odd_card_takes_out_its_own_network_alone_with_one_warning(content, tmp_path, caplog):
    OTHER.write(tmp_path)
    path = GOOD.write(tmp_path)
    if isinstance(content, dict):
        values = json.loads(path.read_text()) | content
        path.write_text(json.dumps({key: value for key, value in values.items() if value is not ...}))
        if content.get("name", "").endswith("x"):
            path = path.rename(tmp_path / f"{content['name']}.json")
    else:
        path.write_bytes(content)
    for _ in range(2):
        assert [card.name for card in models(tmp_path)] == [OTHER.name]
    (warning,) = caplog.messages
    assert path.name in warning
    assert len(warning) < 400


def test_a_card_that_is_a_folder_is_a_sentence(tmp_path):
    (tmp_path / "denoise-fast-1.json").mkdir()
    with pytest.raises(WeightsError, match=r"denoise-fast-1.json cannot be read"):
        Card.read(tmp_path / "denoise-fast-1.json")
    assert models(tmp_path) == []
