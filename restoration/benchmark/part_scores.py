"""Figures of a benchmark of several parts: printed as they come, and written for the report."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from restoration.inference import hardware


@dataclass(frozen=True)
class PartScore:
    """One figure: of which part, under which condition, by which method, in which unit."""

    part: str
    condition: str
    method: str
    value: float
    unit: str


def printed(rows: Iterable[PartScore]) -> list[PartScore]:
    """Print each figure as it comes, and return them all."""
    found = []
    for row in rows:
        print(f"{row.part:18} {row.condition:32} {row.method:26} {row.value:8.3f} {row.unit}", flush=True)
        found.append(row)
    return found


def write_report(path: Path, images: str, networks: Sequence[str], rows: Sequence[PartScore]) -> None:
    """Write what `restoration.benchmark.report` makes its tables from."""
    report = {
        "images": images,
        "machine": hardware.describe(),
        "networks": list(networks),
        "rows": [asdict(row) for row in rows],
    }
    path.write_text(json.dumps(report, indent=1) + "\n")
