"""The networks that were trained ahead: the claims of their cards, recomputed."""

import pytest

from restoration.benchmark import explore_scores
from restoration.explore import pretrained
from restoration.explore.pretrained_card import FOLDER, cards
from restoration.inference.card import WeightsError

CARDS = cards()


@pytest.fixture(params=CARDS)
def card(request):
    return CARDS[request.param]


def test_all_networks_are_there():
    maps = {f"map-{data}-{kind}-1" for data in ("digits", "fashion") for kind in ("plain", "variational")}
    blends = {f"blend-{data}-1" for data in ("digits", "fashion", "faces", "photos")}
    others = {f"{what}-1" for data in ("digits", "fashion") for what in (f"classifier-{data}", f"sample-{data}-plain")}
    assert CARDS.keys() >= maps | blends | others


def test_cards_are_true(card):
    _, saved = pretrained.untrained(card)
    assert card.parameters == saved.count_params()
    assert card.bytes == card.weights(FOLDER).stat().st_size < 5e6
    again = explore_scores.score(card.name)
    assert again.keys() == card.tested.keys()
    for what, value in again.items():
        assert value == pytest.approx(card.tested[what], abs=0.02), what


def test_an_unknown_network_is_a_sentence():
    with pytest.raises(WeightsError, match="No network is called cats-1"):
        pretrained.load_autoencoder("cats-1")


@pytest.mark.parametrize("data", ["digits", "fashion"])
def test_random_samples_work_for_the_variational_one_and_not_for_the_plain_one(data):
    plain, variational = (CARDS[name].tested for name in (f"sample-{data}-plain-1", f"blend-{data}-1"))
    if data == "digits":  # faint strokes are near to everything, so the classifier decides
        sure = "confidence in random samples"
        assert variational[sure] > plain[sure] + 0.15
    else:  # the classifier takes any blot for a bag, so the distance decides
        far = "random samples to the nearest"
        assert variational[far] < 0.85 * plain[far]


@pytest.mark.parametrize("data", ["digits", "fashion"])
def test_the_plain_plane_has_more_gaps(data):
    gaps = [CARDS[f"map-{data}-{kind}-1"].tested["share of the plane in gaps"] for kind in ("plain", "variational")]
    assert gaps[0] > gaps[1] + 0.1
