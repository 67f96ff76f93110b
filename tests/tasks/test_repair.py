"""Repairing finds damage, fills it, leaves the rest bit for bit, and refuses what it cannot work with."""

import numpy as np
import pytest

import restoration
from restoration.degrade.damage import draw_damage
from restoration.degrade.holes import draw_holes
from restoration.image.checks import ImageError
from restoration.inference.card import models
from restoration.inference.model import Model
from restoration.photo.sample_photos import sample
from restoration.tasks import repair as repair_task
from restoration.tasks.repair import mask_of

CARDS = {card.preset: card for card in models() if card.task == "repair"}
with_networks = pytest.mark.skipif(
    not {"damage", "complete"} <= CARDS.keys(), reason="The networks of repair are not published."
)


@pytest.fixture(scope="module")
def cat():
    return sample("Cat").pixels[:240, :256]


@pytest.fixture(scope="module")
def damaged(cat):
    return draw_damage(cat, amount=0.05, kinds=("crease", "scratches", "missing piece"), seed=3)


def hole_psnr(image, truth, mask):
    return restoration.psnr(image[mask][:, None], truth[mask][:, None])


@with_networks
def test_repair_helps_and_leaves_the_rest_bit_for_bit(cat, damaged):
    spoiled, _ = damaged
    found = restoration.find_damage(spoiled)
    repaired = restoration.repair(spoiled)
    assert restoration.psnr(repaired, cat) > restoration.psnr(spoiled, cat) + 2
    np.testing.assert_array_equal(repaired[~found], spoiled[~found])
    assert not np.array_equal(repaired[found], spoiled[found])


@with_networks
def test_repair_by_a_given_mask_is_completion(damaged):
    spoiled, mask = damaged
    np.testing.assert_array_equal(restoration.repair(spoiled, mask=mask), restoration.complete(spoiled, mask))


@with_networks
def test_a_higher_sensitivity_finds_no_less(damaged):
    probability = restoration.damage_probability(damaged[0])
    assert probability.shape == damaged[1].shape
    assert probability.dtype == np.float32
    assert 0 <= probability.min() < 0.1
    assert 0.5 < probability.max() <= 1
    assert probability[damaged[1]].mean() > 3 * probability[~damaged[1]].mean()
    least, middle, most = (mask_of(probability, sensitivity) for sensitivity in (0, 0.5, 1))
    assert least.sum() < middle.sum() < most.sum()
    assert not (least & ~middle).any()


@with_networks
@pytest.mark.parametrize("preset", ["best", *(["lecture"] if "lecture" in CARDS else [])])
def test_completion_beats_the_hole_and_reads_nothing_in_it(cat, preset):
    mask = draw_holes(*cat.shape[:2], share=0.08, kinds=("strokes",), seed=1)
    torn = np.where(mask[..., None], np.float32(0.7), cat)
    filled = restoration.complete(torn, mask, preset=preset)
    assert hole_psnr(filled, cat, mask) > hole_psnr(torn, cat, mask) + (6 if preset == "best" else 3)
    np.testing.assert_array_equal(filled[~mask], torn[~mask])
    other = np.where(mask[..., None], np.float32(0.1), cat)
    np.testing.assert_array_equal(restoration.complete(other, mask, preset=preset)[mask], filled[mask])


@with_networks
def test_gray_stays_gray(damaged):
    spoiled, mask = damaged[0].mean(axis=-1, keepdims=True), damaged[1]
    filled = restoration.complete(spoiled, mask)
    assert filled.shape == spoiled.shape
    three = restoration.complete(np.repeat(spoiled, 3, axis=-1), mask)
    assert (three == three[..., :1]).all()
    np.testing.assert_allclose(three[..., :1], filled, atol=1e-6)


@with_networks
def test_tiled_is_whole(cat, monkeypatch):
    image = np.tile(cat[:96], (1, 5, 1))
    mask = draw_holes(*image.shape[:2], share=0.05, kinds=("strokes",), seed=2)

    def results(tile):
        made = {preset: Model(card, "float32", tile=tile) for preset, card in CARDS.items()}
        monkeypatch.setattr(repair_task, "model_for", lambda _, preset: made[preset])
        counts = [len(made[preset].tile_grid(*image.shape[:2])) for preset in ("damage", "complete")]
        return restoration.damage_probability(image), restoration.complete(image, mask), min(counts)

    whole, filled, _ = results(4096)
    tiled, filled_in_tiles, tile_count = results(896)
    assert tile_count > 1
    np.testing.assert_allclose(tiled, whole, atol=1e-5)
    np.testing.assert_allclose(filled_in_tiles, filled, atol=1e-5)


@with_networks
@pytest.mark.parametrize("size", [(1, 1), (1, 40), (7, 3), (33, 31)])
def test_every_size_is_taken(size):
    image = np.random.default_rng(0).random((*size, 3), np.float32)
    assert restoration.find_damage(image).shape == size
    assert restoration.repair(image).shape == image.shape
    if size != (1, 1):
        mask = np.zeros(size, bool)
        mask[0, 0] = True
        assert restoration.complete(image, mask).shape == image.shape


@with_networks
def test_progress_rises_to_the_end_and_cancels(damaged):
    told = []
    restoration.repair(damaged[0], progress=lambda *step: told.append(step))
    assert told == [(0, 1000), (210, 1000), (210, 1000), (1000, 1000)]

    def cancel(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restoration.repair(damaged[0], progress=cancel)


@with_networks
def test_nothing_masked_is_nothing_changed(cat):
    np.testing.assert_array_equal(restoration.complete(cat, np.zeros(cat.shape[:2], bool)), cat)


@pytest.mark.parametrize(
    ("mask", "sentence"),
    [
        (np.zeros((4, 5), bool), r"shape \(4, 5\), the picture \(240, 256\)"),
        (np.zeros((240, 256, 1), bool), "one value for each pixel"),
        (np.ones((240, 256), bool), "covers all 61440 pixels"),
        (np.zeros((240, 256)), "holds float64; give bool"),
        (np.full((240, 256), 255, np.uint8), "holds uint8; give bool"),
    ],
)
def test_a_mask_that_cannot_be_is_a_sentence(cat, mask, sentence):
    with pytest.raises(ImageError, match=sentence):
        restoration.complete(cat, mask)
    with pytest.raises(ImageError, match=sentence):
        repair_task.checked_mask(mask, cat)


def test_settings_out_of_range_are_sentences(cat):
    with pytest.raises(ImageError, match="sensitivity is 2; it must be"):
        restoration.find_damage(cat, sensitivity=2)
    with pytest.raises(ImageError, match="sensitivity is 2; it must be"):
        restoration.repair(cat, sensitivity=2)
    with pytest.raises(ImageError, match="preset to complete is 'fast'; choose one of best, lecture"):
        restoration.complete(cat, np.zeros(cat.shape[:2], bool), preset="fast")


def test_faint_damage_counts_where_it_goes_on_from_clear_damage():
    probability = np.zeros((40, 60), np.float32)
    probability[10, 5:50] = 0.4
    probability[30, 5:50] = 0.4
    probability[10, 20] = 0.9
    mask = mask_of(probability)
    assert mask[10, 5:50].all()
    assert mask[9, 5:50].all()
    assert not mask[20:].any()


def test_a_picture_that_would_be_damage_alone_is_left():
    assert not mask_of(np.ones((8, 8), np.float32)).any()
