"""Classical denoising, which networks are compared with, does help."""

import numpy as np
import pytest

from restoration.degrade.noise import add_noise
from restoration.image import metrics
from restoration.photo.sample_photos import sample
from restoration.tasks import baselines


@pytest.mark.parametrize("name", baselines.DENOISERS)
@pytest.mark.parametrize("channels", [1, 3])
def test_classical_methods_help(name, channels):
    truth = sample("Cat").pixels[60:188, 100:260, :channels]
    noisy = add_noise(truth, "gaussian", 30 / 255)
    restored = baselines.DENOISERS[name](noisy, 30 / 255)
    assert restored.shape == truth.shape
    assert restored.dtype == np.float32
    assert metrics.psnr(restored, truth) > metrics.psnr(noisy, truth) + 1
