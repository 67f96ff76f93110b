"""`python -m restoration.benchmark.report`: write the figures of README.md and weights/README.md from the cards.

No figure is typed by hand: the scores come from the cards, the comparison from ``weights/benchmark-denoise.json``,
which ``python -m restoration.benchmark denoise --images DIR --json weights/benchmark-denoise.json`` writes, that on a
camera's noise from ``weights/benchmark-camera.json``, which the same writes with ``--noise camera``, that on a camera
none was trained with from ``weights/benchmark-unseen.json`` (``benchmark unseen``), and the speeds from
``weights/benchmark-speed.json`` (``benchmark speed``).
"""

import json
from statistics import mean, median

from restoration.benchmark.cost_chart import PUBLISHED_DENOISERS, published_gflop
from restoration.benchmark.denoising import DNCNN, NOTHING
from restoration.explore import pretrained_card as explored
from restoration.inference.card import WEIGHTS, models
from restoration.inference.runtime import NAMES
from restoration.train.recipes import TRIALS

ROOT = WEIGHTS.parent
TABLE = "<!-- table -->"  # where the trials stand in weights/trials.md
BEGIN, END = "<!-- figures: made by python -m restoration.benchmark.report -->", "<!-- end of figures -->"
SPEED_BEGIN, SPEED_END = "<!-- speeds: made by python -m restoration.benchmark.report -->", "<!-- end of speeds -->"


def comparison(rows, published=()):
    """Return the Markdown table of a denoising benchmark: one line a method, dB per noise level, cost."""
    methods = {}
    for row in rows:
        methods.setdefault(row["method"], []).append(row)
    levels = [f"{row['sigma_255']:g}" for row in next(iter(methods.values()))]
    lines = [
        f"| method | {' | '.join(f'sigma {level}' for level in levels)} | SSIM at {levels[-1]} | s / MP | "
        "GFLOP / MP | peak MB |",
        f"|---|{'---|' * (len(levels) + 4)}",
    ]
    for method, own in methods.items():
        scores = [_number(row["psnr"], 2) for row in own]
        seconds = sum(row["seconds_per_megapixel"] for row in own) / len(own)
        cells = [_number(own[-1]["ssim"], 3), f"{seconds:.2f}", _number(own[0]["gflop_per_megapixel"], 0)]
        cells.append(f"{own[0]['peak_megabytes']:.0f}")
        lines.append(f"| {method} | {' | '.join([*scores, *cells])} |")
    lines += [
        f"| {name} (published) | {' | '.join(f'{value:.2f}' for value in values)} | | | {published_gflop(name):.0f} | |"
        for name, (values, _) in published
    ]
    return "\n".join(lines)


def others(cards):
    """Return the Markdown table of what the cards of the other tasks say of the public sets."""
    lines = ["| network | pictures | what | before | after |", f"|{'---|' * 5}"]
    for card in cards:
        if card.task == "denoise" or card.preset == "lecture":
            continue
        said = {"colorize": "{}", "faithful": "{}, luma, dB", "photo": "{} of a worn picture, luma, dB"}
        what = said.get(card.preset, said.get(card.task))
        for name, scores in card.tested.items():
            if name != "samples":
                lines += [
                    f"| {card.name} | {name} | {what.format(condition)} | {before} | {after} |"
                    for condition, (before, after) in scores.items()
                ]
    return "\n".join(lines)


def gains(benchmark, with_noise=True):
    """Return {method: [dB gained over doing nothing, under each condition]} of the benchmark on an unseen camera.

    The conditions are those with noise, or those without.
    """
    scores = {}
    for row in benchmark["rows"]:
        if (row["noise"] != "none") == with_noise:
            scores.setdefault(row["method"], []).append(row["psnr"])
    nothing = scores.pop(NOTHING)
    return {
        method: [score - noisy for score, noisy in zip(own, nothing, strict=True)] for method, own in scores.items()
    }


def unseen_in_a_sentence(benchmark):
    """Return what the denoisers gain on a camera that none was trained with, in words."""

    def told(with_noise):
        return "; ".join(
            f"{method} {min(own):+.2f} to {max(own):+.2f} dB, {mean(own):+.2f} on average"
            for method, own in gains(benchmark, with_noise).items()
        )

    return (
        "On a camera that no network was trained with (`python -m restoration.benchmark unseen`; "
        f"{benchmark['images']}; three levels of noise, processed little or as usual, at all pixels or reduced to half "
        "the width; OpenCV's NLM at the strength that is best for each picture, chosen with the truth in hand) they "
        f"gain: {told(True)}. On the same camera's files without noise, which only JPEG keeps from the truth: "
        f"{told(False)}."
    )


def unseen_table(benchmark):
    """Return the Markdown table of the benchmark on an unseen camera: a row a condition, a column a method."""
    methods = list(dict.fromkeys(row["method"] for row in benchmark["rows"]))
    conditions = {}
    for row in benchmark["rows"]:
        conditions.setdefault((row["noise"], row["processing"], row["size"]), []).append(f"{row['psnr']:.2f}")
    lines = [f"| noise | processing | size | {' | '.join(methods)} |", f"|{'---|' * (3 + len(methods))}"]
    return "\n".join([*lines, *(f"| {' | '.join([*condition, *own])} |" for condition, own in conditions.items())])


def weights_readme(cards, trials, unseen):
    """Return weights/README.md: what each card says, a camera that none knows, then the trials, written by hand."""
    lines = [
        "# The networks",
        "",
        "Made from the cards by `python -m restoration.benchmark.report`; the trials below are notes.",
        "",
    ]
    for card in cards:
        lines += [
            f"## {card.name}",
            "",
            f"{card.builder}, {card.parameters / 1e6:.2f} M parameters, {card.bytes / 1e6:.1f} MB, "
            f"{card.gflop_per_megapixel:g} GFLOP per megapixel, halo {card.halo} pixels.",
            "",
            f"- Trained on {card.trained['data']} ({card.trained['licence']}): {card.trained['steps']} steps, "
            f"{card.trained['megapixels']:g} megapixels, {card.trained['hours']:g} hours on {card.trained['machine']}."
            f"{card.went_on_from()}",
            f"- {'Noise' if card.task == 'denoise' else 'Spoiled'}: {card.trained['degradation']}.",
            f"- Again: `{card.trained['command']}`",
            *_learned(card),
            f"- Fails: {card.limits}",
            "",
            "| pictures | sigma | before, dB | after, dB |"
            if card.task == "denoise"
            else "| pictures | measure | before | after |",
            "|---|---|---|---|",
        ]
        for name, levels in card.tested.items():
            lines += [f"| {name} | {level} | {before:.2f} | {after:.2f} |" for level, (before, after) in levels.items()]
        lines.append("")
    lines += ["## On a camera that no denoiser was trained with", "", f"Mean PSNR in dB, {unseen['images']}.", ""]
    return "\n".join([*lines, unseen_table(unseen), "", trials])


def _learned(card):
    """Return the line on how a training went, where its log was kept."""
    learned, speeds = card.learned(), [line["gflop_per_second"] for line in card.log() if "gflop_per_second" in line]
    if not learned:
        return []
    (first, before), (last, after) = learned[0], learned[-1]
    return [
        f"- Learned: {before:.2f} dB on held-back photographs after {first} steps, {after:.2f} after {last}, at "
        f"{median(speeds):.0f} GFLOP/s (median)."
    ]


def trials_table(lines):
    """Return the Markdown table of the trials, from the log that training them wrote."""
    rows = [
        "| trial | GFLOP / MP | M parameters | minutes | MP seen | held back, sigma 25, dB | verdict |",
        f"|{'---|' * 7}",
    ]
    for trial in map(json.loads, lines):
        rows.append(
            f"| {trial['trial']} | {trial['gflop_per_megapixel']:.0f} | {trial['parameters'] / 1e6:.2f} | "
            f"{trial['minutes']:.0f} | {trial['megapixels']:.0f} | {trial['held_back_psnr']:.2f} | "
            f"{TRIALS[trial['trial']].verdict} |"
        )
    return "\n".join(rows)


def readme(text, benchmark, camera, unseen):
    """Return README.md's text with the figures between its two marks made anew."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    machine = f"Measured on {benchmark['images']}, on a machine of {benchmark['machine']}."
    developed = f"The same on {camera['images']} with a camera's noise, developed and clipped (`--noise camera`):"
    told = "Colour against a gray picture, and size against bicubic interpolation, as the cards say:"
    white = comparison(benchmark["rows"], PUBLISHED_DENOISERS.items())
    parts = [
        white,
        machine,
        developed,
        comparison(camera["rows"]),
        unseen_in_a_sentence(unseen),
        told,
        others(models()),
    ]
    return before + "\n\n".join([BEGIN, *parts, END]) + after


def speed(text, benchmark):
    """Return README.md's text with the speeds between their two marks made anew."""
    before, rest = text.split(SPEED_BEGIN)
    lines = [
        "| network | runtime | precision | GFLOP/s | of NumPy's product | of plain convolutions | peak MB |",
        f"|{'---|' * 7}",
    ]
    lines += [
        f"| {row['name']} | {NAMES[row['runtime']]} | {row['precision']} | {row['gflop_per_second']:.0f} | "
        f"{row['share']:.2f} | {row['convolution_share']:.2f} | {row['peak_megabytes']:.0f} |"
        for row in benchmark["rows"]
    ]
    (_, (keras, _)), (what, (cold, peak)) = benchmark["cold"].items()
    lines += [
        "",
        f"On a machine of {benchmark['machine']}, by `python -m restoration.benchmark speed`. A cold process ({what}) "
        f"takes {cold / keras:.2f} of the time of `import keras` alone, and {peak:.0f} MB. {_beside(benchmark)}",
    ]
    return "\n".join([before + SPEED_BEGIN, "", *lines, "", SPEED_END + rest.split(SPEED_END)[1]])


def _beside(benchmark):
    """Return how much faster the denoisers are than CDnCNN-B's network, in words."""
    seconds = dict(benchmark["beside"])
    other = seconds.pop(DNCNN)
    ratios = [f"{name} is {other / own:.1f} times as fast" for name, own in seconds.items()]
    return (
        "Measured in turns in one process, with all that the app does around the network and without for the other, "
        f"{' and '.join(ratios)} as {DNCNN}."
    )


def pages():
    """Return {path: text} of the files that hold figures, as they should be."""
    benchmark, camera, unseen, speeds = (
        json.loads((WEIGHTS / f"benchmark-{name}.json").read_text())
        for name in ("denoise", "camera", "unseen", "speed")
    )
    logged = (WEIGHTS / "trials.jsonl").read_text().splitlines()
    main, trials = ROOT / "README.md", WEIGHTS / "trials.md"
    return {
        main: speed(readme(main.read_text(), benchmark, camera, unseen), speeds),
        WEIGHTS / "README.md": weights_readme(
            models(), trials.read_text().replace(TABLE, trials_table(logged)), unseen
        ),
        explored.FOLDER / "README.md": explored.readme(explored.cards()),
    }


def _number(value, digits):
    return "" if value is None else f"{value:.{digits}f}"


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text)
        print(path)
