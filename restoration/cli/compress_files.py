"""`latent-darkroom compress|decompress SOURCE... TARGET`: photographs to files of few bytes, and back."""

import time
from collections.abc import Callable, Container, Sequence
from functools import partial
from pathlib import Path, PurePath
from typing import Any, BinaryIO

import click

import restoration
from restoration.batch.errors import FILE_FAILURES
from restoration.batch.names import result_name
from restoration.batch.restore_file import (
    FileReport,
    OutputOptions,
    check_free,
    check_output,
    keep_mode,
    shortened,
    shown,
    write_result,
)
from restoration.cli.console import Console
from restoration.cli.file_arguments import SOURCES_HELP, STANDARD, TARGET_HELP, AnyPath, pair_up, split_paths
from restoration.cli.options import checked, console_options, output_options
from restoration.codec.container import BEST_QUALITY, LOWEST_QUALITY, SUFFIX
from restoration.image.checks import check_within
from restoration.image.types import Progress
from restoration.photo import Photo, PhotoError
from restoration.photo.errors import one_error
from restoration.photo.file_bytes import read_bytes
from restoration.photo.formats import IMAGE_SUFFIXES
from restoration.photo.save_options import check_place
from restoration.photo.whole_file import whole_file
from restoration.pipeline import Pipeline

Convert = Callable[[Path | BinaryIO, Path | BinaryIO, Progress], FileReport]
DEFAULT_QUALITY = 4.0
EXAMPLES = """\b
Examples:
  latent-darkroom compress holiday.jpg holiday.ldc --quality 3
  latent-darkroom compress photos/ small/
  latent-darkroom decompress small/ restored/ --format png"""


def compress_command() -> click.Command:
    """Return the command `compress`."""
    quality = click.Option(
        ["--quality"],
        type=float,
        default=DEFAULT_QUALITY,
        callback=checked(partial(check_within, "The quality", low=LOWEST_QUALITY, high=BEST_QUALITY)),
        help=f"{LOWEST_QUALITY:g}, smallest, to {BEST_QUALITY:g}, about 0.1 to 1 bit per pixel "
        f"(default {DEFAULT_QUALITY:g})",
    )
    output = [option for option in output_options() if option.name in ("overwrite", "max_megapixels")]
    return click.Command(
        "compress",
        params=[_paths(), quality, *output, *console_options()],
        callback=_compress,
        help=f"Write photographs as {SUFFIX} files of few bytes, which `decompress` reads.\n\n"
        "The colours are kept, approximately, as plain sRGB of 8 bits; transparency, metadata and profile are not. "
        f"{SOURCES_HELP} {TARGET_HELP}",
        epilog=EXAMPLES,
        short_help="write photographs as files of few bytes",
    )


def decompress_command() -> click.Command:
    """Return the command `decompress`."""
    output = [option for option in output_options("{stem}.{ext}") if option.name != "metadata"]  # there is none
    return click.Command(
        "decompress",
        params=[_paths(), *output, *console_options()],
        callback=_decompress,
        help=f"Turn {SUFFIX} files that `compress` wrote back into photographs.\n\n{SOURCES_HELP} {TARGET_HELP}",
        epilog=EXAMPLES,
        short_help="turn such files back into photographs",
    )


def _compress(paths: Sequence[str], quality: float, overwrite: bool, max_megapixels: float, **given: Any) -> int:
    def convert(source: Path | BinaryIO, target: Path | BinaryIO, progress: Progress) -> FileReport:
        _check_compressed(source, target, overwrite)
        photo = Photo.open(source, max_megapixels=max_megapixels)
        began = time.perf_counter()
        image = photo.on_paper()
        data = restoration.compress(image, quality, progress=progress)
        _check_compressed(source, target, overwrite)  # again: the work took its time
        _write(data, source, target)
        pixels = image[..., 0].size
        note = f"{len(data)} bytes, {8 * len(data) / pixels:.2f} bits per pixel"
        return FileReport(
            shown(source),
            shown(target),
            megapixels=pixels / 1e6,
            seconds=time.perf_counter() - began,
            notes=(note, *photo.notes),
        )

    return _each_file(paths, lambda name: PurePath(name).stem + SUFFIX, IMAGE_SUFFIXES, convert, **given)


def _decompress(paths: Sequence[str], name: str, **given: Any) -> int:
    console = {key: given.pop(key) for key in ("as_json", "quiet")}
    options = OutputOptions(**given)

    def convert(source: Path | BinaryIO, target: Path | BinaryIO, progress: Progress) -> FileReport:
        check_output(source, target, options)
        began = time.perf_counter()
        with one_error("opened"):
            data = read_bytes(source, options.max_megapixels)
        image = restoration.decompress(data, max_megapixels=options.max_megapixels, progress=progress)
        check_output(source, target, options)
        write_result(Photo(image), source, target, options)
        seconds = time.perf_counter() - began
        return FileReport(shown(source), shown(target), megapixels=image[..., 0].size / 1e6, seconds=seconds)

    name_of = partial(result_name, pattern=name, pipeline=Pipeline([]), format=options.format)
    return _each_file(paths, name_of, (SUFFIX,), convert, **console)


def _each_file(
    paths: Sequence[str],
    name_of: Callable[[str], str],
    suffixes: Container[str],
    convert: Convert,
    *,
    as_json: bool,
    quiet: bool,
) -> int:
    """Convert files one after the other; a failure is one line and stops nothing. Returns the exit code."""
    if as_json and split_paths(paths)[1] == STANDARD:
        raise click.UsageError("Both --json and the file, -, would go to standard output; name a file.")
    console = Console(as_json=as_json, quiet=quiet)
    failed = found = 0
    with console.progress() as progress:
        for pair in pair_up(paths, name_of, suffixes):
            if isinstance(pair, FileReport):
                console.report(pair)
                continue
            found += 1
            progress.begin(shortened(shown(pair.source)))
            try:
                report = convert(pair.source, pair.target, progress)
            except FILE_FAILURES as error:
                message = f"{shortened(shown(pair.source))}: {error}"
                report = FileReport(shown(pair.source), shown(pair.target), "failed", message)
            console.report(report)
            failed += report.state == "failed"
    if not found:
        raise click.ClickException(f"{shortened(paths[0])}: No file to work on lies in this folder.")
    return int(failed > 0)


def _check_compressed(source: Path | BinaryIO, target: Path | BinaryIO, overwrite: bool) -> None:
    if not isinstance(target, Path):
        return
    if target.suffix.lower() != SUFFIX:
        raise PhotoError(f"The result cannot be called {shortened(target.name)}; choose a name that ends in {SUFFIX}.")
    check_place(target)
    check_free(source, target, overwrite=overwrite)


def _write(data: bytes, source: Path | BinaryIO, target: Path | BinaryIO) -> None:
    if not isinstance(target, Path):
        target.write(data)
        target.flush()
        return
    was_there = target.exists()
    with one_error("saved"), whole_file(target) as file:
        file.write(data)
    keep_mode(source, target, was_there=was_there)


def _paths() -> click.Argument:
    return click.Argument(["paths"], nargs=-1, metavar="SOURCE... TARGET", type=AnyPath())
