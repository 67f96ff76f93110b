"""`latent-darkroom denoise|upscale|colorize SOURCE TARGET`: one file in, one file out, by the functions of the app."""

import argparse
import contextlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from restoration.image.checks import ImageError, check_within
from restoration.image.types import Image
from restoration.inference.card import WeightsError, card_for, presets
from restoration.inference.runner import InferenceError
from restoration.photo import Photo, PhotoError, check_target

LONGEST_NAME = 120  # characters of a file's name in a sentence; a longer one loses its middle

Restored = tuple[Image, dict[str, Any]]  # the image, and the settings that the report and the file record


class _FileError(Exception):
    """What went wrong with which file, in one sentence."""


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add one command per task."""
    _add_denoise(subparsers.add_parser("denoise", help="take the noise out of a photograph"))
    _add_upscale(subparsers.add_parser("upscale", help="make a photograph larger"))
    _add_colorize(subparsers.add_parser("colorize", help="give a gray photograph believable colours"))


def _add_denoise(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--sigma", type=float, help="noise level of 255; estimated by the network when omitted")
    parser.add_argument("--strength", type=float, default=1.0, help="share of the change that is applied, 0 to 1")
    _add_ensemble(parser)
    _add_common_options(parser, "denoise", preset="best", restore=_denoise)


def _add_upscale(parser: argparse.ArgumentParser) -> None:
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--scale", type=float, default=2.0, help="times as wide and high, 1.1 to 8 (default 2)")
    size.add_argument("--width", type=int, help="of the result, in pixels")
    parser.add_argument("--max-output-megapixels", type=float, default=100.0)
    _add_ensemble(parser)
    _add_common_options(parser, "upscale", preset="faithful", restore=_upscale)


def _add_colorize(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--saturation", type=float, default=1.0, help="1 is as vivid as photographs are, 0 gray")
    parser.add_argument("--proposal", type=int, default=0, help="0 the likeliest colouring, 1 to 3 others")
    known = "a known colour; repeatable"
    parser.add_argument("--hint", type=_hint, action="append", default=[], metavar="ROW,COLUMN,#RRGGBB", help=known)
    _add_common_options(parser, "colorize", preset="best", restore=_colorize)


def _add_ensemble(parser: argparse.ArgumentParser) -> None:
    effect = "self-ensemble: mean over eight flips and turns of the image; a little better, eight times as slow"
    parser.add_argument("--ensemble", action="store_true", help=effect)


def _add_common_options(
    parser: argparse.ArgumentParser, task: str, *, preset: str, restore: Callable[[Image, argparse.Namespace], Restored]
) -> None:
    parser.add_argument("source", help="JPEG, PNG, WebP, TIFF, BMP, GIF, AVIF or (with pillow-heif) HEIC")
    parser.add_argument("target", help="its suffix decides the format: PNG, JPEG, WebP, TIFF or AVIF")
    parser.add_argument("--overwrite", action="store_true", help="replace the target if there is one")
    parser.add_argument("--preset", default=preset, help=f"network: {', '.join(presets(task))}")
    parser.add_argument("--quality", type=int, default=95, help="of JPEG, WebP and AVIF, 1 to 100")
    parser.add_argument("--metadata", choices=["no-location", "all", "none"], default="no-location")
    parser.add_argument("--max-megapixels", type=float, default=50.0)
    parser.add_argument("--json", action="store_true", help="report in JSON on standard output")
    parser.set_defaults(run=restore_file, task=task, restore=restore)


def restore_file(options: argparse.Namespace) -> int:
    """Restore one file; return 0, or 1 after one sentence on standard error."""
    try:
        report = _restored(options)
    except _FileError as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(report) if options.json else f"{report['target']}: {report['seconds']} s")
    return 0


def _restored(options: argparse.Namespace) -> dict[str, Any]:
    """Open, restore and save a photograph, and return the report; what cannot be saved is refused before the work."""
    with _about(options.target):
        file_format = check_target(options.target, quality=options.quality)
        _check_overwriting(options)
    with _about(options.source):
        photo = Photo.open(options.source, max_megapixels=options.max_megapixels)
        card = card_for(options.task, options.preset)
        began = time.perf_counter()
        restored, settings = options.restore(photo.pixels, options)
    seconds = round(time.perf_counter() - began, 1)
    settings = {"task": options.task, "network": card.name, "sha256": card.sha256, **settings}
    with _about(options.target):
        photo = photo.with_pixels(restored)
        _check_overwriting(options)  # again: the work took its time
        photo.save(options.target, quality=options.quality, metadata=options.metadata, settings=settings)
        notes = photo.left_out(file_format, metadata=options.metadata, settings=settings) + photo.notes
    return {"source": options.source, "target": options.target, "seconds": seconds, **settings, "notes": notes}


def _check_overwriting(options: argparse.Namespace) -> None:
    """Refuse a target that would replace a file unasked, and one that would replace the source in any case."""
    source, target = Path(options.source), Path(options.target)
    if not target.exists():
        return
    if source.exists() and target.samefile(source):
        raise PhotoError("This is the source itself, which is never replaced. Choose another name.")
    if not options.overwrite:
        raise PhotoError("There is such a file already. Choose another name, or replace it by --overwrite.")


@contextlib.contextmanager
def _about(path: str) -> Iterator[None]:
    """Put the name of the file that is worked on before the sentence of a failure."""
    try:
        yield
    except (ImageError, PhotoError, InferenceError, WeightsError) as error:
        name = path if len(path) <= LONGEST_NAME else f"{path[: LONGEST_NAME // 2]}...{path[-LONGEST_NAME // 2 :]}"
        raise _FileError(f"{name}: {error}") from error


def _denoise(image: Image, options: argparse.Namespace) -> Restored:
    from restoration.tasks.denoise import denoise

    if options.sigma is not None:
        check_within("--sigma", options.sigma, 0, 255)
    settings = {
        "sigma": None if options.sigma is None else options.sigma / 255,
        "strength": options.strength,
        "ensemble": options.ensemble,
    }
    return denoise(image, **settings, preset=options.preset, progress=_print_progress), settings


def _upscale(image: Image, options: argparse.Namespace) -> Restored:
    from restoration.tasks.upscale import upscale

    enlarged = upscale(
        image,
        options.scale,
        width=options.width,
        preset=options.preset,
        ensemble=options.ensemble,
        max_megapixels=options.max_output_megapixels,
        progress=_print_progress,
    )
    return enlarged, {"scale": round(enlarged.shape[1] / image.shape[1], 4), "ensemble": options.ensemble}


def _colorize(image: Image, options: argparse.Namespace) -> Restored:
    from restoration.tasks.colorize import colorize

    settings = {
        "hints": options.hint,
        "saturation": options.saturation,
        "preset": options.preset,
        "proposal": options.proposal,
    }
    return colorize(image, **settings, progress=_print_progress), settings


def _hint(text: str) -> tuple[int, int, tuple[float, float, float]]:
    """Read ROW,COLUMN,#RRGGBB as a hint of `restoration.colorize`."""
    try:
        row, column, color = text.split(",")
        red, green, blue = bytes.fromhex(color.strip().removeprefix("#"))
        return int(row), int(column), (red / 255, green / 255, blue / 255)
    except ValueError:
        example = "60,80,#3a6ea5"
        raise argparse.ArgumentTypeError(f"{text!r} is no hint; give ROW,COLUMN,#RRGGBB, such as {example}.") from None


def _print_progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done / total:4.0%}", end="\n" if done == total else "", file=sys.stderr, flush=True)
