"""What the benchmark of batches measures."""

import pytest

from restoration.benchmark.batch_speed import networks_alone, run_batch, write_photographs
from restoration.photo import Photo


def test_a_batch_is_timed_against_its_steps_alone(tmp_path):
    source = tmp_path / "in"
    source.mkdir()
    write_photographs(source, 3, 0.02)
    sizes = [Photo.open(path).pixels[..., 0].size for path in sorted(source.iterdir())]
    assert sizes == pytest.approx([20000] * 3, rel=0.05)
    assert networks_alone(source, "tone") > 0
    speed = run_batch(source, tmp_path / "out", "tone", 1)
    assert speed.seconds > 0
    assert speed.peak_megabytes > 50
    assert len(list((tmp_path / "out").glob("*.jpg"))) == 3
