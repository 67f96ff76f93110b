"""`python -m restoration.benchmark.report`: write every file that holds figures, from the cards and the benchmarks.

Blocks of README.md, docs/figures.md and docs/speed.md, and all of weights/README.md and weights/explore/README.md. No
figure is typed by hand: the scores come from the cards, the others from these files in ``weights/``:

- ``benchmark-denoise.json``, by ``python -m restoration.benchmark denoise --images DIR --json FILE``;
- ``benchmark-camera.json``, by the same with ``--noise camera``;
- ``benchmark-unseen.json``, by ``python -m restoration.benchmark unseen``;
- ``benchmark-speed.json``, by ``python -m restoration.benchmark speed``;
- ``benchmark-repair.json``, by ``python -m restoration.benchmark repair --images DIR --json FILE``, if it is there;
- ``benchmark-compress.json``, by ``python -m restoration.benchmark compress --images NAME=DIR --json FILE``, likewise;
- ``benchmark-scan.json``, by ``python -m restoration.benchmark scan --slices DIR --json FILE``, likewise.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import mean, median
from typing import Any

from restoration.benchmark import compressing
from restoration.benchmark.cost_chart import PUBLISHED_DENOISERS, published_gflop
from restoration.benchmark.denoising import DNCNN, NOTHING
from restoration.explore import pretrained_card as explored
from restoration.inference.card import Card, card_for, models, presets
from restoration.inference.runtime import RUNTIMES
from restoration.paths import WEIGHTS

NOT_MEASURED = "No network of it is published yet."
REPOSITORY = WEIGHTS.parent  # figures are written in a checkout; there the weights lie beside the package
BEGIN, END = "<!-- {}: made by python -m restoration.benchmark.report -->", "<!-- end of {} -->"

# Rows of README.md's table: task, preset, test set and condition as on the card, and both in words.
SUMMARY = [
    ("denoise", "best", "cbsd68", "25", "Denoise, noise of sigma 25"),
    ("denoise", "fast", "cbsd68", "25", "Denoise, noise of sigma 25"),
    ("colorize", "best", "cbsd68", "PSNR, dB", "Colorize, from gray"),
    ("upscale", "faithful", "set14", "x4", "Upscale, 4 times as wide"),
    ("upscale", "photo", "set14", "x4", "Upscale, 4 times, a noisy JPEG"),
]

Benchmark = Mapping[str, Any]  # a JSON file that `python -m restoration.benchmark` wrote
# What a reader can check without files that the project does not have.
RECOMPUTED = (
    "The tests recompute every figure on the samples, which come with scikit-image; cbsd68, set5 and set14 are no part "
    "of the project, so figures on them are recomputed only where their files are."
)


def comparison(rows: Sequence[Benchmark], published: Iterable[tuple[str, Any]] = ()) -> str:
    """Return the Markdown table of a denoising benchmark: one line a method, dB per noise level, cost."""
    methods: dict[str, list[Benchmark]] = {}
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


def other_tasks(cards: Iterable[Card]) -> str:
    """Return the Markdown table of what the cards of colorize and upscale say of the public sets."""
    lines = ["| network | images | measure | before | after |", f"|{'---|' * 5}"]
    for card in cards:
        if card.task == "denoise" or card.preset == "lecture":
            continue
        measures = {
            "colorize": "{}",
            "repair": "{}",
            "compress": "{}, JPEG of as many bytes before",
            "scan": "{}",
            "faithful": "{}, luma, dB",
            "photo": "{} of a degraded image, luma, dB",
        }
        measure = measures.get(card.preset) or measures[card.task]
        for name, scores in card.tested.items():
            if name != "samples":
                lines += [
                    f"| {card.name} | {name} | {measure.format(condition)} | {before} | {after} |"
                    for condition, (before, after) in scores.items()
                ]
    return "\n".join(lines)


def gains(benchmark: Benchmark, with_noise: bool = True) -> dict[str, list[float]]:
    """Return {method: [dB gained over doing nothing, under each condition]} of the benchmark on an unseen camera.

    The conditions are those with noise, or those without.
    """
    scores: dict[str, list[float]] = {}
    for row in benchmark["rows"]:
        if (row["noise"] != "none") == with_noise:
            scores.setdefault(row["method"], []).append(row["psnr"])
    nothing = scores.pop(NOTHING)
    return {
        method: [score - noisy for score, noisy in zip(own, nothing, strict=True)] for method, own in scores.items()
    }


def unseen_in_a_sentence(benchmark: Benchmark) -> str:
    """Return what the denoisers gain on a camera that none was trained with, in words."""

    def listed(with_noise: bool) -> str:
        return "; ".join(
            f"{method} {min(own):+.2f} to {max(own):+.2f} dB, {mean(own):+.2f} on average"
            for method, own in gains(benchmark, with_noise).items()
        )

    return (
        "On a camera that no network was trained with (`python -m restoration.benchmark unseen`; "
        f"{benchmark['images']}; three levels of noise, processed little or as usual, at all pixels or reduced to half "
        "the width; OpenCV's NLM at the strength that is best for each image, chosen by the ground truth) they "
        f"gain: {listed(True)}. On the same camera's files without noise, which differ from the ground truth by JPEG "
        f"alone: {listed(False)}."
    )


def unseen_table(benchmark: Benchmark) -> str:
    """Return the Markdown table of the benchmark on an unseen camera: a row a condition, a column a method."""
    methods = list(dict.fromkeys(row["method"] for row in benchmark["rows"]))
    conditions: dict[tuple[str, str, str], list[str]] = {}
    for row in benchmark["rows"]:
        conditions.setdefault((row["noise"], row["processing"], row["size"]), []).append(f"{row['psnr']:.2f}")
    lines = [f"| noise | processing | size | {' | '.join(methods)} |", f"|{'---|' * (3 + len(methods))}"]
    return "\n".join([*lines, *(f"| {' | '.join([*condition, *own])} |" for condition, own in conditions.items())])


def weights_readme(cards: Iterable[Card], trials: str, unseen: Benchmark) -> str:
    """Return weights/README.md: what each card says, an unseen camera, then the trials, which are written by hand."""
    lines = [
        "# The networks",
        "",
        "Made from the cards by `python -m restoration.benchmark.report`; the trials below are notes.",
        RECOMPUTED,
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
            f"- Degradation: {card.trained['degradation']}.",
            f"- {card.repetition}",
            *_learned(card),
            f"- Fails: {card.limits}",
            "",
            "| images | sigma | before, dB | after, dB |"
            if card.task == "denoise"
            else "| images | measure | before | after |",
            "|---|---|---|---|",
        ]
        for name, levels in card.tested.items():
            lines += [f"| {name} | {level} | {before:.2f} | {after:.2f} |" for level, (before, after) in levels.items()]
        lines.append("")
    lines += ["## On a camera that no denoiser was trained with", "", f"Mean PSNR in dB, {unseen['images']}.", ""]
    return "\n".join([*lines, unseen_table(unseen), "", trials])


def _learned(card: Card) -> list[str]:
    """Return the line on how a training went, where its log was kept."""
    learned, speeds = card.learned(), [line["gflop_per_second"] for line in card.log() if "gflop_per_second" in line]
    if not learned:
        return []
    (first, before), (last, after) = learned[0], learned[-1]
    return [
        f"- Learned: {before:.2f} dB on held-back photographs after {first} steps, {after:.2f} after {last}, at "
        f"{median(speeds):.0f} GFLOP/s (median)."
    ]


def summary(speed: Benchmark) -> str:
    """Return the Markdown table of README.md: a row a network, its quality and its speed."""
    lines = ["| task | network | images | before, dB | after, dB | s / MP |", "|---|---|---|---|---|---|"]
    times: dict[str, list[float]] = {}
    for row in speed["rows"]:
        times.setdefault(row["name"], []).append(row["seconds_per_megapixel"])
    for task, preset, images, condition, words in SUMMARY:
        card = card_for(task, preset)
        before, after = card.tested[images][condition]
        # Other weights in the same network take the same time.
        same = [other.name for other in models() if (other.builder, other.config) == (card.builder, card.config)]
        seconds = min(next(times[name] for name in (card.name, *same) if name in times))
        lines.append(f"| {words} | {card.name} | {images} | {before:.2f} | {after:.2f} | {seconds:.2f} |")
    note = (
        "Mean PSNR of public images that the networks were not trained on; for upscale, *before* is bicubic "
        "interpolation. Seconds per megapixel of the image that is opened, of the network alone, on "
        f"{speed['machine']}. {RECOMPUTED}"
    )
    return "\n".join([*lines, "", note])


def newer_than(denoise: Benchmark) -> str:
    """Return a sentence on the denoisers that were published after a benchmark; empty where there are none."""
    measured = {row["method"] for row in denoise["rows"]}
    newest = [card_for("denoise", preset) for preset in presets("denoise")]
    missing = [card.name for card in newest if card.name not in measured]
    if not missing:
        return ""
    return (
        f"\n\nPublished since, with other weights in the same networks: {', '.join(missing)}. What they score stands "
        "in weights/README.md; what they gain on other noise, `python -m restoration.benchmark noise-kinds` measures."
    )


def runtimes(benchmark: Benchmark) -> str:
    """Return the Markdown table of the speed of each network in each runtime and precision."""
    lines = [
        "| network | runtime | precision | GFLOP/s | of NumPy's product | of plain convolutions | peak MB |",
        f"|{'---|' * 7}",
    ]
    lines += [
        f"| {row['name']} | {RUNTIMES[row['runtime']][0]} | {row['precision']} | {row['gflop_per_second']:.0f} | "
        f"{row['share']:.2f} | {row['convolution_share']:.2f} | {row['peak_megabytes']:.0f} |"
        for row in benchmark["rows"]
    ]
    (_, (keras, _)), (what, (cold, peak)) = benchmark["cold"].items()
    lines += [
        "",
        f"On a machine of {benchmark['machine']}, by `python -m restoration.benchmark speed`. A cold process ({what}) "
        f"takes {cold / keras:.2f} of the time of `import keras` alone, and {peak:.0f} MB. {_beside(benchmark)}",
    ]
    return "\n".join(lines)


def _beside(benchmark: Benchmark) -> str:
    """Return how much faster the denoisers are than CDnCNN-B's network, in words."""
    seconds = dict(benchmark["beside"])
    other = seconds.pop(DNCNN)
    ratios = [f"{name} is {other / own:.1f} times as fast" for name, own in seconds.items()]
    return (
        "Timed alternately in one process, ours with all that the app does around a network, the other alone: "
        f"{' and '.join(ratios)} as {DNCNN}."
    )


def table_by_part(benchmark: Benchmark, command: str) -> str:
    """Return the Markdown tables of a benchmark of several parts: a row a condition, a column a method."""
    tables = []
    for part in dict.fromkeys(row["part"] for row in benchmark["rows"]):
        own = [row for row in benchmark["rows"] if row["part"] == part]
        methods = list(dict.fromkeys(row["method"] for row in own))
        lines = [f"| {part} | {' | '.join(methods)} |", f"|{'---|' * (1 + len(methods))}"]
        for condition, unit in dict.fromkeys((row["condition"], row["unit"]) for row in own):
            values = {
                row["method"]: row["value"] for row in own if (row["condition"], row["unit"]) == (condition, unit)
            }
            cells = [_number(values.get(method), 2) for method in methods]
            lines.append(f"| {condition}{f', {unit}' if unit else ''} | {' | '.join(cells)} |")
        tables.append("\n".join(lines))
    said = f"Measured by `python -m restoration.benchmark {command}` on {benchmark['images']}; a machine of "
    return "\n\n".join([*tables, f"{said}{benchmark['machine']}."])


def with_blocks(text: str, blocks: Mapping[str, str]) -> str:
    """Return a text with each block made anew, between its two marks: BEGIN and END with the name of the block."""
    for name, block in blocks.items():
        before, rest = text.split(BEGIN.format(name))
        _, after = rest.split(END.format(name))
        text = "\n\n".join([before + BEGIN.format(name), block, END.format(name) + after])
    return text


def pages() -> dict[Path, str]:
    """Return {path: text} of the files that hold figures, as they should be."""
    denoise, camera, unseen, speed = (
        json.loads((WEIGHTS / f"benchmark-{name}.json").read_text())
        for name in ("denoise", "camera", "unseen", "speed")
    )
    repair, compress, scan = (WEIGHTS / f"benchmark-{name}.json" for name in ("repair", "compress", "scan"))
    blocks = {
        "README.md": {"summary": summary(speed)},
        "docs/figures.md": {
            "white noise": comparison(denoise["rows"], PUBLISHED_DENOISERS.items())
            + f"\n\nMeasured on {denoise['images']}, on a machine of {denoise['machine']}.{newer_than(denoise)}",
            "camera noise": comparison(camera["rows"]),
            "unseen camera": unseen_in_a_sentence(unseen),
            "other tasks": other_tasks(models()),
            "repair": table_by_part(json.loads(repair.read_text()), "repair") if repair.exists() else NOT_MEASURED,
            "scan": table_by_part(json.loads(scan.read_text()), "scan") if scan.exists() else NOT_MEASURED,
            "compress": compressing.table(json.loads(compress.read_text())) if compress.exists() else NOT_MEASURED,
        },
        "docs/speed.md": {"runtimes": runtimes(speed)},
    }
    texts = {REPOSITORY / file: with_blocks((REPOSITORY / file).read_text(), own) for file, own in blocks.items()}
    trials = (WEIGHTS / "trials.md").read_text()
    return texts | {
        WEIGHTS / "README.md": weights_readme(models(), trials, unseen),
        explored.FOLDER / "README.md": explored.readme(explored.cards()),
    }


def _number(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:.{digits}f}"


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text)
        print(path)
