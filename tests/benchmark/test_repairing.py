"""The benchmark of repairing measures what it says, and its masks are as large as it says."""

import json

import numpy as np
import pytest

from restoration.benchmark import __main__ as benchmark
from restoration.benchmark import repairing, report
from restoration.inference.card import models
from restoration.photo.sample_photos import sample

PRESETS = {card.preset for card in models() if card.task == "repair"}


@pytest.mark.parametrize("name", repairing.HOLES)
def test_masks_cover_as_much_as_they_say(name):
    image = sample("Cat").pixels[:256, :256]
    masks = [repairing.HOLES[name](image, seed) for seed in range(3)]
    low, high = {"scratches and creases, 3 to 8 %": (0.03, 0.09), "blocks of 32 x 32, 10 %": (0.1, 0.12)}.get(
        name, (0.06, 0.09)
    )
    assert all(low <= mask.mean() <= high for mask in masks)
    assert not np.array_equal(masks[0], masks[1])
    np.testing.assert_array_equal(masks[0], repairing.HOLES[name](image, 0))


def test_the_classical_detector_finds_thin_lines_alone():
    image = np.full((40, 40, 3), 0.5, np.float32)
    image[10] = 0.1
    found = repairing.top_hat(image)
    assert found[10].all()
    assert not found[:10].any()
    assert not found[11:].any()
    image[:] = 0.5
    image[:, 20:] = 0.9
    assert not repairing.top_hat(image).any()


@pytest.mark.skipif(not {"damage", "complete"} <= PRESETS, reason="The networks of repair are not published.")
def test_the_command_measures_all_three_parts_and_the_report_shows_them(tmp_path, capsys):
    path = tmp_path / "scores.json"
    benchmark.main(["repair", "--limit", "1", "--side", "64", "--json", str(path)])
    measured = json.loads(path.read_text())
    assert {row["part"] for row in measured["rows"]} == {"completion", "detection", "repair"}
    assert all(np.isfinite(row["value"]) for row in measured["rows"])
    text = report.table_by_part(measured, "repair")
    for row in measured["rows"]:
        assert row["method"] in text
        assert row["condition"] in text
    assert "Telea" in capsys.readouterr().out


def test_networks_of_another_task_are_refused():
    with pytest.raises(SystemExit, match="give one that finds damage"):
        repairing.choose_networks(["denoise-fast-9"])
