"""Reports: Markdown with one table per subject, and JSON at the terminal."""

import json
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

NOTE = (
    "Median of the repeats, with the lowest and the highest. Systems took turns, after a warm-up, on a "
    "monotonic clock; all data is invented from a seed. *Earshot ÷ it* is Earshot's median divided by that "
    "row's: below 1, Earshot takes less. For throughput above 1 is better. How and why: docs/benchmarks.md."
)


def markdown(found: Mapping[str, Any]) -> str:
    """The report of what `benchmarks.run` found."""
    subjects = groupby(found["figures"], key=lambda one: one["subject"])
    sections = "".join(_section(subject, list(rows)) for subject, rows in subjects)
    return f"# Benchmarks\n\n{NOTE}\n\n{_about(found)}{sections}"


def write_report(found: Mapping[str, Any], out: Path | None) -> None:
    """Print results as JSON, and write them to `out` if it is given."""
    text = json.dumps(found, indent=1)
    print(text)
    if out:
        out.write_text(text + "\n")


def _about(found: Mapping[str, Any]) -> str:
    machine = found["machine"]
    packages = ", ".join(f"{name} {number}" for name, number in found["packages"].items())
    smoke = " (a smoke run: the figures mean little)" if found["quick"] else ""
    return (
        f"- command: `{found['command']}`{smoke}\n"
        f"- commit: {found['commit']}, measured {found['measured_at_utc']}\n"
        f"- machine: {machine['system']} {machine['processor']}, {machine['cores']} cores, "
        f"{machine['memory_gib']:g} GiB, load {machine['load_at_start']:g} at the start\n"
        f"- Python {found['python']}; {packages}\n"
    )


def _section(subject: str, rows: Sequence[Mapping[str, Any]]) -> str:
    head = "| | | | median | min – max | repeats | Earshot ÷ it |\n|---|---|---|---:|---:|---:|---:|\n"
    return f"\n## {subject}\n\n{head}" + "".join(_row(one) for one in _side_by_side(rows))


def _side_by_side(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Rows so that all systems of one case and one measure follow each other."""
    cases = list(dict.fromkeys(one["case"] for one in rows))
    measures = list(dict.fromkeys(one["measure"] for one in rows))
    return sorted(rows, key=lambda one: (cases.index(one["case"]), measures.index(one["measure"])))


def _row(one: Mapping[str, Any]) -> str:
    ratio = one["earshot_divided_by_this"]
    cells = [
        one["case"],
        one["measure"],
        one["system"],
        number(one["median"]),
        f"{number(one['min'])} – {number(one['max'])}",
        str(one["repeats"]),
        "" if ratio is None else f"{ratio:.2g}" if ratio < 10 else f"{ratio:,.0f}",
    ]
    return f"| {' | '.join(cells)} |\n"


def number(value: float) -> str:
    """A figure with three significant digits."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}" if abs(value) >= 1 else f"{value:.3f}"
