"""The scores of a mask, and the PSNR within one, are what they say."""

import numpy as np
import pytest

from restoration.image.mask_metrics import mask_psnr, mask_scores


def test_scores_forgive_two_pixels_and_no_more():
    damaged = np.zeros((40, 40), bool)
    damaged[20] = True
    for shift, f1 in ((0, 1.0), (2, 1.0), (3, 0.0)):
        assert mask_scores([(np.roll(damaged, shift, axis=0), damaged)])["f1"] == f1
    twice = damaged | np.roll(damaged, 10, axis=0)
    assert mask_scores([(twice, damaged)]) == {"f1": pytest.approx(2 / 3, abs=1e-4), "precision": 0.5, "recall": 1.0}
    assert mask_scores([(damaged, twice)])["recall"] == 0.5


def test_psnr_is_of_the_mask_alone():
    mask = np.zeros((8, 8), bool)
    mask[2:4, 2:4] = True
    image = np.where(mask[..., None], 0.6, np.zeros((8, 8, 3)))
    assert mask_psnr(image, np.full((8, 8, 3), 0.5), mask) == pytest.approx(20, abs=0.01)
