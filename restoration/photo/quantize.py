"""From pixels to the 8 or 16 bits of a file.

What pixels in [0, 1], sRGB, cannot hold (colours beyond sRGB, colours under full transparency) is taken from the
samples that were read.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from restoration.image.types import Array, Image, Samples
from restoration.photo.alpha import is_hidden
from restoration.photo.color_profile import TwoWayProfile
from restoration.photo.strips import strip_rows

_FADE = 0.25  # change of a pixel at which its colour beyond sRGB is given up


@dataclass(frozen=True, eq=False)
class FileColours:
    """The colours of a photograph, and what is kept beside them.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 1 or 3), float32 in [0, 1]
        sRGB.
    alpha : ndarray of shape (H, W), float32 in [0, 1], or None
    source : ndarray of the shape of the pixels, uint8 or uint16, or None
        The file's own samples, if they say more than the pixels.
    profile : CurveProfile, TableProfile or None
        Of the samples; None if they are sRGB.
    """

    pixels: Image
    alpha: Array | None
    source: Samples | None
    profile: TwoWayProfile | None

    def strips(self, bits: int, on_white: bool) -> Iterator[Samples]:
        """Yield the samples of the file, (rows, W, C) uint8 or uint16 by the bits (8 or 16), from top to bottom.

        Alpha comes last, or is laid on white.
        """
        full, dtype = np.float32(2**bits - 1), np.uint8 if bits == 8 else np.uint16
        for rows in strip_rows(*self.pixels.shape[:2]):
            values = self._values(rows)
            if self.alpha is not None:
                opacity = self.alpha[rows][..., None]
                flat = values * opacity + (1 - opacity)
                values = flat if on_white else np.concatenate([values, opacity], axis=2)
            yield np.rint(values * full).astype(dtype)

    def _values(self, rows):
        """Bring a strip of pixels back into the colours of the file, in [0, 1]."""
        pixels = self.pixels[rows]
        if self.source is None:
            return pixels
        samples = self.source[rows]
        values = samples / np.float32(np.iinfo(samples.dtype).max)
        hidden = None if self.alpha is None else is_hidden(self.alpha[rows])
        if self.profile is None:  # the source is kept for its hidden colours only
            return np.where(hidden[..., None], values, pixels)

        exact = self.profile.to_srgb(samples)
        before = np.clip(exact, 0, 1)
        change = np.abs(pixels - before).max(axis=2)
        unchanged = change == 0
        if hidden is not None:
            unchanged |= hidden
        if unchanged.all():
            return values
        # What clipping to sRGB took away is given back to the new colour, the less the more it has changed:
        # a red turned slightly darker is still a red beyond sRGB, a red turned gray is not.
        restored = self.profile.from_srgb(pixels)
        clipped = (before != exact).any(axis=2) if self.profile.exact else np.True_
        if clipped.any():
            lost = values - self.profile.from_srgb(before)
            lost *= np.where(clipped, np.maximum(1 - change / _FADE, 0), 0)[..., None]
            restored += lost
        np.clip(restored, 0, 1, out=restored)
        return np.where(unchanged[..., None], values, restored)
