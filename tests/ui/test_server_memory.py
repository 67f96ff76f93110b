"""Freed memory goes back to the system."""

import sys

import psutil
import pytest

from restoration.ui.server import give_back_memory

BLOCK, COUNT = 60_000, 2_500  # 150 MB in pieces that the C library keeps for later


@pytest.mark.skipif(sys.platform != "linux", reason="the C library of Linux keeps freed memory")
def test_what_was_freed_between_kept_blocks_goes_back():
    process = psutil.Process()
    blocks = [bytes([1]) * BLOCK for _ in range(COUNT)]
    kept = blocks[::100]
    del blocks
    before = process.memory_info().rss
    give_back_memory()
    assert before - process.memory_info().rss > BLOCK * COUNT / 2
    assert len(kept) == COUNT / 100
