"""How each network that compresses is trained: a row each."""

from restoration.train.compress_pairs import PATCHES_IN_WORDS, PRICES, compress_pair, compress_validation_pair
from restoration.train.recipe import CompressRecipe
from restoration.train.recipe import ScheduleStage as Stage
from restoration.train.training_data import PHOTOGRAPHS, PHOTOGRAPHS_LICENCE

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
