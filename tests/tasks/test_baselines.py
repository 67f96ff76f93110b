"""Classical denoising and inpainting, which networks are compared with, do help."""

import numpy as np
import pytest

from restoration.degrade.holes import draw_holes
from restoration.degrade.noise import add_noise
from restoration.image import metrics
from restoration.image.mask_metrics import mask_psnr
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


@pytest.mark.parametrize("name", baselines.INPAINTERS)
@pytest.mark.parametrize("channels", [1, 3])
def test_classical_inpainting_fills_and_leaves_the_rest(name, channels):
    truth = sample("Cat").pixels[60:124, 100:180, :channels]
    mask = draw_holes(*truth.shape[:2], share=0.06, kinds=("strokes",), seed=0)
    given = np.where(mask[..., None], np.float32(0), truth)
    filled = baselines.INPAINTERS[name](given, mask)
    assert filled.shape == truth.shape
    assert filled.dtype == np.float32
    assert mask_psnr(filled, truth, mask) > mask_psnr(given, truth, mask) + 6
    np.testing.assert_array_equal(filled[~mask], truth[~mask])
