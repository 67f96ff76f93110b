"""How each network that denoises is trained: a row each."""

from functools import partial

from restoration.train.denoise_pairs import denoising_pair, denoising_validation_pair, noise_in_words
from restoration.train.recipe import RestorationRecipe
from restoration.train.recipe import ScheduleStage as Stage
from restoration.train.training_data import BSDS500_THRICE, BY_PLACE, PHOTOGRAPHS, PHOTOGRAPHS_LICENCE, SET5_WOMAN

# Shares of the kinds of noise.
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

FAST_LIMITS = (
    "Finer texture is lost sooner than by the best network, and dense texture may be taken for noise where there is "
    "little of it; coarse film grain and dust stay."
)
BEST_LIMITS = (
    "Fine texture that is weaker than the noise is lost, and dense texture may be taken for noise where there is "
    "little of it; coarse film grain and dust stay."
)
ALIGNED = "JPEG blocks and the mosaics of cameras began at the patch's corner; today they begin anywhere."
RESCHEDULED = (
    "Its budget was 1.7 hours at first, then 2.2, then 1.95, and the learning rate followed; on one core, which other "
    "work shared."
)

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
