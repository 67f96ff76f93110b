"""Damage is drawn where the mask says, repeatably, in gray and colour, at any size."""

import numpy as np
import pytest

from restoration.degrade.damage import DAMAGE_KINDS, draw_damage
from restoration.degrade.damaged_print import VISIBLE
from restoration.degrade.holes import HOLE_KINDS, draw_holes
from restoration.degrade.thin_objects import THIN_KINDS, draw_thin_objects
from restoration.photo.sample_photos import sample

CAT = sample("Cat").pixels[:128, :128]


@pytest.mark.parametrize("kind", DAMAGE_KINDS)
def test_every_kind_changes_what_its_mask_says_and_little_else(kind):
    for seed, image in enumerate((CAT, CAT[:90, :120, :1], CAT[20:], CAT[:, 30:] ** 2)):
        given = image.copy()
        damaged, mask = draw_damage(image, amount=0.03, kinds=[kind], seed=seed)
        np.testing.assert_array_equal(image, given)
        assert damaged.shape == image.shape
        assert damaged.dtype == np.float32
        assert 0 <= damaged.min() <= damaged.max() <= 1
        assert 0.03 <= mask.mean() < 0.25
        change = np.abs(damaged - image).max(axis=-1)
        assert change[mask].mean() > 2 * VISIBLE
        assert change[~mask].mean() < VISIBLE  # the fading beside a crease
        again, mask_again = draw_damage(image, amount=0.03, kinds=[kind], seed=seed)
        np.testing.assert_array_equal(damaged, again)
        np.testing.assert_array_equal(mask, mask_again)


def test_the_amount_is_reached_and_hardly_exceeded():
    for amount in (0.005, 0.05, 0.15):
        masks = [draw_damage(CAT, amount=amount, seed=seed)[1].mean() for seed in range(20)]
        assert min(masks) >= amount
        assert np.mean(masks) < 2 * amount + 0.02
    untouched, mask = draw_damage(CAT, amount=0.0)
    np.testing.assert_array_equal(untouched, CAT)
    assert not mask.any()


def test_damage_lies_anywhere():
    hits = sum(draw_damage(CAT, amount=0.05, seed=seed)[1].astype(int) for seed in range(60))
    quarters = [part.mean() for half in np.array_split(hits, 2) for part in np.array_split(half, 2, axis=1)]
    assert max(quarters) < 2 * min(quarters)


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 40, 1), (7, 3, 3), (40, 700, 3)])
def test_any_size_can_be_damaged(shape):
    image = np.full(shape, 0.5, np.float32)
    for seed in range(15):
        damaged, mask = draw_damage(image, amount=0.1, seed=seed)
        assert damaged.shape == shape
        assert mask.shape == shape[:2]


@pytest.mark.parametrize("kind", HOLE_KINDS)
def test_holes_have_their_share(kind):
    for seed in range(5):
        holes = draw_holes(100, 140, share=0.1, kinds=[kind], seed=seed)
        assert holes.shape == (100, 140)
        assert 0.1 <= holes.mean() < 0.55
        np.testing.assert_array_equal(holes, draw_holes(100, 140, share=0.1, kinds=[kind], seed=seed))
    assert draw_holes(9, 5, share=0.5, kinds=[kind]).shape == (9, 5)


@pytest.mark.parametrize("kind", THIN_KINDS)
def test_thin_objects_cover_a_part(kind):
    images = [draw_thin_objects(CAT, kind=kind, seed=seed) for seed in range(8)]
    covered = [(np.abs(image - CAT) > 0.05).any(axis=-1).mean() for image in images]
    assert 0.003 < np.mean(covered) < 0.6
    np.testing.assert_array_equal(images[3], draw_thin_objects(CAT, kind=kind, seed=3))
    assert draw_thin_objects(CAT[..., :1], kind=kind).shape == (128, 128, 1)


@pytest.mark.parametrize(
    "call",
    [
        lambda: draw_damage(CAT, amount=1.5),
        lambda: draw_damage(CAT, kinds=["rust"]),
        lambda: draw_holes(8, 8, kinds=["rust"]),
        lambda: draw_holes(8, 8, share=-1),
        lambda: draw_thin_objects(CAT, kind="rust"),
    ],
)
def test_wrong_settings_are_told(call):
    with pytest.raises(ValueError, match=r"choose one of|between"):
        call()
