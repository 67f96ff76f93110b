"""Encoding in a process of its own, which can be stopped at any moment: Pillow encodes WebP and AVIF in one call.

The process imports Pillow alone and runs this file as a script.
"""

import contextlib
import pickle
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import Any

from PIL import Image

POLL_SECONDS = 0.1


def encode(image: Image.Image, file_format: str, options: Mapping[str, Any], on_wait: Callable[[], object]) -> bytes:
    """Encode an image as Pillow does.

    Parameters
    ----------
    image : PIL.Image.Image
    file_format : str
        As Pillow calls it.
    options : mapping
        Of `PIL.Image.Image.save`.
    on_wait : callable
        Called ten times a second; whatever it raises ends the process.

    Returns
    -------
    bytes

    Raises
    ------
    OSError
        If the process cannot be started, or fails.
    """
    command = [sys.executable, "-I", __file__]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        given: bytes | None = pickle.dumps((image.mode, image.size, image.tobytes(), file_format, dict(options)))
        try:
            while True:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    encoded, said = process.communicate(given, timeout=POLL_SECONDS)
                    break
                given = None
                on_wait()
        finally:
            process.kill()
    if process.returncode:
        raise OSError((said.decode(errors="replace").splitlines() or ["the encoder ended early"])[-1])
    return encoded


if __name__ == "__main__":
    mode, size, samples, file_format, options = pickle.load(sys.stdin.buffer)  # of the process that started this one
    Image.frombytes(mode, size, samples).save(sys.stdout.buffer, file_format, **options)
