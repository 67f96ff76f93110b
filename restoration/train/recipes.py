"""One row per network: what is trained and how. Adding a network means adding a row."""

from functools import partial

from restoration.degrade.low_resolution import DEGRADATION_IN_WORDS
from restoration.image.color_bins import bin_colors
from restoration.train.colorize_pairs import color_pair, lecture_pair
from restoration.train.compress_pairs import PATCHES_IN_WORDS, PRICES, compress_pair, compress_validation_pair
from restoration.train.damage_pairs import (
    DAMAGE_IN_WORDS,
    HOLES_IN_WORDS,
    completion_pair,
    completion_validation_pair,
    damage_pair,
    damage_validation_pair,
)
from restoration.train.denoise_pairs import denoising_pair, denoising_validation_pair, noise_in_words
from restoration.train.efficientnet_import import LITE
from restoration.train.explore_images import photo_crops, training_images, varied_faces
from restoration.train.recipe import (
    ColorizeRecipe,
    CompressRecipe,
    ExploreRecipe,
    Recipe,
    RepairRecipe,
    RestorationRecipe,
    ScanRecipe,
)
from restoration.train.recipe import ScheduleStage as Stage
from restoration.train.scan_pairs import SCAN_IN_WORDS
from restoration.train.upscale_pairs import (
    enlarged_pair,
    enlarged_validation_pair,
    reduced_pairs,
    reduced_validation_pair,
    second_order_pairs,
    second_order_validation_pair,
)

# ---- shares of the kinds of noise

LECTURE_NOISE = {
    "white": 0.60,
    "white, 8 bits": 0.12,
    "correlated": 0.12,
    "photons": 0.08,
    "JPEG": 0.04,
    "salt and pepper": 0.04,
}
CAMERA_NOISE = {
    "white": 0.50,
    "white, 8 bits": 0.03,
    "camera": 0.13,
    "correlated": 0.02,
    "scan": 0.03,
    "photons": 0.02,
    "JPEG": 0.05,
    "salt and pepper": 0.01,
    "processing camera": 0.05,
    "developed": 0.11,
    "none": 0.05,
}
GRID_NOISE = {
    "white": 0.43,
    "white, 8 bits": 0.03,
    "camera": 0.12,
    "correlated": 0.02,
    "scan": 0.03,
    "photons": 0.02,
    "JPEG": 0.08,
    "salt and pepper": 0.01,
    "processing camera": 0.05,
    "developed": 0.09,
    "none": 0.06,
    "reduced JPEG": 0.03,
    "banding": 0.03,
}
DRAWN = 0.08

# ---- words of the cards

PHOTOGRAPHS = "BSDS500 (train and test parts), free wallpapers, NIPS 2017 adversarial development set"
BSDS500_THRICE = (
    "BSDS500 (train and test parts, three times as often as the rest), free wallpapers, NIPS 2017 adversarial "
    "development set"
)
PHOTOGRAPHS_LICENCE = "BSDS500: research use; wallpapers: CC0, CC-BY, CC-BY-SA or GPL by file; NIPS 2017: CC-BY 2.0"
COLOR_PHOTOGRAPHS = (
    "BSDS500, wallpapers, NIPS 2017, ImageNet, Caltech-101, scenes, pets, flowers, clothing, groceries, streets"
)
COLOR_LICENCE = (
    "ImageNet, Caltech-101, Kaggle sets: research use; NIPS 2017: CC-BY 2.0; wallpapers by file; encoder: Apache-2.0"
)
FAST_LIMITS = (
    "Finer texture is lost sooner than by the best network, and dense texture may be taken for noise where there is "
    "little of it; coarse film grain and dust stay."
)
BEST_LIMITS = (
    "Fine texture that is weaker than the noise is lost, and dense texture may be taken for noise where there is "
    "little of it; coarse film grain and dust stay."
)
SET5_WOMAN = "A photograph of BSDS500 (302003), left out today, was among the rest; reduced it is an image of Set5."
BY_PLACE = "Every hundredth photograph in the order of names was held back, not by a hash of the content."
BY_NAME = "One photograph in a hundred was held back by a checksum of its name, not by a hash of the content."
ALIGNED = "JPEG blocks and the mosaics of cameras began at the patch's corner; today they begin anywhere."

RESCHEDULED = (
    "Its budget was 1.7 hours at first, then 2.2, then 1.95, and the learning rate followed; on one core, which other "
    "work shared."
)

# ---- networks that denoise

DENOISE = (
    RestorationRecipe(
        name="denoise-fast-9",
        start="denoise-fast-8",
        hours=1.95,
        builder="residual_autoencoder",
        config={
            "widths": [64, 128, 192],
            "blocks": [0, 1, 2],
            "decoder_blocks": [0, 2],
            "closing": 1,
            "decoder": "transpose",
        },
        pair=partial(denoising_pair, shares=GRID_NOISE, drawn=DRAWN),
        degradation=noise_in_words(GRID_NOISE, DRAWN),
        validation_pair=denoising_validation_pair,
        loss="mean_psnr",
        stages=(Stage(0.4, 96, 12), Stage(1.0, 128, 8)),
        optimizer="muon",
        peak_rate=4e-4,
        final_rate=2e-5,
        warmup_steps=300,
        weight_decay=1e-5,
        ema_decay=0.9995,
        seed=9,
        folder_repeats={"bsds500": 3},
        data=BSDS500_THRICE,
        licence=PHOTOGRAPHS_LICENCE,
        limits=FAST_LIMITS,
        differences=(
            SET5_WOMAN,
            BY_PLACE,
            RESCHEDULED,
        ),
    ),
    RestorationRecipe(
        name="denoise-fast-8",
        start="denoise-fast-7",
        hours=0.4,
        builder="residual_autoencoder",
        config={
            "widths": [64, 128, 192],
            "blocks": [0, 1, 2],
            "decoder_blocks": [0, 2],
            "closing": 1,
            "decoder": "transpose",
        },
        pair=partial(denoising_pair, shares=CAMERA_NOISE),
        degradation=noise_in_words(CAMERA_NOISE),
        validation_pair=denoising_validation_pair,
        loss="mean_psnr",
        stages=(Stage(0.4, 96, 12), Stage(1.0, 128, 8)),
        optimizer="muon",
        peak_rate=2e-4,
        final_rate=2e-5,
        warmup_steps=300,
        weight_decay=1e-5,
        ema_decay=0.9995,
        seed=8,
        folder_repeats={"bsds500": 3},
        data=BSDS500_THRICE,
        licence=PHOTOGRAPHS_LICENCE,
        limits=FAST_LIMITS,
        differences=(SET5_WOMAN, BY_PLACE, ALIGNED),
    ),
    RestorationRecipe(
        name="denoise-best-14",
        start="denoise-best-13",
        hours=1.95,
        builder="residual_autoencoder",
        config={"widths": [64, 128, 256], "blocks": [4, 4, 2], "closing": 1, "decoder": "transpose"},
        pair=partial(denoising_pair, shares=GRID_NOISE, drawn=DRAWN),
        degradation=noise_in_words(GRID_NOISE, DRAWN),
        validation_pair=denoising_validation_pair,
        loss="seen_psnr",
        stages=(Stage(0.6, 128, 6), Stage(1.0, 160, 4)),
        optimizer="muon",
        peak_rate=3e-4,
        final_rate=2e-5,
        warmup_steps=300,
        weight_decay=1e-5,
        ema_decay=0.9995,
        seed=14,
        folder_repeats={"bsds500": 3},
        data=BSDS500_THRICE,
        licence=PHOTOGRAPHS_LICENCE,
        limits=BEST_LIMITS,
        differences=(
            SET5_WOMAN,
            BY_PLACE,
            RESCHEDULED,
        ),
    ),
    RestorationRecipe(
        name="denoise-best-13",
        start="denoise-best-12",
        hours=0.5,
        builder="residual_autoencoder",
        config={"widths": [64, 128, 256], "blocks": [4, 4, 2], "closing": 1, "decoder": "transpose"},
        pair=partial(denoising_pair, shares=CAMERA_NOISE),
        degradation=noise_in_words(CAMERA_NOISE),
        validation_pair=denoising_validation_pair,
        loss="seen_psnr",
        stages=(Stage(0.6, 128, 6), Stage(1.0, 160, 4)),
        optimizer="muon",
        peak_rate=1.5e-4,
        final_rate=2e-5,
        warmup_steps=300,
        weight_decay=1e-5,
        ema_decay=0.9995,
        seed=13,
        folder_repeats={"bsds500": 3},
        data=BSDS500_THRICE,
        licence=PHOTOGRAPHS_LICENCE,
        limits=BEST_LIMITS,
        differences=(SET5_WOMAN, BY_PLACE, ALIGNED),
    ),
    RestorationRecipe(
        name="denoise-lecture-1",
        hours=0.25,
        builder="bottleneck_autoencoder",
        config={"widths": [64, 128, 64], "decoder": "transpose"},
        pair=partial(denoising_pair, shares=LECTURE_NOISE),
        degradation=noise_in_words(LECTURE_NOISE),
        validation_pair=denoising_validation_pair,
        loss="mean_psnr",
        stages=(Stage(0.7, 64, 32), Stage(1.0, 96, 32)),
        optimizer="adam",
        peak_rate=1e-3,
        final_rate=1e-6,
        warmup_steps=300,
        weight_decay=1e-5,
        ema_decay=0.999,
        seed=1,
        data=PHOTOGRAPHS,
        licence=PHOTOGRAPHS_LICENCE,
        limits="Everything passes through a code a third of the picture's size, so all fine detail is lost: "
        "a baseline to learn from.",
        differences=(SET5_WOMAN, BY_PLACE, ALIGNED, "JPEG always came after noise; today in half of its patches."),
    ),
)

# ---- networks that enlarge

UPSCALE = (
    RestorationRecipe(
        name="upscale-faithful-4",
        start="upscale-faithful-3",
        hours=0.68,
        builder="upscaling_autoencoder",
        config={"widths": [64, 128], "blocks": [1, 3], "scales": [2, 3, 4]},
        scale=4,
        pair=reduced_pairs,
        degradation="bicubic reduction by 2, 3 and 4 with antialiasing, rounded to 8 bits",
        validation_pair=reduced_validation_pair,
        loss="luma_psnr",
        stages=(Stage(1.0, 192, 6),),
        optimizer="muon",
        peak_rate=3e-4,
        final_rate=1e-6,
        warmup_steps=100,
        weight_decay=1e-5,
        ema_decay=0.999,
        seed=1,
        data=PHOTOGRAPHS,
        licence=PHOTOGRAPHS_LICENCE,
        limits="Made for clean pictures that were reduced: noise and JPEG blocks are enlarged with the rest.",
        differences=(
            SET5_WOMAN,
            BY_PLACE,
        ),
    ),
    RestorationRecipe(
        name="upscale-photo-4",
        start="upscale-photo-3",
        hours=1.0,
        builder="upscaling_autoencoder",
        config={"widths": [64, 128], "blocks": [1, 3], "scales": [2, 3, 4]},
        scale=4,
        pair=second_order_pairs,
        degradation=f"second-order degradation and reduction by 2, 3 and 4: {DEGRADATION_IN_WORDS}",
        validation_pair=second_order_validation_pair,
        loss="edges",
        stages=(Stage(0.75, 168, 5), Stage(1.0, 192, 6)),
        optimizer="muon",
        peak_rate=5e-4,
        final_rate=1e-6,
        warmup_steps=100,
        weight_decay=1e-5,
        ema_decay=0.999,
        seed=4,
        data=PHOTOGRAPHS,
        licence=PHOTOGRAPHS_LICENCE,
        limits="It smooths what it takes for noise or compression, so fine texture of a clean picture is lost; it "
        "invents no texture, so faces and letters of a few pixels stay unreadable.",
        differences=(
            SET5_WOMAN,
            BY_PLACE,
        ),
    ),
    RestorationRecipe(
        name="upscale-lecture-1",
        hours=0.55,
        builder="bottleneck_autoencoder",
        config={"widths": [64, 128, 64], "decoder": "transpose", "extra": 0},
        pair=enlarged_pair,
        degradation="bicubic reduction by 2, 3 or 4, rounded to 8 bits, and bicubic enlargement to the size before",
        validation_pair=enlarged_validation_pair,
        loss="mean_psnr",
        stages=(Stage(1.0, 96, 16),),
        optimizer="adam",
        peak_rate=1e-3,
        final_rate=1e-6,
        warmup_steps=300,
        weight_decay=1e-5,
        ema_decay=0.999,
        seed=1,
        data=PHOTOGRAPHS,
        licence=PHOTOGRAPHS_LICENCE,
        limits="Everything passes through a code a third of the picture's size, so the result is blurred more than "
        "bicubic interpolation: a baseline to learn from.",
        differences=(
            SET5_WOMAN,
            BY_PLACE,
        ),
    ),
)

# ---- networks that repair

REPAIR = (
    RepairRecipe(
        name="repair-damage-3",
        start="repair-damage-2",
        hours=1.2,
        builder="damage_autoencoder",
        config={"widths": [48, 80, 96, 128], "encoder_blocks": [0, 1, 1, 2], "decoder_blocks": [1, 0, 1]},
        output="damage logits",
        pair=damage_pair,
        degradation=DAMAGE_IN_WORDS,
        validation_pair=damage_validation_pair,
        loss="damage",
        stages=(Stage(1.0, 192, 8),),
        optimizer="muon",
        peak_rate=6e-4,
        final_rate=1e-6,
        warmup_steps=200,
        weight_decay=1e-5,
        ema_decay=0.999,
        seed=3,
        data=PHOTOGRAPHS,
        licence=PHOTOGRAPHS_LICENCE,
        limits="It learned from drawn damage: a thin thing of the scene that looks like a scratch may be taken for "
        "one, and faint stains and wide faded areas are not found.",
    ),
    RepairRecipe(
        name="repair-complete-2",
        start="repair-complete-1",
        hours=1.2,
        builder="completion_autoencoder",
        config={
            "widths": [64, 96, 128, 160, 192],
            "encoder_blocks": [1, 2, 2, 1, 3],
            "decoder_blocks": [1, 2, 2, 1],
        },
        output="rgb",
        pair=completion_pair,
        degradation=HOLES_IN_WORDS,
        validation_pair=completion_validation_pair,
        loss="completion",
        stages=(Stage(1.0, 256, 4),),
        optimizer="muon",
        peak_rate=6e-4,
        final_rate=1e-6,
        warmup_steps=200,
        weight_decay=1e-5,
        ema_decay=0.999,
        seed=2,
        data=PHOTOGRAPHS,
        licence=PHOTOGRAPHS_LICENCE,
        limits="What fills a hole is invented: lines and areas go on, objects and texture that lie wholly in the hole "
        "do not come back, and large holes are filled smoothly.",
    ),
    RepairRecipe(
        name="repair-lecture-1",
        hours=0.3,
        builder="bottleneck_autoencoder",
        config={"widths": [64, 128, 64], "decoder": "transpose", "extra": 1},
        output="rgb",
        pair=completion_pair,
        degradation=HOLES_IN_WORDS,
        validation_pair=completion_validation_pair,
        loss="completion",
        stages=(Stage(0.7, 96, 16), Stage(1.0, 128, 16)),
        optimizer="adam",
        peak_rate=1e-3,
        final_rate=1e-6,
        warmup_steps=300,
        weight_decay=1e-5,
        ema_decay=0.999,
        seed=1,
        data=PHOTOGRAPHS,
        licence=PHOTOGRAPHS_LICENCE,
        limits="Everything passes through a code a third of the picture's size, so all fine detail is lost, and it "
        "does not see across holes of more than some 30 pixels: a baseline to learn from.",
    ),
)

# ---- networks that compress

COMPRESS = (
    CompressRecipe(
        name="compress-best-1",
        hours=2.0,
        builder="compression_autoencoder",
        config={
            "widths": [48, 96, 160, 192],
            "encoder_blocks": [0, 1, 1],
            "decoder_blocks": [0, 1, 2],
            "hyper_width": 96,
            "scale_width": 64,
            "qualities": len(PRICES),
        },
        pair=compress_pair,
        degradation=PATCHES_IN_WORDS,
        validation_pair=compress_validation_pair,
        loss="rate_distortion",
        stages=(Stage(0.6, 128, 16), Stage(1.0, 256, 4)),
        optimizer="muon",
        peak_rate=1e-3,
        final_rate=1e-6,
        warmup_steps=200,
        weight_decay=0.0,
        ema_decay=0.999,
        whole_image=True,
        seed=1,
        data=PHOTOGRAPHS,
        licence=PHOTOGRAPHS_LICENCE,
        limits="Photographs at low bit rates; text and drawings lose more, and no quality gives the pixels back "
        "exactly.",
    ),
)

# ---- networks that denoise scans

SCANS = "computed tomography of chest and abdomen, TCGA-LUAD and TCGA-LUSC of The Cancer Imaging Archive"
SCANS_LICENCE = "TCGA-LUAD, TCGA-LUSC: CC BY 3.0"
SCAN = (
    ScanRecipe(
        name="scan-best-1",
        start="denoise-fast-9",
        hours=1.0,
        builder="residual_autoencoder",
        config={
            "widths": [64, 128, 192],
            "blocks": [0, 1, 2],
            "decoder_blocks": [0, 2],
            "closing": 1,
            "decoder": "transpose",
            "channels": 1,
        },
        degradation=SCAN_IN_WORDS,
        loss="mean_psnr",
        stages=(Stage(0.6, 96, 8), Stage(1.0, 128, 6)),
        optimizer="muon",
        peak_rate=8e-4,
        final_rate=1e-5,
        warmup_steps=200,
        weight_decay=1e-5,
        ema_decay=0.999,
        seed=1,
        data=SCANS,
        licence=f"{SCANS_LICENCE}; the photographs of denoise-fast-9, which it started from: as its card says",
        limits="For teaching and research, not for diagnosis. It learned from simulated noise of one kind of "
        "reconstruction in chest and abdomen: a small thing that is weaker than the noise may be smoothed away.",
    ),
    ScanRecipe(
        name="scan-lecture-1",
        hours=0.17,
        builder="bottleneck_autoencoder",
        config={"widths": [64, 128, 64], "decoder": "transpose", "channels": 1},
        cut=True,
        degradation=SCAN_IN_WORDS,
        loss="mean_psnr",
        stages=(Stage(0.7, 64, 32), Stage(1.0, 96, 32)),
        optimizer="adam",
        peak_rate=1e-3,
        final_rate=1e-6,
        warmup_steps=200,
        weight_decay=1e-5,
        ema_decay=0.999,
        seed=1,
        data=SCANS,
        licence=SCANS_LICENCE,
        limits="For teaching and research, not for diagnosis. It returns the soft-tissue window alone, and everything "
        "passes through a code the size of the slice, so all fine detail is lost: a baseline to learn from.",
    ),
)

# ---- networks that colour

COLORIZE = (
    ColorizeRecipe(
        name="colorize-best-2",
        encoder=1,
        hours=1.0,
        builder="color_autoencoder",
        config={
            "encoder": LITE[1],
            "widths": [240, 160, 112],
            "hints": [128, 80, 56, 40],
            "colors": len(bin_colors()),
            "dropout": 0.2,
        },
        output="bin logits",
        pair=color_pair,
        degradation="half of the gray versions changed in tone, some blurred or grainy; hints in a third",
        loss="color",
        stages=(Stage(0.4, 96, 32), Stage(1.0, 128, 32)),
        optimizer="adam",
        peak_rate=1e-3,
        final_rate=1e-5,
        warmup_steps=200,
        weight_decay=0.02,
        clip_norm=1.0,
        ema_decay=0.998,
        seed=1,
        data=COLOR_PHOTOGRAPHS,
        licence=COLOR_LICENCE,
        limits="Colours are invented: it knows sky, grass, skin and wood, and paints what can have any colour "
        "(clothes, cars, walls) pale or wrong; small things may take the colour of what lies around them.",
        differences=(SET5_WOMAN, BY_NAME),
    ),
    ColorizeRecipe(
        name="colorize-lecture-1",
        hours=0.2,
        builder="dense_color_autoencoder",
        config={"side": 32, "widths": [64, 128, 256], "code": 256},
        output="rgb",
        pair=lecture_pair,
        degradation="half of the gray versions changed in tone, some blurred or grainy",
        loss="squared",
        stages=(Stage(1.0, 32, 64),),
        optimizer="adam",
        peak_rate=1e-3,
        final_rate=1e-5,
        warmup_steps=200,
        weight_decay=1e-3,
        clip_norm=1.0,
        ema_decay=0.998,
        seed=1,
        data=COLOR_PHOTOGRAPHS,
        licence=COLOR_LICENCE,
        limits="Everything passes through 256 numbers at 32 x 32 pixels, so colours are vague clouds: a baseline to "
        "learn from.",
        differences=(SET5_WOMAN, BY_NAME),
    ),
)

# ---- small networks of the exploration pages

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

RECIPES: dict[str, Recipe] = {
    recipe.name: recipe for recipe in (*DENOISE, *UPSCALE, *REPAIR, *COMPRESS, *SCAN, *COLORIZE, *EXPLORE)
}
