"""The types that public functions name: an image, a mask, a seed, a progress callback."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Image: TypeAlias = NDArray[np.float32]  # (H, W, 1 or 3) in [0, 1], sRGB, RGB order
Samples: TypeAlias = NDArray[np.uint8] | NDArray[np.uint16]  # (H, W, C), as a file holds them
Mask: TypeAlias = NDArray[np.bool_]  # (H, W)
Array: TypeAlias = NDArray[np.float32]  # any other float32 array; its docstring gives the shape
Seed: TypeAlias = int | np.random.Generator  # the same seed gives the same result
Progress: TypeAlias = Callable[[int, int], object]  # progress(done, total), in tiles; whatever it raises stops the work
