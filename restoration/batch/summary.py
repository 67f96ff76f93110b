"""What a batch has done: as text, as JSON, and as a page with each photograph before and after."""

import base64
import html
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from restoration.batch.errors import BatchError
from restoration.batch.ledger import Ledger
from restoration.batch.restore_file import WRITTEN, FileReport, shortened
from restoration.photo.whole_file import whole_file
from restoration.pipeline import STEPS


@dataclass
class StepTotal:
    """What a step did to all files: how many, how long, by how much (root mean square of 255, summed)."""

    files: int = 0
    seconds: float = 0.0
    changed_files: int = 0
    change: float = 0.0

    @property
    def mean_change(self) -> float | None:
        """The mean over the files whose size it kept; None where there was none."""
        return self.change / self.changed_files if self.changed_files else None


@dataclass
class Summary:
    """The sums of a run.

    Parameters
    ----------
    seconds
        Wall time of the run.
    is_paused
        Whether files are left.

    Attributes
    ----------
    done, copied, unchanged, failed, skipped : int
        Files; "copied" are those with which there was nothing to do, "unchanged" those that an earlier run has done.
    megapixels : float
        That were restored.
    steps : dict of str to StepTotal
    """

    seconds: float = 0.0
    is_paused: bool = False
    done: int = 0
    copied: int = 0
    unchanged: int = 0
    failed: int = 0
    skipped: int = 0
    megapixels: float = 0.0
    steps: dict[str, StepTotal] = field(default_factory=dict)

    def add(self, report: FileReport) -> None:
        """Count a file."""
        setattr(self, report.state, getattr(self, report.state) + 1)
        if report.state not in WRITTEN:
            return
        self.megapixels += report.megapixels
        for step in report.steps:
            total = self.steps.setdefault(step.name, StepTotal())
            total.files += 1
            total.seconds += step.seconds
            if step.change is not None:
                total.changed_files += 1
                total.change += step.change

    def lines(self) -> Iterator[str]:
        """Yield the sums as lines of text."""
        counts = {
            "done": self.done,
            "copied (nothing to do)": self.copied,
            "done before": self.unchanged,
            "failed": self.failed,
            "skipped": self.skipped,
        }
        told = [f"{count} {state}" for state, count in counts.items() if count] or ["nothing to do"]
        yield f"{', '.join(told)} in {duration(self.seconds)}" + (", paused." if self.is_paused else ".")
        for name, total in self.steps.items():
            change = "" if total.mean_change is None else f", changed by {total.mean_change:.1f} of 255"
            yield f"{name}: {_files(total.files)}, {total.seconds / total.files:.1f} s each{change}"

    def to_dict(self) -> dict[str, object]:
        """Return the sums for JSON."""
        steps = {
            name: {"files": total.files, "seconds": round(total.seconds, 3), "mean_change": total.mean_change}
            for name, total in self.steps.items()
        }
        sums = {name: getattr(self, name) for name in ("done", "copied", "unchanged", "failed", "skipped", "is_paused")}
        return {**sums, "seconds": round(self.seconds, 3), "megapixels": round(self.megapixels, 3), "steps": steps}


def write_report(path: Path, summary: Summary, ledger: Ledger) -> None:
    """Write a report of the run; its suffix chooses the form: .txt, .json or .html, a contact sheet.

    Raises
    ------
    BatchError
        If the suffix is another one, or the file cannot be written.
    """
    check_reports([path])
    try:
        with whole_file(path) as file:
            _FORMS[path.suffix.lower()](file, summary, ledger.reports())
    except OSError as error:
        raise BatchError(
            f"{shortened(str(path))}: The report cannot be written: {error.strerror}. Choose another place."
        ) from error


def check_reports(paths: Iterable[Path]) -> None:
    """Raise BatchError unless each report can be written in the form that its suffix says."""
    for path in paths:
        if path.suffix.lower() not in _FORMS:
            raise BatchError(f"{shortened(str(path))}: A report ends in one of {', '.join(_FORMS)}.")


def _write_text(file: BinaryIO, summary: Summary, reports: Iterable[FileReport]) -> None:
    _write_lines(file, summary.lines())
    for report in reports:
        told = {
            "failed": report.message,
            "skipped": f"{report.source}: {report.message}",
            "copied": f"{report.source} -> {report.target}, nothing to do",
        }.get(report.state, f"{report.source} -> {report.target}, {report.seconds:.1f} s")
        _write_lines(file, [f"{report.state}: {told}"])


def _write_json(file: BinaryIO, summary: Summary, reports: Iterable[FileReport]) -> None:
    file.write(json.dumps(summary.to_dict(), indent=1)[:-2].encode() + b',\n "files": [')
    for number, report in enumerate(reports):
        file.write((b",\n  " if number else b"\n  ") + json.dumps(report.to_dict()).encode())
    file.write(b"\n ]\n}\n")


def _write_page(file: BinaryIO, summary: Summary, reports: Iterable[FileReport]) -> None:
    sums = "<br>".join(html.escape(line) for line in summary.lines())
    _write_lines(file, [_PAGE_START, f"<p>{sums}</p>", "<main>"])
    for report in reports:
        _write_lines(file, [_figure(report)])
    _write_lines(file, ["</main>"])


def _figure(report: FileReport) -> str:
    name = html.escape(Path(report.source).name)
    if report.state not in WRITTEN:
        told = report.message if report.state == "failed" else f"{report.source}: skipped, {report.message}"
        return f'<p class="passed">{html.escape(told)}</p>'
    sides = "".join(
        f'<img alt="{name}, {when}" src="data:image/jpeg;base64,{base64.b64encode(image).decode()}">'
        for when, image in (("before", report.before), ("after", report.after))
    )
    done = ", ".join(STEPS[step.name].done for step in report.steps if step.name in STEPS) or "nothing to do"
    return f"<figure>{sides}<figcaption><b>{name}</b><br>{html.escape(done)}</figcaption></figure>"


def _write_lines(file: BinaryIO, lines: Iterable[str]) -> None:
    for line in lines:
        file.write(line.encode("utf-8", "backslashreplace") + b"\n")


def duration(seconds: float) -> str:
    """Return a time as people say it.

    Examples
    --------
    >>> duration(8.04), duration(200), duration(9000)
    ('8.0 s', '3 min 20 s', '2 h 30 min')
    """
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def _files(count: int) -> str:
    return f"{count} file" if count == 1 else f"{count} files"


_FORMS: Mapping[str, Callable[[BinaryIO, Summary, Iterable[FileReport]], None]] = {
    ".txt": _write_text,
    ".json": _write_json,
    ".html": _write_page,
}
_PAGE_START = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Before and after</title>
<style>
  :root { color-scheme: light dark; }
  body {
    font: 14px/1.4 system-ui, sans-serif; margin: 24px;
    color: light-dark(#1c1c1c, #ececec); background: light-dark(#f4f4f2, #1c1c1c);
  }
  main { display: flex; flex-wrap: wrap; gap: 16px; align-items: flex-end; }
  figure { margin: 0; max-width: 328px; }
  figure img { margin-right: 4px; vertical-align: bottom; max-width: 160px; }
  figcaption, .passed { overflow-wrap: anywhere; }
  .passed { flex-basis: 100%; margin: 0; }
</style>
<h1>Before and after</h1>"""
