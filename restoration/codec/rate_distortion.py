"""Bytes against error: the codecs that photographs are usually stored with, curves of each, and what one saves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np

from restoration.image.eight_bit import round_to_8_bits, to_uint8
from restoration.image.metrics import psnr, ssim
from restoration.image.types import Image

LOWEST_RATE, HIGHEST_RATE = 0.1, 0.6  # bits per pixel between which rates are compared


@dataclass(frozen=True)
class FileFormat:
    """A usual way to store a photograph, by Pillow.

    Attributes
    ----------
    pillow_name : str
    options : dict
        Those of the encoder that make the smallest file, and 4:2:0 colours.
    qualities : sequence of int
        Whole, rising: those that may be asked for.
    """

    pillow_name: str
    options: dict[str, Any]
    qualities: range

    def encode(self, image: Image, quality: int) -> bytes:
        """Return the whole file of an image (H, W, 1 or 3), float32 in [0, 1]."""
        from PIL import Image as Pillow

        samples = to_uint8(image)
        file = BytesIO()
        picture = Pillow.fromarray(samples[..., 0] if samples.shape[-1] == 1 else samples)
        picture.save(file, self.pillow_name, quality=quality, **self.options)
        return file.getvalue()

    def decode(self, data: bytes, channels: int = 3) -> Image:
        """Return the image (H, W, channels), float32 in [0, 1], of a file."""
        from PIL import Image as Pillow

        with Pillow.open(BytesIO(data), formats=(self.pillow_name,)) as picture:
            samples = np.asarray(picture.convert("RGB" if channels == 3 else "L"))
        return samples.reshape(*samples.shape[:2], channels).astype(np.float32) / np.float32(255)

    def at_most(self, image: Image, size: int) -> bytes:
        """Return the file of the highest quality of at most `size` bytes, by bisection; of the lowest, if none is."""
        low, high = 0, len(self.qualities) - 1
        best = self.encode(image, self.qualities[low])
        while low < high:
            middle = (low + high + 1) // 2
            data = self.encode(image, self.qualities[middle])
            if len(data) <= size:
                low, best = middle, data
            else:
                high = middle - 1
        return best


FORMATS = {
    "JPEG": FileFormat("JPEG", {"optimize": True, "progressive": True, "subsampling": "4:2:0"}, range(1, 96)),
    "WebP": FileFormat("WEBP", {"method": 6}, range(101)),
    "AVIF": FileFormat("AVIF", {"speed": 6, "subsampling": "4:2:0"}, range(1, 96)),
}
# Between about 0.08 and 1.2 bits per pixel on photographs of half a megapixel.
CURVE_QUALITIES = {
    "JPEG": (2, 5, 8, 12, 17, 24, 33, 45, 60, 75),
    "WebP": (0, 4, 10, 20, 32, 45, 60, 75, 85),
    "AVIF": (5, 15, 25, 33, 40, 47, 54, 61, 68, 75),
}


@dataclass(frozen=True)
class RatePoint:
    """A file of an image: bits per pixel of the whole file, and how near to the image it is."""

    bits_per_pixel: float
    psnr: float
    ssim: float


def rate_point(image: Image, size: int, decoded: Image) -> RatePoint:
    """Measure a file of `size` bytes that decodes to an image, which is rounded to 8 bits as a screen does."""
    shown = round_to_8_bits(decoded)
    return RatePoint(8 * size / image[..., 0].size, psnr(shown, image), ssim(shown, image))


def format_curve(image: Image, name: str) -> list[RatePoint]:
    """Return the points of one of `FORMATS`, at `CURVE_QUALITIES`."""
    chosen, points = FORMATS[name], []
    for quality in CURVE_QUALITIES[name]:
        data = chosen.encode(image, quality)
        points.append(rate_point(image, len(data), chosen.decode(data, image.shape[-1])))
    return points


def mean_curve(curves: Sequence[Sequence[RatePoint]]) -> list[RatePoint]:
    """Return the mean over images of the points of each quality."""
    return [
        RatePoint(*np.mean([(one.bits_per_pixel, one.psnr, one.ssim) for one in points], axis=0).tolist())
        for points in zip(*curves, strict=True)
    ]


def rate_saved(
    curve: Sequence[RatePoint], reference: Sequence[RatePoint], low: float = LOWEST_RATE, high: float = HIGHEST_RATE
) -> float | None:
    """Return the mean share of the bit rate that a curve saves against another at equal PSNR.

    The logarithm of the rate is interpolated over PSNR, piecewise cubic and monotone (Fritsch and Butland 1984, by
    `scipy.interpolate.PchipInterpolator`), and its difference averaged over the PSNR that both reach between two rates
    (Bjontegaard 2001, ITU-T VCEG-M33).

    Parameters
    ----------
    curve, reference
    low, high
        In bits per pixel.

    Returns
    -------
    float or None
        0.3 where the curve needs 30 % fewer bits, negative where it needs more; None where both have no PSNR in common.
    """
    curves = [_rising(one) for one in (curve, reference)]
    spans = [_psnr_between(log_rates, psnrs, low, high) for log_rates, psnrs in curves]
    if None in spans:
        return None
    worst, best = max(span[0] for span in spans if span), min(span[1] for span in spans if span)
    if worst >= best:
        return None
    from scipy.interpolate import PchipInterpolator

    mine, theirs = (PchipInterpolator(psnrs, log_rates).integrate(worst, best) for log_rates, psnrs in curves)
    return 1 - float(np.exp((mine - theirs) / (best - worst)))


def rate_where_overtaken(curve: Sequence[RatePoint], reference: Sequence[RatePoint]) -> float | None:
    """Return the lowest rate, in bits per pixel, from which the reference has the higher PSNR; None if there is none.

    Only rates that both curves reach are compared.
    """
    from scipy.interpolate import PchipInterpolator

    (mine, my_psnrs), (theirs, their_psnrs) = (_rising(one) for one in (curve, reference))
    low, high = max(mine[0], theirs[0]), min(mine[-1], theirs[-1])
    if low >= high:
        return None
    rates = np.linspace(low, high, 200)
    ahead = PchipInterpolator(theirs, their_psnrs)(rates) > PchipInterpolator(mine, my_psnrs)(rates)
    return float(np.exp(rates[ahead.argmax()])) if ahead.any() else None


def _rising(points):
    """Return (logarithms of rates, PSNR) of the points whose rate and PSNR both rise, in order of the rate."""
    kept: list[RatePoint] = []
    for point in sorted(points, key=lambda point: point.bits_per_pixel):
        if not kept or (point.psnr > kept[-1].psnr and point.bits_per_pixel > kept[-1].bits_per_pixel):
            kept.append(point)
    return np.log([point.bits_per_pixel for point in kept]), np.array([point.psnr for point in kept])


def _psnr_between(log_rates, psnrs, low, high):
    """Return the least and the greatest PSNR of a curve between two rates; None where it has none there."""
    from scipy.interpolate import PchipInterpolator

    low, high = max(np.log(low), log_rates[0]), min(np.log(high), log_rates[-1])
    if len(psnrs) < 2 or low >= high:
        return None
    interpolated: Callable[[float], Any] = PchipInterpolator(log_rates, psnrs)
    return float(interpolated(low)), float(interpolated(high))
