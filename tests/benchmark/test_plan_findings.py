"""The benchmark of the findings: what it counts as right, and what it prints."""

import json

from restoration.benchmark.__main__ import main
from restoration.benchmark.plan_degradations import gray
from restoration.benchmark.plan_findings import score_clean, score_degradation, tone_gain
from restoration.photo.sample_photos import sample

CAT = sample("Cat").pixels[:200, :300]


def test_scores_count_what_is_found():
    score = score_degradation([CAT, CAT], gray, "gray")
    assert (score.kind, score.images, score.right, score.found["gray"]) == ("gray", 2, 1.0, 2)
    assert score_degradation([CAT], lambda image, generator: image, "gray").right == 0
    assert score_clean([sample("Cat").pixels]).right == 1


def test_tone_brings_faded_photographs_nearer_to_the_clean_ones():
    before, after = tone_gain([sample("Coffee cup").pixels])
    assert after > before + 3


def test_the_command_names_clean_photographs_for_which_something_is_proposed(tmp_path, capsys):
    sample("Cat").save(tmp_path / "cat.png")
    sample("Cat").with_pixels(CAT[:100, :100]).save(tmp_path / "small.png")
    main(["plan", "--clean", "--images", str(tmp_path), "--json", str(tmp_path / "scores.json")])
    printed = capsys.readouterr().out
    assert "small.png; small 0.01; upscale scale=4" in printed
    assert "cat.png" not in printed
    assert json.loads((tmp_path / "scores.json").read_text())[0]["right"] == 0.5
