"""Latent Darkroom: restore photographs with convolutional autoencoders, on any laptop.

An image is an ndarray (H, W, C), float32 in [0, 1], sRGB; C is 3 (colour) or 1 (gray). Importing this package loads
neither Keras nor Streamlit: each public name is loaded when it is first used.

Examples
--------
>>> import numpy as np
>>> import restoration
>>> noisy = np.random.default_rng(0).normal(0.5, 0.1, (40, 60, 3)).astype(np.float32)
>>> restored = restoration.denoise(noisy)
>>> restored.shape, bool(restored.std() < 0.5 * noisy.std())
((40, 60, 3), True)
"""

from importlib import import_module
from typing import Any

# Public name -> its module. No module directly below may have a public name: importing it would hide the function.
_PUBLIC = {
    "Card": "inference.card",
    "ImageError": "image.checks",
    "Photo": "photo",
    "PhotoError": "photo",
    "Pipeline": "pipeline",
    "PipelineError": "pipeline",
    "Step": "pipeline",
    "add_noise": "degrade.noise",
    "blend": "tasks.blend",
    "color_uncertainty": "tasks.colorize",
    "colorize": "tasks.colorize",
    "complete": "tasks.repair",
    "compress": "tasks.compress",
    "damage_probability": "tasks.repair",
    "decompress": "tasks.compress",
    "denoise": "tasks.denoise",
    "denoise_scan": "tasks.denoise_scan",
    "find_damage": "tasks.repair",
    "low_dose": "degrade.low_dose",
    "estimate_sigma": "image.noise_level",
    "models": "inference.card",
    "plan": "pipeline",
    "psnr": "image.metrics",
    "repair": "tasks.repair",
    "restore": "pipeline",
    "ssim": "image.metrics",
    "to_gray": "image.lab",
    "tone": "tasks.tone",
    "upscale": "tasks.upscale",
}

__all__ = list(_PUBLIC)
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'restoration' has no attribute {name!r}")
    return getattr(import_module(f"restoration.{_PUBLIC[name]}"), name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
