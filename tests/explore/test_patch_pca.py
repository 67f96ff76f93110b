"""The plain idea of compression: PCA of patches, its numbers stored as they are."""

import numpy as np
import pytest

from restoration.explore.patch_pca import CODE_SIZES, NUMBER_BYTES, PATCH, patch_codes
from restoration.image.metrics import psnr
from restoration.photo.sample_photos import sample

CAT = sample("Cat").pixels[:100, :150]


def test_more_numbers_are_nearer_and_larger():
    stored = patch_codes(CAT)
    assert [one.image.shape for one in stored] == [CAT.shape] * len(CODE_SIZES)
    errors = [psnr(one.image, CAT) for one in stored]
    assert errors == sorted(errors)
    assert errors[-1] > errors[0] + 2
    patches, numbers = 7 * 10, PATCH**2 * 3
    assert stored[1].size == NUMBER_BYTES * (2 * patches + 3 * numbers)


def test_as_many_numbers_as_pixels_give_the_image_back():
    gray = CAT[:64, :64, :1]
    (stored,) = patch_codes(gray, (16,))
    assert psnr(stored.image, gray) > 45  # 16 patches lie in 15 dimensions
    assert patch_codes(gray, (1, 17))[-1].image.shape == gray.shape
    assert len(patch_codes(gray, (1, 17))) == 1


@pytest.mark.parametrize("shape", [(1, 1, 3), (16, 16, 1)])
def test_a_single_patch_has_no_axes(shape):
    assert patch_codes(np.full(shape, 0.5, np.float32)) == []
