"""An interpolation as an animation that runs forward, then back."""

import io

from PIL import Image

from restoration.image.eight_bit import to_uint8
from restoration.image.types import Array

SIDE = 168  # pixels of an enlarged frame, about


def gif(frames: Array, milliseconds: int = 80) -> bytes:
    """Encode images as a GIF that runs forward, then back, without end.

    Parameters
    ----------
    frames : ndarray of shape (n, h, w, 1 or 3), float32 in [0, 1]
    milliseconds : int
        Of each frame.

    Returns
    -------
    bytes
        Enlarged by a whole factor, pixel by pixel.
    """
    factor = max(1, SIDE // frames.shape[2])
    enlarged = to_uint8(frames).repeat(factor, axis=1).repeat(factor, axis=2)
    forward = [Image.fromarray(frame[..., 0] if frame.shape[-1] == 1 else frame) for frame in enlarged]
    file = io.BytesIO()
    forward[0].save(
        file, "GIF", save_all=True, append_images=forward[1:] + forward[-2:0:-1], duration=milliseconds, loop=0
    )
    return file.getvalue()
