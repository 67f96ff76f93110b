"""What a step can be told: the name, range, default and help of each setting, and the sentence where one is wrong."""

import difflib
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from restoration.image.checks import ImageError
from restoration.tasks.repair_strokes import MOST_STROKES, Stroke, sound_stroke


class PipelineError(ImageError):
    """A step, a setting or a value that does not exist, said in one sentence with the nearest that does."""


@dataclass(frozen=True)
class Setting:
    """One setting of a step.

    Attributes
    ----------
    name : str
        As in the task's function, in a pipeline's text and in JSON.
    default : object
        None only where `optional`.
    help : str
        One line, for the command line and beside the control.
    label : str
        What the control is called.
    optional : bool
        Whether None is a value: the task then decides itself.
    """

    name: str
    default: Any
    help: str
    label: str
    optional: bool = False

    def check(self, value: Any, step: str) -> Any:
        """Return a value as the task takes it.

        Parameters
        ----------
        value
        step
            The name of the step, for the sentence.

        Raises
        ------
        PipelineError
            If the value is none of this setting's.
        """
        if value is None and self.optional:
            return None
        return self._checked(value, f"The {self.name} of {step}")

    def parse(self, text: str, step: str) -> Any:
        """Return the value that a text stands for, checked as by `check`."""
        if self.optional and text.lower() == "none":
            return None
        return self.check(self._read(text), step)

    def text(self, value: Any) -> str:
        """Return a value as `parse` reads it."""
        return "none" if value is None else str(value)

    @property
    def allowed(self) -> str:
        """What may be chosen, in words: "0 to 1"."""
        raise NotImplementedError

    def _checked(self, value: Any, what: str) -> Any:
        raise NotImplementedError

    def _read(self, text: str) -> Any:
        return text


@dataclass(frozen=True)
class Number(Setting):
    """A number from `low` to `high`; a whole one where `whole`. In a text 25/255 is a number, too."""

    low: float = 0.0
    high: float = 1.0
    whole: bool = False

    @property
    def allowed(self) -> str:
        """The range, in words."""
        return f"{'a whole number from ' if self.whole else ''}{self.low:g} to {self.high:g}"

    def _checked(self, value, what):
        good = isinstance(value, (int, float)) and not isinstance(value, bool) and self.low <= value <= self.high
        if not good or (self.whole and value != int(value)):
            kind = "a whole number" if self.whole else "a number"
            raise PipelineError(f"{what} is {_shown(value)}; it must be {kind} from {self.low:g} to {self.high:g}.")
        return int(value) if self.whole else float(value)

    def _read(self, text):
        try:
            parts = [float(part) for part in text.split("/", 1)]
            return parts[0] / parts[1] if len(parts) == 2 else parts[0]
        except (ValueError, ZeroDivisionError):
            return text

    def text(self, value: float | None) -> str:
        """Return a number as `parse` reads it, without loss."""
        return "none" if value is None else str(int(value)) if value == int(value) else repr(float(value))


@dataclass(frozen=True)
class Switch(Setting):
    """Yes or no."""

    @property
    def allowed(self) -> str:
        """The two values."""
        return "yes or no"

    def _checked(self, value, what):
        if not isinstance(value, bool):
            raise PipelineError(f"{what} is {_shown(value)}; it must be yes or no.")
        return value

    def _read(self, text):
        return {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}.get(
            text.lower(), text
        )

    def text(self, value: bool) -> str:
        """Return yes or no."""
        return "yes" if value else "no"


@dataclass(frozen=True)
class Choice(Setting):
    """One of some words, which `choices` lists."""

    choices: Callable[[], Sequence[str]] = tuple

    @property
    def allowed(self) -> str:
        """All of them."""
        return ", ".join(self.choices())

    def _checked(self, value, what):
        if not isinstance(value, str) or value not in self.choices():
            raise PipelineError(f"{what} is {_shown(value)}; {nearest(value, self.choices())}")
        return value


@dataclass(frozen=True)
class Hints(Setting):
    """Known colours: a list of (row, column, (red, green, blue)); as text ROW,COLUMN,#RRGGBB, several with | between.

    Each becomes a list in JSON; what the task says of a hint outside the picture is said when it runs.
    """

    @property
    def allowed(self) -> str:
        """What a hint looks like."""
        return "ROW,COLUMN,#RRGGBB, several with | between them"

    def _checked(self, value, what):
        try:
            hints = [(float(row), float(column), tuple(float(part) for part in color)) for row, column, color in value]
            if not all(len(color) == 3 and all(map(math.isfinite, (*place, *color))) for *place, color in hints):
                raise ValueError
        except (TypeError, ValueError):
            example = "60,80,#3a6ea5"
            raise PipelineError(
                f"{what} is {_shown(value)}; give {self.allowed}, such as {example}, or a list of "
                "(row, column, (red, green, blue)) with colours from 0 to 1."
            ) from None
        return tuple(hints)

    def _read(self, text):
        try:
            return [_read_hint(hint) for hint in text.split("|")] if text else []
        except ValueError:
            return text

    def text(self, value: Sequence[tuple[float, float, Sequence[float]]]) -> str:
        """Return hints as `parse` reads them; a colour is rounded to 8 bits."""
        return "|".join(
            f"{row:g},{column:g},#{''.join(f'{round(255 * part):02x}' for part in color)}"
            for row, column, color in value
        )


@dataclass(frozen=True)
class Strokes(Setting):
    """Strokes of a brush: a list of (adds, radius, [(x, y), ...]), in shares of the width and the height.

    As text add:RADIUS:X,Y,X,Y or erase:..., several with | between.
    """

    @property
    def allowed(self) -> str:
        """What strokes look like."""
        return "add:RADIUS:X,Y,X,Y or erase:RADIUS:X,Y, several with | between them, in shares of the picture"

    def _checked(self, value, what):
        strokes = [
            sound_stroke(*stroke) if isinstance(stroke, (list, tuple)) and len(stroke) == 3 else None
            for stroke in (value if isinstance(value, (list, tuple)) else [None])
        ]
        if None in strokes or len(strokes) > MOST_STROKES:
            raise PipelineError(f"{what} is {_shown(value)}; give {self.allowed}, such as add:0.01:0.2,0.3,0.4,0.3.")
        return tuple(strokes)

    def _read(self, text):
        try:
            return [_read_stroke(stroke) for stroke in text.split("|")] if text else []
        except (ValueError, KeyError):
            return text

    def text(self, value: Sequence[Stroke]) -> str:
        """Return strokes as `parse` reads them, without loss."""
        return "|".join(
            f"{'add' if adds else 'erase'}:{radius!r}:{','.join(repr(part) for point in points for part in point)}"
            for adds, radius, points in value
        )


def nearest(name: object, names: Iterable[str]) -> str:
    """Return the sentence that leads from a name that does not exist to those that do.

    Examples
    --------
    >>> nearest("colourize", ["denoise", "colorize"])
    'did you mean colorize?'
    >>> nearest("x", ["denoise", "colorize"])
    'choose one of denoise, colorize.'
    """
    names = list(names)
    close = difflib.get_close_matches(str(name).lower(), names, n=1, cutoff=0.6)
    return f"did you mean {close[0]}?" if close else f"choose one of {', '.join(names)}."


def _read_stroke(text):
    action, radius, numbers = text.split(":")
    parts = [float(number) for number in numbers.split(",")]
    return {"add": True, "erase": False}[action], float(radius), list(zip(parts[::2], parts[1::2], strict=True))


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _read_hint(text):
    row, column, color = text.split(",")
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", color.strip()):
        raise ValueError(color)
    return float(row), float(column), tuple(part / 255 for part in bytes.fromhex(color.strip()[1:]))
