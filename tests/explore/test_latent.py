"""The plane of codes, clusters, own digits, and the claims of the small networks' cards."""

import numpy as np
import pytest

from restoration.benchmark import explore_scores
from restoration.explore import datasets, latent_plane, pretrained
from restoration.explore.classifier import build_classifier, classify
from restoration.explore.clusters import k_means, purity
from restoration.explore.mnist_format import to_fashion_mnist_format, to_mnist_format
from restoration.explore.pretrained_card import FOLDER, cards
from restoration.image.checks import ImageError
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
    _, whole = pretrained.empty(card)
    assert card.parameters == whole.count_params()
    assert card.bytes == card.weights(FOLDER).stat().st_size < 5e6
    again = explore_scores.score(card.name)
    assert again.keys() == card.tested.keys()
    for what, value in again.items():
        assert value == pytest.approx(card.tested[what], abs=0.02), what


def test_an_unknown_network_is_a_sentence():
    with pytest.raises(WeightsError, match="No network is called cats-1"):
        pretrained.load("cats-1")


def test_the_extent_is_a_square_with_nearly_all_codes_inside():
    codes = np.random.default_rng(0).normal([3, -1], [1, 0.2], (4000, 2))
    left, right, bottom, top = latent_plane.extent(codes)
    assert right - left == pytest.approx(top - bottom)
    inside = (codes > [left, bottom]).all(axis=1) & (codes < [right, top]).all(axis=1)
    assert inside.mean() > 0.98
    assert right - left < 8


def test_the_grid_runs_from_the_top_left_and_the_sheet_like_it():
    codes = latent_plane.grid((0, 4, 10, 14), 4)
    assert codes[0].tolist() == [0.5, 13.5]
    assert codes[3].tolist() == [3.5, 13.5]
    assert codes[-1].tolist() == [3.5, 10.5]
    images = np.arange(5, dtype=np.float32).reshape(5, 1, 1, 1) * np.ones((1, 2, 3, 1), np.float32)
    sheet = latent_plane.sheet(images, 3)
    assert sheet.shape == (4, 9, 1)
    assert sheet[::2, ::3, 0].tolist() == [[0, 1, 2], [3, 4, 0]]


def test_gaps_are_distances_in_widths():
    far = latent_plane.gaps(np.array([[0.5, 3.5]]), (0, 4, 0, 4), 4)
    assert far[0].tolist() == [0, 0.25, 0.5, 0.75]
    assert far[3, 0] == 0.75


def test_k_means_finds_clusters_and_purity_judges_them():
    generator = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], 50)
    codes = np.array([[0, 0], [9, 0], [0, 9]])[labels] + generator.normal(0, 0.5, (150, 2))
    assigned, centres = k_means(codes, 3)
    assert purity(assigned, labels) == 1
    assert sorted(np.rint(centres).astype(int).tolist()) == [[0, 0], [0, 9], [9, 0]]
    assert purity(np.zeros(150, int), labels) == pytest.approx(1 / 3)
    assert np.array_equal(k_means(codes, 3)[0], assigned)


def test_confidence_is_the_largest_probability():
    classifier = build_classifier((8, 8, 1), 10)
    images = np.random.default_rng(0).random((6, 8, 8, 1), np.float32)
    labels, sure = classify(classifier, images)
    probabilities = np.asarray(classifier(images))
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    assert np.array_equal(labels, probabilities.argmax(axis=1))
    assert np.allclose(sure, probabilities.max(axis=1))


@pytest.mark.parametrize("negative", [False, True])
@pytest.mark.parametrize("place", [(5, 10), (60, 40)])
def test_a_large_digit_anywhere_is_read_as_itself(negative, place):
    """A test digit, enlarged and put anywhere on paper or on black, comes back as nearly the same digit."""
    test = datasets.load("digits").test
    digits = test.images[:20]
    paper = np.zeros((20, 160, 170, 1), np.float32)
    paper[:, place[0] : place[0] + 84, place[1] : place[1] + 84] = digits.repeat(3, axis=1).repeat(3, axis=2)
    mine = np.stack([to_mnist_format(0.9 - 0.8 * one if negative else one) for one in paper])
    assert mine.shape == digits.shape
    assert np.abs(mine - digits).mean() < 0.03
    labels, _ = classify(pretrained.load("classifier-digits-1"), mine)
    assert (labels == test.labels[:20]).mean() >= 0.95


def test_nothing_written_is_a_sentence():
    with pytest.raises(ImageError, match="Nothing is written"):
        to_mnist_format(np.full((40, 40, 3), 0.7, np.float32))


def test_clothes_on_white_are_turned_to_black():
    shoe = datasets.load("fashion").test.images[0]
    assert np.allclose(to_fashion_mnist_format(1 - shoe), shoe, atol=1e-6)
    assert np.array_equal(to_fashion_mnist_format(shoe), shoe)


def test_random_codes_are_normal_or_like_others():
    assert np.allclose(latent_plane.sample_codes(4000, 3, 0).std(axis=0), 1, atol=0.05)
    others = np.random.default_rng(1).normal([5, -2], [0.1, 3], (1000, 2))
    drawn = latent_plane.sample_codes(4000, 2, 0, others)
    assert np.allclose(drawn.mean(axis=0), [5, -2], atol=0.2)
    assert np.allclose(drawn.std(axis=0), [0.1, 3], rtol=0.1)


@pytest.mark.parametrize("data", ["digits", "fashion"])
def test_random_samples_work_for_the_variational_one_and_not_for_the_plain_one(data):
    plain, variational = (CARDS[name].tested for name in (f"sample-{data}-plain-1", f"blend-{data}-1"))
    if data == "digits":  # faint strokes are near to everything, so the classifier tells
        sure = "confidence in random samples"
        assert variational[sure] > plain[sure] + 0.15
    else:  # and it takes any blot for a bag, so the distance tells
        far = "random samples to the nearest"
        assert variational[far] < 0.85 * plain[far]


@pytest.mark.parametrize("data", ["digits", "fashion"])
def test_the_plain_plane_has_more_gaps(data):
    gaps = [CARDS[f"map-{data}-{kind}-1"].tested["share of the plane in gaps"] for kind in ("plain", "variational")]
    assert gaps[0] > gaps[1] + 0.1
