"""Options that commands share, and those that the pipeline's registry of settings gives."""

from collections.abc import Callable, Sequence
from typing import Any

import click

from restoration.batch.errors import BatchError
from restoration.batch.names import DEFAULT_NAME, check_pattern
from restoration.batch.restore_file import OutputOptions
from restoration.image.checks import ImageError
from restoration.photo import PhotoError
from restoration.photo.formats import LARGEST_SIDES
from restoration.photo.save_options import check_quality
from restoration.pipeline import Choice, Hints, Number, Pipeline, Setting, StepKind, Strokes, Switch
from restoration.pipeline.step import Step


class SettingType(click.ParamType):
    """A setting of a step as the type of an option: its own parser, its own sentence."""

    def __init__(self, setting: Setting, step: str) -> None:
        self.setting = setting
        self.step = step
        self.name = {Choice: "word", Hints: "row,column,#rrggbb", Strokes: "strokes"}.get(type(setting), "number")

    def convert(self, value: Any, parameter: click.Parameter | None, context: click.Context | None) -> Any:
        """Read what was written behind the option."""
        try:
            return self.setting.parse(value, self.step) if isinstance(value, str) else value
        except ImageError as error:
            self.fail(str(error), parameter, context)

    def shell_complete(self, context: click.Context, parameter: click.Parameter, incomplete: str) -> list[Any]:
        """Offer the words that may be chosen."""
        words = self.setting.choices() if isinstance(self.setting, Choice) else ()
        return [click.shell_completion.CompletionItem(word) for word in words if word.startswith(incomplete)]


def step_options(kind: StepKind, taken: Sequence[str]) -> dict[str, click.Option]:
    """Return {setting: option} of a step; a name that is taken already gets the step's name before it."""
    return {setting.name: _step_option(setting, kind.name, taken) for setting in kind.settings}


def _step_option(setting: Setting, step: str, taken: Sequence[str]) -> click.Option:
    repeated = isinstance(setting, Hints)
    flag = "--" + (setting.name.removesuffix("s") if repeated else setting.name).replace("_", "-")
    if flag in taken:
        flag = f"--{step}-{flag[2:]}"
    default = f"default {setting.text(setting.default)}"
    if isinstance(setting, Switch):
        flags = f"{flag}/--no-{flag[2:]}" if setting.default else flag
        return click.Option([flags, _parameter(setting)], is_flag=True, default=setting.default, help=setting.help)
    if repeated:
        help_text = f"{setting.help}; may be given several times"
    elif isinstance(setting, Number | Choice):
        help_text = f"{setting.help} ({setting.allowed}; {default})"
    else:
        help_text = setting.help
    return click.Option(
        [flag, _parameter(setting)], type=SettingType(setting, step), multiple=repeated, default=None, help=help_text
    )


def _parameter(setting: Setting) -> str:
    """Return what click calls the option of a setting: no other option is called so."""
    return f"setting_{setting.name}"


def step_of(kind: StepKind, given: dict[str, Any]) -> Step:
    """Take the settings of a step out of what an invocation was given."""
    settings = {}
    for setting in kind.settings:
        value = given.pop(_parameter(setting))
        if isinstance(setting, Hints):
            value = [hint for hints in value for hint in hints] or None
        if value is not None:
            settings[setting.name] = value
    try:
        return Step(kind.name, **settings)
    except ImageError as error:
        raise click.UsageError(str(error)) from error


def output_options(default_name: str = DEFAULT_NAME) -> list[click.Option]:
    """Return the options of every command that writes photographs; `output_of` reads them."""
    formats = {format.lower(): format for format in LARGEST_SIDES}
    return [
        click.Option(
            ["--name"],
            default=default_name,
            metavar="PATTERN",
            callback=checked(check_pattern),
            help=f"how results in a folder are called (default {default_name})",
        ),
        click.Option(
            ["--format"],
            type=click.Choice(list(formats)),
            callback=lambda _context, _option, value: formats.get(value),
            help="of the results; by their names, or as the source, when omitted",
        ),
        click.Option(
            ["--quality"],
            type=int,
            default=95,
            callback=checked(check_quality),
            help="of JPEG, WebP and AVIF, 1 to 100 (default 95)",
        ),
        click.Option(
            ["--metadata"],
            type=click.Choice(["no-location", "all", "none"]),
            default="no-location",
            help="what is kept of EXIF, XMP and IPTC: all but place, device and owner (default), all, none",
        ),
        click.Option(["--keep-times"], is_flag=True, help="give results the times of their sources"),
        click.Option(["--overwrite"], is_flag=True, help="replace results that exist; a source is never replaced"),
        click.Option(
            ["--max-megapixels"],
            type=float,
            default=50.0,
            callback=checked(_check_limit),
            help="larger photographs are refused (default 50)",
        ),
    ]


def output_of(given: dict[str, Any]) -> OutputOptions:
    """Take the options of output, short of the name pattern, out of what an invocation was given."""
    names = ("quality", "metadata", "format", "keep_times", "overwrite", "max_megapixels")
    return OutputOptions(**{name: given.pop(name) for name in names})


def console_options() -> list[click.Option]:
    """Return the options that say how a command reports."""
    return [
        click.Option(["--json", "as_json"], is_flag=True, help="one line of JSON a file on standard output"),
        click.Option(["--quiet", "-q"], is_flag=True, help="say nothing but what fails"),
    ]


def pipeline_options() -> list[click.Option]:
    """Return the options that name a pipeline; `pipeline_of` reads them."""
    return [
        click.Option(
            ["--steps"], metavar="STEPS", help='what is done, such as "denoise strength=0.8; tone; upscale scale=2"'
        ),
        click.Option(
            ["--pipeline", "pipeline_file"],
            type=click.Path(exists=True, dir_okay=False),
            help="the same from a file of JSON",
        ),
    ]


def pipeline_of(given: dict[str, Any]) -> Pipeline | None:
    """Take the pipeline out of what an invocation was given; None where it names none."""
    steps, file = given.pop("steps"), given.pop("pipeline_file")
    if steps is not None and file is not None:
        raise click.UsageError("--steps and --pipeline both say what is done; give one of them.")
    if steps is None and file is None:
        return None
    try:
        if steps is not None:
            return Pipeline.parse(steps)
        with open(file, encoding="utf-8") as opened:
            return Pipeline.from_json(opened.read())
    except (ImageError, OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{'--steps' if file is None else file}: {error}") from error


def _check_limit(megapixels: float) -> None:
    if not 0 < megapixels < float("inf"):
        raise PhotoError(f"The limit is {megapixels} megapixels; it must be a number above 0, such as 50.")


def checked(check: Callable[[Any], object]) -> Callable[[click.Context, click.Parameter, Any], Any]:
    """Return a callback of an option that makes what a check refuses wrong usage."""

    def callback(_context: click.Context, _option: click.Parameter, value: Any) -> Any:
        try:
            check(value)
        except (BatchError, ImageError, PhotoError) as error:
            raise click.BadParameter(str(error)) from error
        return value

    return callback
