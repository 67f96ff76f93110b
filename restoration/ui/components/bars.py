"""Named numbers as bars, a group for each measure: results that fit a phone as they fit a wide screen."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from restoration.ui.components.assets import component

_mount = component("bars")


@dataclass(frozen=True)
class Measure:
    """One measure of several things.

    Parameters
    ----------
    title : str
        What is measured, with its unit.
    values : dict of str to float
        Name of what was measured -> its value.
    form : str
        Of a number, as of ``str.format``.
    top : float
        What a full bar stands for, where no value is larger: 1 for shares. The largest value when omitted.

    Examples
    --------
    >>> Measure("Units active", {"plain": 0.5}, "{:.0%}").text("plain")
    '50%'
    """

    title: str
    values: Mapping[str, float]
    form: str = "{:g}"
    top: float = 0.0

    def text(self, name: str) -> str:
        """Return the number of a name as it is shown; "" for a name that was not measured."""
        return self.form.format(self.values[name]) if name in self.values else ""


def bars(measures: Sequence[Measure], *, key: str, colours: Mapping[str, str] | None = None) -> None:
    """Show measures as groups of bars, as many groups side by side as there is room for.

    Parameters
    ----------
    measures : sequence of Measure
    key : str
        Unique in the page.
    colours : dict of str to str, optional
        Name -> colour of its bar, as CSS writes it.
    """
    groups = [{"title": one.title, "bars": _drawn(one, colours or {})} for one in measures]
    _mount(key=key, data={"groups": groups})


def _drawn(measure, colours):
    """Return each bar with begin and length as shares of the range from the least value, or 0, to the largest."""
    finite = [value for value in measure.values.values() if math.isfinite(value)]
    low, high = min([0.0, *finite]), max([measure.top, *finite])
    span = (high - low) or 1.0
    return [
        {
            "name": name,
            "text": measure.text(name),
            "begin": (min(value, 0.0) - low) / span if math.isfinite(value) else 0.0,
            "length": abs(value) / span if math.isfinite(value) else 0.0,
            "colour": colours.get(name, ""),
        }
        for name, value in measure.values.items()
    ]
