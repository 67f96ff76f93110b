"""`python -m restoration denoise IN OUT`, or `upscale`: the same engine as the app, on the command line."""

import argparse
import contextlib
import io
import json
import sys
import time

from restoration.image.checks import ImageError, check_within
from restoration.inference.card import WeightsError, card_for, presets
from restoration.inference.runtime import EngineError
from restoration.photo import Photo, PhotoError, check_target


class _FileError(Exception):
    """What went wrong with which file, in one sentence."""


def main(arguments=None):
    """Restore one file; 0 on success, 1 with one sentence on standard error otherwise.

    Parameters
    ----------
    arguments : list of str, optional
        Those of the process when omitted.

    Returns
    -------
    int
        The exit code.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a name that the console cannot show is no failure
    chosen = _parser().parse_args(arguments)
    try:
        report = _restored(chosen)
    except _FileError as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(report) if chosen.json else f"{report['target']}: {report['seconds']} s")
    return 0


def _parser():
    parser = argparse.ArgumentParser(prog="python -m restoration", description=__doc__)
    tasks = parser.add_subparsers(dest="task", required=True)
    denoise = tasks.add_parser("denoise", help="take the noise out of a photograph")
    denoise.add_argument("--sigma", type=float, help="noise level of 255; judged by the network when omitted")
    denoise.add_argument("--preset", default="best", help=f"network: {', '.join(presets('denoise'))}")
    denoise.add_argument("--strength", type=float, default=1.0, help="share of the change that is applied, 0 to 1")
    denoise.add_argument("--ensemble", action="store_true", help="mean of eight runs: a little better, far slower")
    denoise.set_defaults(restore=_denoise)
    upscale = tasks.add_parser("upscale", help="make a photograph larger")
    size = upscale.add_mutually_exclusive_group()
    size.add_argument("--scale", type=float, default=2.0, help="times as wide and high, 1.1 to 8 (default 2)")
    size.add_argument("--width", type=int, help="of the result, in pixels")
    upscale.add_argument("--preset", default="faithful", help=f"network: {', '.join(presets('upscale'))}")
    upscale.add_argument("--ensemble", action="store_true", help="mean of eight runs: a little better, far slower")
    upscale.add_argument("--max-output-megapixels", type=float, default=100.0)
    upscale.set_defaults(restore=_upscale)
    colorize = tasks.add_parser("colorize", help="give a gray photograph believable colours")
    colorize.add_argument("--saturation", type=float, default=1.0, help="1 is as vivid as photographs are, 0 gray")
    colorize.add_argument("--preset", default="best", help=f"network: {', '.join(presets('colorize'))}")
    colorize.add_argument("--proposal", type=int, default=0, help="0 the likeliest colouring, 1 to 3 others")
    colorize.add_argument(
        "--hint",
        type=_hint,
        action="append",
        default=[],
        metavar="ROW,COLUMN,#RRGGBB",
        help="a known colour; repeatable",
    )
    colorize.set_defaults(restore=_colorize)
    for task in (denoise, upscale, colorize):
        _add_file_options(task)
    return parser


def _add_file_options(parser):
    parser.add_argument("source", help="JPEG, PNG, WebP, TIFF, BMP, GIF, AVIF or (with pillow-heif) HEIC")
    parser.add_argument("target", help="its suffix decides the format: PNG, JPEG, WebP, TIFF or AVIF")
    parser.add_argument("--quality", type=int, default=95, help="of JPEG, WebP and AVIF, 1 to 100")
    parser.add_argument("--metadata", choices=["no-location", "all", "none"], default="no-location")
    parser.add_argument("--max-megapixels", type=float, default=50.0)
    parser.add_argument("--json", action="store_true", help="report in JSON on standard output")


def _restored(chosen):
    """Open, restore and save a photograph, and return the report; what cannot be saved is refused before the work."""
    with _about(chosen.target):
        file_format = check_target(chosen.target, quality=chosen.quality)
    with _about(chosen.source):
        photo = Photo.open(chosen.source, max_megapixels=chosen.max_megapixels)
        card = card_for(chosen.task, chosen.preset)
        began = time.perf_counter()
        restored, asked = chosen.restore(photo.pixels, chosen)
    seconds = round(time.perf_counter() - began, 1)
    settings = {"task": chosen.task, "network": card.name, "sha256": card.sha256, **asked}
    with _about(chosen.target):
        photo = photo.with_pixels(restored)
        photo.save(chosen.target, quality=chosen.quality, metadata=chosen.metadata, settings=settings)
        notes = photo.left_out(file_format, metadata=chosen.metadata, settings=settings) + photo.notes
    return {"source": chosen.source, "target": chosen.target, "seconds": seconds, **settings, "notes": notes}


@contextlib.contextmanager
def _about(path):
    """Put the name of the file that is worked on before the sentence of a failure."""
    try:
        yield
    except (ImageError, PhotoError, EngineError, WeightsError) as error:
        raise _FileError(f"{path}: {error}") from error


def _denoise(pixels, chosen):
    from restoration.tasks.denoise import denoise

    if chosen.sigma is not None:
        check_within("--sigma", chosen.sigma, 0, 255)
    asked = {
        "sigma": None if chosen.sigma is None else chosen.sigma / 255,
        "strength": chosen.strength,
        "ensemble": chosen.ensemble,
    }
    return denoise(pixels, **asked, preset=chosen.preset, progress=_show), asked


def _upscale(pixels, chosen):
    from restoration.tasks.upscale import upscale

    enlarged = upscale(
        pixels,
        chosen.scale,
        width=chosen.width,
        preset=chosen.preset,
        ensemble=chosen.ensemble,
        max_megapixels=chosen.max_output_megapixels,
        progress=_show,
    )
    return enlarged, {"scale": round(enlarged.shape[1] / pixels.shape[1], 4), "ensemble": chosen.ensemble}


def _colorize(pixels, chosen):
    from restoration.tasks.colorize import colorize

    asked = {
        "hints": chosen.hint,
        "saturation": chosen.saturation,
        "preset": chosen.preset,
        "proposal": chosen.proposal,
    }
    return colorize(pixels, **asked, progress=_show), asked


def _hint(text):
    """Read ROW,COLUMN,#RRGGBB as a hint of `restoration.colorize`."""
    try:
        row, column, color = text.split(",")
        red, green, blue = bytes.fromhex(color.strip().removeprefix("#"))
        return int(row), int(column), (red / 255, green / 255, blue / 255)
    except ValueError:
        example = "60,80,#3a6ea5"
        raise argparse.ArgumentTypeError(f"{text!r} is no hint; give ROW,COLUMN,#RRGGBB, such as {example}.") from None


def _show(done, total):
    if sys.stderr.isatty():
        print(f"\r{done / total:4.0%}", end="\n" if done == total else "", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
