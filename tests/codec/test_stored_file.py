"""A stored .ldc file of the network that compresses: its numbers are read the same, bit for bit, on every machine."""

from pathlib import Path

import numpy as np
import pytest

from restoration.inference.card import models
from restoration.photo.sample_photos import sample
from restoration.tasks.compress import code_of, compress, decompress

FOLDER = Path(__file__).parents[1] / "data" / "codec"
NAMES = [card.name for card in models() if card.task == "compress"]


@pytest.mark.skipif(not NAMES, reason="The network that compresses is not published.")
def test_a_stored_file_is_read_bit_for_bit(update_goldens):
    (name,) = NAMES
    file, golden = FOLDER / f"{name}.ldc", FOLDER / f"{name}.npz"
    if update_goldens:
        FOLDER.mkdir(exist_ok=True)
        file.write_bytes(compress(sample("Cat").pixels[60:188, 90:282], 4))
        numbers, image = code_of(file.read_bytes()).numbers, decompress(file.read_bytes())
        np.savez_compressed(golden, numbers=numbers.astype(np.int16), image=image.astype(np.float16))
    if not file.exists():
        pytest.skip("run pytest tests/codec/test_stored_file.py --update-goldens")
    with np.load(golden) as stored:
        np.testing.assert_array_equal(code_of(file.read_bytes()).numbers, stored["numbers"])
        # Of the image, the last digits depend on the processor; in bfloat16 up to some steps of 255.
        decoded = decompress(file.read_bytes())
        assert np.abs(decoded - stored["image"].astype(np.float32)).max() < 0.02
