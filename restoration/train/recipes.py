"""What is trained and how: one row per published network. Adding a network means adding a row."""

from dataclasses import dataclass, field, replace
from functools import partial

from restoration.degrade.low_resolution import DEGRADATION_IN_WORDS
from restoration.train.denoise_pairs import (
    ANY_GRID,
    DEVELOPED,
    MIXED,
    PLAINER,
    PROCESSED,
    denoising_pair,
    judged_denoising,
    noise_in_words,
)
from restoration.train.upscale_pairs import (
    enlarged_pair,
    judged_enlarged,
    judged_upscaling,
    judged_worn,
    upscaling_pairs,
    worn_pairs,
)


@dataclass(frozen=True)
class Stage:
    """A part of the schedule: until which share of the time, on patches of which side, how many at once."""

    until: float
    side: int
    batch: int


@dataclass(frozen=True)
class Recipe:
    """All that decides a training, short of the photographs and the hours.

    Parameters
    ----------
    task, preset : str
        Who asks for the network, and under which name the user picks it.
    builder : str
        A key of `restoration.networks.BUILDERS`.
    config : dict
        The builder's arguments.
    pair : callable
        ``pair(generator, patch) -> (given, truth)``: from a clean patch (side, side, 3) float32 in [0, 1] to the
        network's input (side, side, C + extra) and the wanted output, which may be `scale` times as large.
    judged : callable
        Like `pair`, without chance beyond its generator: what networks are compared on.
    loss : str
        A key of `restoration.train.losses.LOSSES`.
    averaging : float
        Share of the running average of the weights that a step leaves; the average is what is published.
    decay, clip : float
        Weight decay, and the largest norm of one variable's gradient.
    kept : float
        Share of the weights that a training began from in those it publishes: what lies between two networks, of which
        one went on from the other, often does better than either (Wortsman et al. 2022, arXiv:2109.01903).
    optimizer : {"adam", "muon"}
        Whose steps: AdamW's, or `restoration.train.muon.ConvolutionalMuon`'s.
    scale : int
        Output pixels per input pixel along one side; the largest, where the network has a head for each of several.
    sees_all : bool
        Every output pixel depends on the whole picture, so there are no tiles.
    often : dict
        How many times as often as the rest the photographs of a folder are drawn.
    verdict : str
        What a trial taught.
    degradation : str
        What `pair` does, in words, for the card.
    limits : str
        Where the network fails, for the card: one plain sentence.
    """

    task: str
    preset: str
    builder: str
    config: dict
    pair: callable
    degradation: str
    limits: str
    stages: tuple[Stage, ...] = (Stage(0.45, 64, 16), Stage(0.8, 96, 16), Stage(1.0, 128, 16))
    peak_rate: float = 1e-3
    final_rate: float = 1e-6
    warmup_steps: int = 300
    averaging: float = 0.999
    kept: float = 0.0
    decay: float = 1e-5
    clip: float | None = None
    seed: int = 1
    optimizer: str = "adam"
    judged: callable = judged_denoising
    loss: str = "mean_psnr"
    scale: int = 1
    sees_all: bool = False
    often: dict = field(default_factory=dict)
    verdict: str = ""
    data: str = "BSDS500 (train and test parts), free wallpapers, NIPS 2017 adversarial development set"
    licences: str = field(
        default="BSDS500: research use; wallpapers: CC0, CC-BY, CC-BY-SA or GPL by file; NIPS 2017: CC-BY 2.0"
    )


# For networks that know something already: wide patches show them more of what lies around.
LONG = (Stage(0.4, 96, 24), Stage(0.8, 128, 16), Stage(1.0, 192, 8))
LATE = (Stage(0.5, 128, 16), Stage(1.0, 192, 8))

RECIPES = {
    "denoise-best-1": Recipe(
        task="denoise",
        preset="best",
        builder="residual_autoencoder",
        config={"widths": [64, 128, 256], "blocks": [2, 2, 1], "decoder": "transpose"},
        pair=denoising_pair,
        degradation=noise_in_words(MIXED),
        limits="Fine texture that is weaker than the noise is lost; coarse film grain and dust stay.",
    ),
    "denoise-lecture-1": Recipe(
        task="denoise",
        preset="lecture",
        builder="bottleneck_autoencoder",
        config={"widths": [64, 128, 64], "decoder": "transpose"},
        pair=denoising_pair,
        degradation=noise_in_words(MIXED),
        limits="Everything passes through a code a third of the picture's size, so all fine detail is lost: "
        "a baseline to learn from.",
        stages=(Stage(0.7, 64, 32), Stage(1.0, 96, 32)),
    ),
    "upscale-faithful-1": Recipe(
        task="upscale",
        preset="faithful",
        builder="upscaling_autoencoder",
        config={"widths": [64, 128], "blocks": [1, 3], "scales": [2, 3, 4]},
        scale=4,
        pair=upscaling_pairs,
        judged=judged_upscaling,
        loss="luma",
        degradation="bicubic reduction by 2, 3 and 4 with antialiasing, rounded to 8 bits",
        limits="Made for clean pictures that were reduced: noise and JPEG blocks are enlarged with the rest.",
        stages=(Stage(0.75, 168, 5), Stage(1.0, 192, 6)),
        averaging=0.998,
        warmup_steps=100,
    ),
}

RECIPES["denoise-fast-1"] = replace(
    RECIPES["denoise-best-1"],
    preset="fast",
    config={"widths": [64, 128, 192], "blocks": [0, 1, 1], "decoder": "transpose"},
    limits="Finer texture is lost sooner than by the best network; coarse film grain and dust stay.",
)
# The same network as before, trained on from its weights (--start) with the noise of cameras in the mix.
RECIPES["denoise-best-2"] = replace(RECIPES["denoise-best-1"], peak_rate=5e-4)

# Trained on from the version before (--start), by Muon's steps.
RECIPES["denoise-best-3"] = replace(RECIPES["denoise-best-1"], optimizer="muon", stages=LONG)
RECIPES["denoise-fast-2"] = replace(RECIPES["denoise-fast-1"], optimizer="muon", stages=LONG)
RECIPES["denoise-best-4"] = replace(RECIPES["denoise-best-3"], peak_rate=6e-4, stages=LATE)
RECIPES["denoise-fast-3"] = replace(RECIPES["denoise-fast-2"], peak_rate=6e-4, stages=LATE)
# With cameras that work on their pictures, and more white noise; small batches, for at a low rate a step of 4 patches
# gained nearly as much as one of 16.
PROCESSING = {
    "pair": partial(denoising_pair, shares=PROCESSED),
    "degradation": noise_in_words(PROCESSED),
    "peak_rate": 4e-4,
    "stages": (Stage(0.6, 128, 8), Stage(1.0, 192, 4)),
}
RECIPES["denoise-best-5"] = replace(RECIPES["denoise-best-4"], **PROCESSING, kept=0.25)
RECIPES["denoise-fast-4"] = replace(RECIPES["denoise-fast-3"], **PROCESSING)
# With what cameras make of their pictures, and pictures without noise. BSDS500 more often: trained on it alone, fast
# gained there in minutes what it lost on the other photographs, so its share decides whose texture is known best.
BERKELEY = {
    "pair": partial(denoising_pair, shares=DEVELOPED),
    "degradation": noise_in_words(DEVELOPED),
    "peak_rate": 3e-4,
    "stages": (Stage(0.7, 128, 4), Stage(1.0, 256, 1)),
    "often": {"bsds500": 3},
    "kept": 0.25,
    "data": "BSDS500 (train and test parts, three times as often as the rest), free wallpapers, NIPS 2017 adversarial "
    "development set",
}
RECIPES["denoise-best-6"] = replace(
    RECIPES["denoise-best-5"],
    **BERKELEY,
    limits="Fine texture that is weaker than the noise is lost, and dense texture may be taken for noise where there "
    "is little of it; coarse film grain and dust stay.",
)
RECIPES["denoise-fast-5"] = replace(
    RECIPES["denoise-fast-4"],
    **BERKELEY,
    limits="Finer texture is lost sooner than by the best network, and dense texture may be taken for noise where "
    "there is little of it; coarse film grain and dust stay.",
)
# Grown without a change of what it computes (`restoration.train.warm_start`): the rim of the last kernel costs no
# time, and
# a block more at half the resolution is what 400 GFLOP per megapixel leave room for. A seed of its own: by that of the
# version before it would meet the very same noise again. Both trained, and not published: 0.02 to 0.03 dB for a ninth
# more operations are what the smaller networks get for theirs.
RECIPES["denoise-best-7"] = replace(
    RECIPES["denoise-best-6"],
    config={"widths": [64, 128, 256], "blocks": [2, 2, 1], "decoder_blocks": [3, 2], "last_size": 6},
    seed=7,
)
RECIPES["denoise-best-8"] = replace(RECIPES["denoise-best-7"], seed=8)
# A shape of its own: twice as many blocks of half the price, so that every convolution of 3 x 3 has its own rectifier.
# What the version before had learned is kept where it fits (--start): blocks are new or keep the middle of a kernel. So
# much is learned anew, at a high rate, and nothing lies between the two networks.
RESHAPED = {"peak_rate": 7e-4, "kept": 0.0}
RECIPES["denoise-fast-6"] = replace(
    RECIPES["denoise-fast-5"],
    config={"widths": [64, 128, 192], "blocks": [0, 2, 2], "closing": 1, "decoder": "transpose"},
    **RESHAPED,
    stages=(Stage(0.3, 64, 16), Stage(0.6, 96, 12), Stage(0.85, 128, 8), Stage(1.0, 192, 4)),
    seed=6,
)
RECIPES["denoise-best-9"] = replace(
    RECIPES["denoise-best-6"],
    config={"widths": [64, 128, 256], "blocks": [4, 4, 2], "closing": 1, "decoder": "transpose"},
    **RESHAPED,
    stages=(Stage(0.3, 96, 8), Stage(0.6, 128, 6), Stage(0.85, 160, 4), Stage(1.0, 192, 4)),
    seed=9,
)
# Trained on from the version before (--start), with more of the plain camera, on which that had fallen behind.
# Its first 8300 steps were by the loss of that version.
RECIPES["denoise-best-10"] = replace(
    RECIPES["denoise-best-9"],
    pair=partial(denoising_pair, shares=PLAINER),
    degradation=noise_in_words(PLAINER),
    peak_rate=5e-4,
    loss="seen_psnr",
    stages=(Stage(0.45, 128, 6), Stage(0.8, 160, 4), Stage(1.0, 192, 4)),
    seed=10,
)
# On from there by that loss from the first step, and the rate not so low at the end: the last steps had given nothing.
RECIPES["denoise-best-11"] = replace(
    RECIPES["denoise-best-10"],
    peak_rate=6e-4,
    final_rate=2e-5,
    stages=(Stage(0.6, 128, 6), Stage(1.0, 160, 4)),
    seed=11,
)
# On from there at half the rate, for above 3.3e-4 the version before had only stood still; a longer average of the
# weights, since at the end they move further than before.
RECIPES["denoise-best-12"] = replace(RECIPES["denoise-best-11"], peak_rate=3e-4, averaging=0.9995, seed=12)
# And once more half of it.
RECIPES["denoise-best-13"] = replace(RECIPES["denoise-best-12"], peak_rate=1.5e-4, seed=13)
# Without the block that `denoise-fast-6` misses least of those at a quarter of the resolution, for the speed: what it
# added is learned anew by the loss of `denoise-best-10`, and more of the plain camera with it.
RECIPES["denoise-fast-7"] = replace(
    RECIPES["denoise-fast-6"],
    config={
        "widths": [64, 128, 192],
        "blocks": [0, 1, 2],
        "decoder_blocks": [0, 2],
        "closing": 1,
        "decoder": "transpose",
    },
    pair=partial(denoising_pair, shares=PLAINER),
    degradation=noise_in_words(PLAINER),
    loss="seen_psnr",
    peak_rate=6e-4,
    final_rate=2e-5,
    stages=(Stage(0.3, 96, 12), Stage(0.7, 128, 8), Stage(1.0, 160, 6)),
    averaging=0.9995,
    seed=7,
)
# On from there by the loss in which patches without noise weigh more: by the other, so small a network spoiled them.
RECIPES["denoise-fast-8"] = replace(
    RECIPES["denoise-fast-7"],
    loss="mean_psnr",
    peak_rate=2e-4,
    stages=(Stage(0.4, 96, 12), Stage(1.0, 128, 8)),
    seed=8,
)

# JPEG blocks and mosaics anywhere, bands, and drawings that must stay.
GRIDS = {
    "pair": partial(denoising_pair, shares=ANY_GRID, drawn=0.08),
    "degradation": noise_in_words(ANY_GRID, drawn=0.08),
}
RECIPES["denoise-fast-9"] = replace(
    RECIPES["denoise-fast-8"],
    **GRIDS,
    peak_rate=4e-4,
    stages=(Stage(0.4, 96, 12), Stage(1.0, 128, 8)),
    seed=9,
)
RECIPES["denoise-best-14"] = replace(RECIPES["denoise-best-13"], **GRIDS, peak_rate=3e-4, seed=14)

# Trained on from the version before (--start).
RECIPES["upscale-faithful-2"] = replace(RECIPES["upscale-faithful-1"], peak_rate=7e-4, averaging=0.999)
RECIPES["upscale-faithful-3"] = replace(RECIPES["upscale-faithful-2"], optimizer="muon")
RECIPES["upscale-faithful-4"] = replace(
    RECIPES["upscale-faithful-3"], peak_rate=3e-4, loss="luma_psnr", stages=(Stage(1.0, 192, 6),)
)

# The same network as upscale-faithful-1, trained on from its weights (--start) on small pictures that have a past.
RECIPES["upscale-photo-1"] = replace(
    RECIPES["upscale-faithful-1"],
    preset="photo",
    pair=worn_pairs,
    judged=judged_worn,
    loss="edges",
    degradation=f"reduction by 2, 3 and 4 of pictures with a past: {DEGRADATION_IN_WORDS}",
    limits="It smooths what it takes for noise or compression, so fine texture of a clean picture is lost; it invents "
    "no texture, so faces and letters of a few pixels stay unreadable.",
    peak_rate=5e-4,
)
RECIPES["upscale-photo-2"] = replace(RECIPES["upscale-photo-1"], averaging=0.999)
RECIPES["upscale-photo-3"] = replace(RECIPES["upscale-photo-2"], optimizer="muon", seed=3)
RECIPES["upscale-photo-4"] = replace(RECIPES["upscale-photo-3"], seed=4)
RECIPES["upscale-lecture-1"] = replace(
    RECIPES["denoise-lecture-1"],
    task="upscale",
    config={"widths": [64, 128, 64], "decoder": "transpose", "extra": 0},
    pair=enlarged_pair,
    judged=judged_enlarged,
    degradation="bicubic reduction by 2, 3 or 4, rounded to 8 bits, and bicubic enlargement to the size before",
    limits="Everything passes through a code a third of the picture's size, so the result is blurred more than bicubic "
    "interpolation: a baseline to learn from.",
    stages=(Stage(1.0, 96, 16),),
)

# Short runs that decided between networks: trained like the rest, never published; what they taught is in
# weights/README.md.
TRIALS = {
    f"trial-fast-{name}": replace(
        RECIPES["denoise-fast-1"],
        config={"widths": widths, "blocks": blocks, "decoder": "transpose"},
        verdict=verdict,
    )
    for name, widths, blocks, verdict in [
        ("even", [48, 96, 192], [1, 1, 1], "close; narrow layers run slower per operation"),
        ("middle", [32, 96, 160], [1, 2, 1], "too narrow at half the resolution, and the widest reach"),
        ("wide", [64, 128, 192], [0, 1, 1], "the best after the fewest steps, and the least reach: `denoise-fast-1`"),
    ]
}
TRIALS |= {
    f"trial-fast-{name}": replace(
        RECIPES["denoise-fast-1"],
        config={"widths": widths, "blocks": blocks, "decoder_blocks": decoder_blocks, "decoder": "transpose"},
        optimizer="muon",
        verdict=verdict,
    )
    for name, widths, blocks, decoder_blocks, verdict in [
        ("now", [64, 128, 192], [0, 1, 1], [0, 1], "the shape of `denoise-fast-1`, by Muon's steps"),
        ("late", [64, 128, 192], [0, 0, 1], [1, 1], "blocks at the end only: ahead at each early step, behind at last"),
        ("narrow", [48, 96, 192], [1, 1, 1], [1, 1], "level with it after fewer pixels, and deeper: next to train"),
    ]
}
TRIALS |= {
    f"trial-best-{name}": replace(RECIPES["denoise-best-1"], optimizer=name, verdict=verdict)
    for name, verdict in [
        ("adam", "what all networks before were trained by"),
        ("muon", "half a decibel more after fewer steps: every network since"),
    ]
}
