"""How each small network of the exploration pages is trained: a row each."""

from restoration.train.explore_images import photo_crops, training_images, varied_faces
from restoration.train.recipe import ExploreRecipe
from restoration.train.training_data import PHOTOGRAPHS, PHOTOGRAPHS_LICENCE, SET5_WOMAN

SET_LICENCE = "as in restoration/explore/sets/README.md"
SET = {"data": "the training part of the set", "licence": SET_LICENCE, "images": training_images}
# Enlarged by repetition: transposed convolutions of so few channels leave a pattern in what they decode.
SMALL = {"hidden": (16, 32), "upscaling": "upsample", "seed": 0}
PLAIN_MAP = {"kind": "convolutional", "code_size": 2, "dense": (128, 64), **SMALL}
VARIATIONAL_MAP = {"kind": "variational", "code_size": 2, "dense": (128, 64), **SMALL}
VARIATIONAL = {"kind": "variational", "code_size": 16, **SMALL}
PLAIN = {"kind": "convolutional", "code_size": 16, **SMALL}
MAP_LIMITS = "Two numbers cannot hold a picture of this set: what is decoded is the average of all that share a place."
DIGIT_LIMITS = "Strokes thinner than two pixels and rare ways of writing come out as common ones."
FASHION_LIMITS = "Prints, folds and buttons are lost; what is left is cut and brightness."
DIGIT_SAMPLE_LIMITS = (
    "Nothing tells it where to put its codes, so random codes decode to nonsense: it is there to show that."
)
FASHION_SAMPLE_LIMITS = (
    "Nothing tells it where to put its codes: nothing it was taught makes a random code a garment, though the "
    "classifier is as sure of these as of the variational network's."
)
CLASSIFIER_LIMITS = "Sure of nonsense at times: its confidence tells likeness to the ten classes, not truth."


def _on_set(name, data_set, config, epochs, limits):
    """Return the recipe of a small network that learns from the training part of its set alone."""
    return ExploreRecipe(name=name, data_set=data_set, config=config, epochs=epochs, limits=limits, **SET)


EXPLORE = (
    _on_set("map-digits-plain-1", "digits", PLAIN_MAP, 24, MAP_LIMITS),
    _on_set("map-digits-variational-1", "digits", VARIATIONAL_MAP, 24, MAP_LIMITS),
    _on_set("map-fashion-plain-1", "fashion", PLAIN_MAP, 20, MAP_LIMITS),
    _on_set("map-fashion-variational-1", "fashion", VARIATIONAL_MAP, 24, MAP_LIMITS),
    _on_set("blend-digits-1", "digits", VARIATIONAL, 30, DIGIT_LIMITS),
    _on_set("blend-fashion-1", "fashion", VARIATIONAL, 20, FASHION_LIMITS),
    _on_set("sample-digits-plain-1", "digits", PLAIN, 20, DIGIT_SAMPLE_LIMITS),
    _on_set("sample-fashion-plain-1", "fashion", PLAIN, 20, FASHION_SAMPLE_LIMITS),
    _on_set("classifier-digits-1", "digits", {}, 15, CLASSIFIER_LIMITS),
    _on_set("classifier-fashion-1", "fashion", {}, 20, CLASSIFIER_LIMITS),
    ExploreRecipe(
        name="blend-faces-1",
        data_set="faces",
        config={
            "kind": "variational",
            "code_size": 48,
            "hidden": (32, 64),
            "loss": "mean_squared_error",
            "kl_weight": 0.0008,
            "seed": 0,
        },
        epochs=40,
        images=varied_faces,
        data="80 of the 100 faces of scikit-image's lfw_subset, mirrored, moved, lighter and darker",
        licence="scikit-image's lfw_subset, from Labeled Faces in the Wild: research use",
        limits="Learned from 80 faces of 25 x 25 pixels, so every face it draws is a mixture of those.",
    ),
    ExploreRecipe(
        name="blend-photos-1",
        data_set="photos",
        config={
            "kind": "variational",
            "code_size": 256,
            "hidden": (32, 48, 64, 96),
            "loss": "mean_squared_error",
            "kl_weight": 0.004,
            "seed": 0,
        },
        epochs=34,
        batch=64,
        learning_rate=1.5e-3,
        images=photo_crops,
        needs_photos=True,
        data=f"crops of 1226 photographs: {PHOTOGRAPHS}",
        licence=PHOTOGRAPHS_LICENCE,
        limits="256 numbers for 12288: large shapes and colours survive, texture and small things do not.",
        differences=(SET5_WOMAN, "No photograph was held back; today one in a hundred is."),
    ),
)
