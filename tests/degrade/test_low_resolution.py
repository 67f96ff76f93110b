"""Images are made small as programs and old files do."""

import numpy as np
import pytest

from restoration.degrade.low_resolution import degrade_and_reduce, reduce_by_any_kernel
from restoration.photo.sample_photos import sample

PATCH = sample("Cat").pixels[100:148, 150:222]


@pytest.mark.parametrize("channels", [1, 3])
def test_every_kernel_reduces_to_the_size_asked_for(channels):
    small = [reduce_by_any_kernel(PATCH[..., :channels], 24, 36, seed=seed) for seed in range(40)]
    assert {(one.shape, one.dtype.name) for one in small} == {((24, 36, channels), "float32")}
    assert min(one.min() for one in small) >= 0
    assert max(one.max() for one in small) <= 1
    assert len({one.tobytes() for one in small}) >= 6  # three with antialiasing, averages, aliased, nearest
    plain = np.full((48, 72, channels), 0.3, np.float32)
    for seed in range(40):
        np.testing.assert_allclose(reduce_by_any_kernel(plain, 24, 36, seed=seed), 0.3, atol=1e-3)


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_degraded_images_are_repeatable_and_vary(scale):
    small = [degrade_and_reduce(PATCH, scale, seed=seed) for seed in range(30)]
    np.testing.assert_array_equal(small[7], degrade_and_reduce(PATCH, scale, seed=7))
    rough = PATCH.reshape(48 // scale, scale, 72 // scale, scale, 3).mean(axis=(1, 3))
    errors = sorted(float(np.sqrt(np.square(one - rough).mean())) * 255 for one in small)
    assert errors[-1] > 1.5 * errors[len(errors) // 2] > 0
