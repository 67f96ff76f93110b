"""How each network that enlarges is trained: a row each."""

from restoration.degrade.low_resolution import DEGRADATION_IN_WORDS
from restoration.train.drawn_patches import drawn_in_words
from restoration.train.recipe import RestorationRecipe
from restoration.train.recipe import ScheduleStage as Stage
from restoration.train.training_data import BY_PLACE, PHOTOGRAPHS, PHOTOGRAPHS_LICENCE, SET5_WOMAN
from restoration.train.upscale_pairs import (
    DRAWN,
    enlarged_pair,
    enlarged_validation_pair,
    reduced_pairs,
    reduced_validation_pair,
    second_order_pairs,
    second_order_validation_pair,
)

UPSCALE = (
    RestorationRecipe(
        name="upscale-faithful-5",
        start="upscale-faithful-4",
        hours=0.72,
        builder="upscaling_autoencoder",
        config={"widths": [64, 128, 192], "blocks": [1, 3, 3], "scales": [2, 3, 4]},
        scale=4,
        pair=reduced_pairs,
        degradation="reduction by 2, 3 and 4, rounded to 8 bits: bicubic with antialiasing (45 %), the same after "
        f"a blur (15 %), or with or without antialiasing, by averages or by dropping pixels; {drawn_in_words(DRAWN)}",
        validation_pair=reduced_validation_pair,
        loss="luma_psnr",
        stages=(Stage(1.0, 192, 4),),
        optimizer="muon",
        peak_rate=4e-4,
        final_rate=1e-6,
        warmup_steps=100,
        weight_decay=1e-5,
        ema_decay=0.999,
        seed=1,
        data=PHOTOGRAPHS,
        licence=PHOTOGRAPHS_LICENCE,
        limits="Made for clean pictures that were reduced: noise and JPEG blocks are enlarged with the rest.",
    ),
    RestorationRecipe(
        name="upscale-photo-6",
        start="upscale-photo-5",
        hours=1.4,
        builder="upscaling_autoencoder",
        config={"widths": [64, 128, 192], "blocks": [1, 3, 3], "scales": [2, 3, 4]},
        scale=4,
        pair=second_order_pairs,
        degradation=f"second-order degradation and reduction by 2, 3 and 4: {DEGRADATION_IN_WORDS}; a third of the "
        "pairs only reduced, with or without antialiasing, by averages or by dropping pixels, half of them saved as "
        f"JPEG; {drawn_in_words(DRAWN)}",
        validation_pair=second_order_validation_pair,
        loss="perceptual",
        stages=(Stage(1.0, 192, 4),),
        optimizer="muon",
        peak_rate=3e-4,
        final_rate=1e-6,
        warmup_steps=100,
        weight_decay=1e-5,
        ema_decay=0.999,
        seed=6,
        data=PHOTOGRAPHS,
        licence=PHOTOGRAPHS_LICENCE,
        limits="It smooths what it takes for noise or compression, so fine texture of a clean picture is lost; it "
        "invents no texture, so faces and letters of a few pixels stay unreadable.",
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
