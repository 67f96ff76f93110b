"""A golden per published network: a stored input and the output that it gave when the network was published."""

from pathlib import Path

import numpy as np
import pytest

import restoration
from restoration.degrade.damage import draw_damage
from restoration.degrade.noise import add_noise
from restoration.explore import datasets, pretrained
from restoration.explore.pretrained_card import cards
from restoration.image.resample import shrink
from restoration.inference import scan_units
from restoration.inference.card import models
from restoration.inference.model import Model
from restoration.inference.runner import to_nchw
from restoration.inference.runtime import load_runner
from restoration.networks.compression_autoencoder import PARTS
from restoration.photo.sample_photos import sample
from restoration.tasks.denoise import conditioning
from restoration.tasks.repair import completed_by, probability_by

FOLDER = Path(__file__).parents[1] / "data" / "goldens"
RESTORING, EXPLORING = {card.name: card for card in models()}, cards()
# In units of the output, or of its size where it is beyond 1. Outputs are stored as float16, whose steps below 1 are
# at most 0.0005; runtimes and processors differ by less than 0.0001.
TOLERANCE = 1e-3
EXPLORED_IMAGES = 2


def first_input(name):
    """Make the input that is stored for a network, uint8."""
    if name in EXPLORING:
        images = datasets.load(EXPLORING[name].data).test.images
        return _eight_bits(images[: EXPLORED_IMAGES if images[0].size < 1000 else 1])
    cat, task = sample("Cat").pixels, RESTORING[name].task
    if task == "upscale":
        return _eight_bits(shrink(cat[90:126, 150:201], 3))
    crop = cat[90:114, 150:187]
    if task == "scan":  # as the soft-tissue window
        return _eight_bits(add_noise(crop[..., :1], level=10 / 255, seed=0))
    if task == "compress":
        return _eight_bits(cat[90:154, 150:214])  # a multiple of 64
    if task == "repair":
        return _eight_bits(draw_damage(crop, amount=0.1, kinds=("scratches",), seed=0)[0])
    return _eight_bits(add_noise(crop, level=25 / 255, seed=0) if task == "denoise" else cat[60:130, 130:210])


def _eight_bits(image):
    return np.rint(np.clip(image, 0, 1) * 255).astype(np.uint8)


def outputs(name, image):
    """Return {what: array} that a network gives for an input in [0, 1], in float32."""
    if name in EXPLORING:
        return _explored(name, image)
    card = RESTORING[name]
    if card.task == "colorize":
        hints = [] if card.preset == "lecture" else [(30, 40, (0.8, 0.4, 0.2))]
        return {"colorized": restoration.colorize(image, preset=card.preset, hints=hints)[::2, ::2]}
    if card.task in ("denoise", "scan"):
        model = Model(card, "float32")
        conditioned, given = (conditioning, 25 / 255) if card.task == "denoise" else (scan_units.conditioning, 0.1)
        return {"blind": model(image, conditioned(None)), "sigma given": model(image, conditioned(given))}
    if card.task in ("compress", "repair"):
        return _parts(card, image) if card.task == "compress" else _repaired(Model(card, "float32"), image)
    if card.scales == [1]:
        return {"sharpened": Model(card, "float32")(image)}
    return {f"x{scale}": Model(card, "float32", scale=scale)(image) for scale in card.scales}


def _explored(name, image):
    if not EXPLORING[name].config:
        return {"probabilities": pretrained.load_classifier(EXPLORING[name].data)(image)}
    autoencoder = pretrained.load_autoencoder(name)
    codes = autoencoder.encode(image)
    return {"codes": codes, "decoded": autoencoder.decode(codes)}


def _parts(card, image):
    """Run each part of a network that compresses, without rounding between them, which would decide by a last digit."""
    run = {part: load_runner(card, "float32", part=part) for part in PARTS}
    code = run["analysis"](to_nchw(image[None]))
    hyper_code = run["hyper_analysis"](code)
    found = {
        "code": code,
        "hyper code": hyper_code,
        "means": run["means"](hyper_code),
        "image": run["synthesis"](code),
    }
    return {what: np.array(value) for what, value in found.items()}


def _repaired(model, image):
    if model.card.preset == "damage":
        return {"probability": probability_by(model, image)}
    holes = np.zeros(image.shape[:2], bool)
    holes[6:16, 8:28] = True
    return {"completed": completed_by(model, image, holes)}


def difference(found, stored):
    """Return the error of each value, in units of `TOLERANCE`'s."""
    stored = stored.astype(np.float32)
    return np.abs(found - stored) / np.maximum(1, np.abs(stored))


def in_words(what, errors):
    """Return the histogram of errors, for the failure to show."""
    edges = [0, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, np.inf]
    counts, _ = np.histogram(errors, edges)
    shares = (
        f"{100 * count / errors.size:.1f} % below {edge:g}" for count, edge in zip(counts, edges[1:], strict=True)
    )
    return (
        f"{what}: {(errors > TOLERANCE).sum()} of {errors.size} values differ by more than {TOLERANCE:g}, the largest "
        f"by {errors.max():.4g}, on average {errors.mean():.2g}; by decade: {', '.join(shares)}"
    )


@pytest.mark.parametrize("name", [*RESTORING, *EXPLORING])
def test_a_network_gives_what_it_gave_when_it_was_published(name, update_goldens):
    path = FOLDER / f"{name}.npz"
    if update_goldens:
        given = first_input(name)
        found = outputs(name, given.astype(np.float32) / 255)
        FOLDER.mkdir(exist_ok=True)
        np.savez_compressed(path, input=given, **{what: value.astype(np.float16) for what, value in found.items()})
    assert path.exists(), "run pytest tests/inference/test_golden.py --update-goldens"
    with np.load(path) as golden:
        stored = dict(golden)
    found = outputs(name, stored.pop("input").astype(np.float32) / 255)
    assert found.keys() == stored.keys()
    assert all(found[what].shape == stored[what].shape for what in stored)
    errors = {what: difference(found[what], stored[what]) for what in stored}
    wrong = [in_words(what, own) for what, own in errors.items() if own.max() > TOLERANCE]
    assert not wrong, "; ".join(wrong)


def test_every_golden_belongs_to_a_network():
    assert {path.stem for path in FOLDER.glob("*.npz")} == {*RESTORING, *EXPLORING}


def test_a_small_change_of_the_output_is_found_and_said_in_numbers():
    stored = np.linspace(0, 1, 100).astype(np.float16)
    errors = difference(stored.astype(np.float32) + np.float32(0.002) * (np.arange(100) == 3), stored)
    assert errors.max() > TOLERANCE
    assert "1 of 100 values differ by more than 0.001, the largest by 0.002" in in_words("blind", errors)
