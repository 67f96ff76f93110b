"""How each network that colours is trained: a row each."""

from restoration.image.color_bins import bin_colors
from restoration.train.colorize_pairs import color_pair, lecture_pair
from restoration.train.efficientnet_import import LITE
from restoration.train.recipe import ColorizeRecipe
from restoration.train.recipe import ScheduleStage as Stage
from restoration.train.training_data import BY_NAME, COLOR_LICENCE, COLOR_PHOTOGRAPHS, SET5_WOMAN

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
