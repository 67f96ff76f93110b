"""How each network that denoises scans is trained: a row each."""

from restoration.image.hounsfield import NOT_FOR_DIAGNOSIS
from restoration.train.recipe import ScanRecipe
from restoration.train.recipe import ScheduleStage as Stage
from restoration.train.scan_pairs import SCAN_IN_WORDS

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
        limits=f"{NOT_FOR_DIAGNOSIS} It learned from simulated noise of one kind of "
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
        limits=f"{NOT_FOR_DIAGNOSIS} It returns the soft-tissue window alone, and everything "
        "passes through a code the size of the slice, so all fine detail is lost: a baseline to learn from.",
    ),
)
