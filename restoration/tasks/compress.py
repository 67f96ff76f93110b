"""Compressing a photograph into few bytes, and decompressing it."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from restoration.codec import entropy_coder
from restoration.codec.container import BEST_QUALITY, LOWEST_QUALITY, QUALITY_STEPS, Compressed, check_sides
from restoration.codec.image_codec import ImageCodec, codec_for
from restoration.image.checks import check_within, checked
from restoration.image.types import Image, Progress
from restoration.inference.card import Card, WeightsError, card_for, models
from restoration.photo.errors import PhotoError

TASK, PRESET = "compress", "best"
NOT_INSTALLED = "The network that compresses is not installed. Install the project again."


def compress(image: Image, quality: float = 4.0, *, progress: Progress | None = None) -> bytes:
    """Compress a photograph.

    Parameters
    ----------
    image : ndarray of shape (H, W, 1 or 3), float32 in [0, 1]
        Any height and width from 1 to 65 535.
    quality : float from 1 to 6
        About 0.1 to 1 bit per pixel.
    progress : callable, optional
        ``progress(done, total)`` before the first and after each tile; whatever it raises cancels the run.

    Returns
    -------
    bytes
        A file that `decompress` reads; its name ends in ``.ldc``.

    Raises
    ------
    ImageError, PhotoError
        If `image` is no image or too large, the quality is out of range, or the memory left is too small.
    WeightsError
        If the network is not installed.
    """
    image = checked(image)
    check_sides(image)
    check_within("quality", quality, LOWEST_QUALITY, BEST_QUALITY)
    if not is_installed():
        raise WeightsError(NOT_INSTALLED)
    codec = codec_for(card_for(TASK, PRESET).name)
    stored = round((quality - LOWEST_QUALITY) * QUALITY_STEPS)
    colors = np.repeat(image, 3, axis=-1) if image.shape[-1] == 1 else image
    is_gray = bool((colors == colors[..., :1]).all())
    payload = codec.encode(np.clip(colors, 0, 1), stored / QUALITY_STEPS, progress)
    height, width = image.shape[:2]
    return Compressed(_weights(codec.card), 1 if is_gray else 3, stored, width, height, payload).to_bytes()


def decompress(data: bytes, *, max_megapixels: float = 50.0, progress: Progress | None = None) -> Image:
    """Decompress a photograph.

    Parameters
    ----------
    data
        What `compress` made, by whichever version of the network that is installed.
    max_megapixels
        Larger images are refused before anything is decoded.
    progress
        As in `compress`.

    Returns
    -------
    ndarray of shape (H, W, 1 or 3), float32 in [0, 1]
        Of one channel where all were equal.

    Raises
    ------
    PhotoError, ImageError
        If it is no such file, cut off, changed, too large, or of a network that is not installed, or the memory left is
        too small.
    """
    file, codec = _opened(data, max_megapixels)
    quality = min(file.quality / QUALITY_STEPS, codec.qualities - 1)
    image = codec.decode(file.payload, file.height, file.width, quality, progress)
    return image.mean(axis=-1, keepdims=True) if file.channels == 1 else image


class CodeOfFile(NamedTuple):
    """What a file holds of each 16 x 16 pixels: whole numbers (h, w, c), less their prediction, and bits (h, w)."""

    numbers: NDArray[Any]
    bits: NDArray[Any]


def code_of(data: bytes, *, max_megapixels: float = 50.0) -> CodeOfFile:
    """Return the code of a file, and where its bits are; parameters and errors as of `decompress`."""
    file, codec = _opened(data, max_megapixels)
    hyper_code, centred = codec.symbols(file.payload, file.height, file.width)
    return CodeOfFile(centred, entropy_coder.bits(hyper_code, centred, codec.indices, codec.tables))


def _opened(data: bytes, max_megapixels: float) -> tuple[Compressed, ImageCodec]:
    file = Compressed.from_bytes(data, max_megapixels=max_megapixels)
    cards = [card for card in models() if card.task == TASK and _weights(card) == file.weights]
    if not cards:
        raise PhotoError("This file was made by a network that is not installed. Update this program.")
    return file, codec_for(cards[0].name)


def is_installed() -> bool:
    """Return whether there is a network to compress by."""
    return any(card.task == TASK for card in models())


def _weights(card: Card) -> bytes:
    """Return what a file calls the weights that wrote it."""
    return bytes.fromhex(card.sha256[:12])
