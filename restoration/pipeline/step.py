"""One step of a pipeline: its name and all of its settings, checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from restoration.image.checks import ImageError
from restoration.pipeline.registry import StepKind, step_kind
from restoration.pipeline.settings import PipelineError


@dataclass(frozen=True, init=False, eq=False)
class Step:
    """A task with its settings.

    Parameters
    ----------
    name
        A key of `restoration.pipeline.STEPS`.
    **settings
        What differs from the defaults.

    Attributes
    ----------
    name : str
    settings : mapping of str to value
        All of them, read-only.

    Raises
    ------
    PipelineError
        If there is no such step, setting or value, where the sentence names the nearest one; or if two settings do not
        go together.

    Examples
    --------
    >>> Step("denoise", strength=0.8).settings["strength"]
    0.8
    >>> Step("denoise", strenght=0.8)
    Traceback (most recent call last):
    restoration.pipeline.settings.PipelineError: denoise has no setting 'strenght'; did you mean strength?
    """

    name: str
    settings: Mapping[str, Any]

    def __init__(self, name: str, **settings: Any) -> None:
        kind = step_kind(name)
        for given in settings:
            kind.setting(given)
        values = {one.name: one.check(settings.get(one.name, one.default), name) for one in kind.settings}
        try:
            kind.check(values)
        except ImageError as error:
            raise PipelineError(f"{name}: {error}") from None
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "settings", MappingProxyType(values))

    @classmethod
    def parse(cls, text: str) -> "Step":
        """Read a step such as "denoise strength=0.8 preset=fast"; what `text` writes.

        Raises
        ------
        PipelineError
            As of the class, and where a word is no name=value.
        """
        name, *words = text.split() or [""]
        kind, settings = step_kind(name), {}
        for word in words:
            setting, equals, value = word.partition("=")
            if not equals:
                raise PipelineError(f"{word!r} is no setting of {name}; write name=value, such as {_example(kind)}.")
            if setting in settings:
                raise PipelineError(f"{setting} of {name} is given twice; give it once.")
            settings[setting] = kind.setting(setting).parse(value, name)
        return cls(name, **settings)

    @property
    def kind(self) -> StepKind:
        """The row of the registry: help, ranges, words."""
        return step_kind(self.name)

    @property
    def changed(self) -> dict[str, Any]:
        """The settings that differ from their defaults."""
        return {one.name: value for one in self.kind.settings if (value := self.settings[one.name]) != one.default}

    def with_settings(self, **settings: Any) -> "Step":
        """Return the step with some settings changed."""
        return Step(self.name, **{**self.settings, **settings})

    def __str__(self) -> str:
        """Write the step as `parse` reads it, without what is as by default."""
        given = (f"{name}={self.kind.setting(name).text(value)}" for name, value in self.changed.items())
        return " ".join([self.name, *given])

    def __repr__(self) -> str:
        return f"Step({', '.join([repr(self.name), *(f'{name}={value!r}' for name, value in self.changed.items())])})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Step):
            return NotImplemented
        return self.name == other.name and dict(self.settings) == dict(other.settings)

    def __hash__(self) -> int:
        return hash((self.name, *self.settings.items()))

    def __reduce__(self):
        return _step, (self.name, dict(self.settings))  # a mapping proxy cannot be pickled


def _step(name, settings):
    return Step(name, **settings)


def _example(kind):
    setting = kind.setting(kind.main)
    return f"{setting.name}={setting.text(setting.default)}"
