"""From pixels back to the samples of a file: what they could not hold is taken from the samples that were read."""

from dataclasses import dataclass

import numpy as np

from restoration.photo.reader import strip_rows

_FADE = 0.25  # change of a pixel at which its colour beyond sRGB is given up


@dataclass(frozen=True, eq=False)
class Colours:
    """The colours of a photograph, and what is kept beside them.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 1 or 3), float32 in [0, 1]
        sRGB.
    alpha : ndarray of shape (H, W), float32 in [0, 1], or None
    source : ndarray of the shape of the pixels, uint8 or uint16, or None
        The file's own samples, if they say more than the pixels.
    profile : Profile or None
        Of the samples (`color_profile.read_profile`); None if they are sRGB.
    """

    pixels: np.ndarray
    alpha: np.ndarray | None
    source: np.ndarray | None
    profile: object

    def strips(self, bits, on_white):
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
        hidden = None if self.alpha is None else self.alpha[rows] == 0
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


def resized(array, height, width):
    """Resize an alpha channel (H, W) or file samples (H, W, C), or None; without overshoot: opaque stays opaque."""
    if array is None:
        return None
    import cv2

    shrinks = height * width < array.shape[0] * array.shape[1]
    resized = cv2.resize(array, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return resized.reshape(height, width, *array.shape[2:])


def fill_hidden(pixels, alpha):
    """Replace colours under full transparency by the nearest visible one, in place; tell if there are any.

    Takes pixels (H, W, C) and alpha (H, W), float32.
    """
    visible = alpha > 0
    if visible.all():
        return False
    if not visible.any():
        return True
    import cv2

    # OpenCV labels each hidden pixel with the nearest visible one, and numbers those in an order of its own.
    _, labels = cv2.distanceTransformWithLabels(
        (~visible).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    place = np.empty(labels.max() + 1, np.int64)
    place[labels[visible]] = np.flatnonzero(visible)
    hidden = ~visible
    pixels[hidden] = pixels.reshape(-1, pixels.shape[2])[place[labels[hidden]]]
    return True
