"""Plans: each finding on a known image, what is proposed for it and why, and that clean photographs are left alone."""

import numpy as np
import pytest

import restoration
from restoration.benchmark import plan_degradations
from restoration.benchmark.clean_graphics import draw_text
from restoration.benchmark.plan_degradations import DEGRADATIONS, degraded
from restoration.photo import Photo
from restoration.photo.sample_photos import sample
from restoration.pipeline import FINDINGS, Finding, plan, suited_network

COFFEE, CAT = (sample(name).pixels for name in ("Coffee cup", "Cat"))


def names(found):
    return {finding.name for finding in found.findings}


@pytest.mark.parametrize("name", ["Coffee cup", "Cat", "Astronaut", "Motorcycle", "Temple", "Flower"])
def test_nothing_is_proposed_for_a_clean_photograph(name):
    planned = plan(sample(name))
    assert planned.pipeline.steps == ()
    assert planned.why == ()


@pytest.mark.parametrize("degradation", DEGRADATIONS, ids=lambda degradation: degradation.__name__)
def test_each_degradation_is_found(degradation):
    found = plan(degraded(COFFEE, degradation, seed=3))
    expected = DEGRADATIONS[degradation]
    assert expected in names(found)
    finding = found[expected]
    assert (finding.number < finding.threshold) == FINDINGS[expected].below


@pytest.mark.parametrize(
    ("degradation", "pipeline"),
    [
        ("white_noise", "denoise"),
        ("strong_jpeg", "denoise"),
        ("faded_colour", "tone; upscale"),
        ("faded_gray", "tone; colorize; upscale"),
        ("deep_sepia", "colorize; upscale"),
        ("blurred", ""),
        ("printed_screen", ""),
        ("drawn_page", ""),
    ],
)
def test_what_is_proposed(degradation, pipeline):
    planned = plan(degraded(COFFEE, getattr(plan_degradations, degradation), seed=3))
    assert str(planned.pipeline) == pipeline
    assert len(planned.why) == len(planned.pipeline.steps)


def test_neither_denoising_nor_the_network_for_photos_is_proposed_for_a_small_noisy_page():
    page = restoration.add_noise(draw_text(), level=8 / 255, seed=0)
    planned = plan(page)
    assert {"page", "small"} <= names(planned)
    assert [(step.name, step.settings["preset"]) for step in planned.pipeline.steps] == [("upscale", "faithful")]


def test_a_small_soft_photograph_is_enlarged_by_the_network_for_such():
    planned = plan(restoration.add_noise(CAT[:200, :260], level=20 / 255, seed=0))
    assert str(planned.pipeline) == "denoise; upscale scale=3 preset=photo"
    assert "Small, 260 x 200" in planned.why[1]


@pytest.mark.parametrize(
    ("found", "suited", "asked"),
    [
        ("", ("faithful", ""), ["page", "jpeg", "blur", "noise"]),
        ("jpeg noise", ("photo", "jpeg"), ["page", "jpeg"]),
        ("blur", ("photo", "blur"), ["page", "jpeg", "blur"]),
        ("noise", ("photo", "noise"), ["page", "jpeg", "blur", "noise", "screen"]),
        ("noise screen", ("faithful", "screen"), ["page", "jpeg", "blur", "noise", "screen"]),
        ("noise page", ("faithful", "page"), ["page"]),
    ],
)
def test_the_network_that_suits_is_chosen_by_the_cheapest_finding_that_decides(found, suited, asked):
    heard = []

    def finding_of(name):
        heard.append(name)
        return Finding(name, "", 0.0, 0.0, "", name in found.split())

    assert suited_network(finding_of) == suited
    assert heard == asked


def test_a_number_says_how_strong_the_noise_is():
    noisy = restoration.add_noise(COFFEE, level=20 / 255, seed=0)
    assert plan(noisy)["noise"].number == pytest.approx(20, rel=0.25)
    assert plan(noisy)["noise"].words.startswith("Noise, about ")


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (2, 3), (63, 65)])
@pytest.mark.parametrize("channels", [1, 3])
def test_every_size_can_be_planned(size, channels):
    image = np.random.default_rng(0).random((*size, channels), np.float32)
    assert "small" in names(plan(image))
    assert np.isfinite([finding.number for finding in plan(np.zeros_like(image)).measured]).all()


def test_transparent_photographs_are_planned_on_paper():
    photo = Photo(CAT, alpha=np.ones(CAT.shape[:2], np.float32))
    assert plan(photo).measured == plan(CAT).measured


def test_restore_runs_what_is_planned():
    photo = Photo(degraded(CAT[:120, :120], plan_degradations.faded_gray, seed=0))
    restored = restoration.restore(photo)
    assert restored.pixels.shape == (480, 480, 3)
    assert restoration.Pipeline.from_photo(restored) == plan(photo).pipeline
