"""Figures: measured values, their range, and the ratio to a plain alternative."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

EARSHOT = "Earshot"
"""The names of our own systems begin so; all others are plain alternatives."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure.

    Attributes:
        subject: what was asked, a heading of the report.
        case: the size it was asked for.
        system: who was measured.
        measure: what of it, with its unit.
        values: one figure a repeat.
        ours: the figures of Earshot that this plain alternative is compared with; empty for none.

    Raises:
        ValueError: there are no values.
    """

    subject: str
    case: str
    system: str
    measure: str
    values: tuple[float, ...]
    ours: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not self.values:
            raise ValueError(f"nothing was measured of {self.system}: {self.measure}")

    @property
    def ratio(self) -> float | None:
        """Earshot's median divided by this one's; None where nothing is compared."""
        return median(self.ours) / median(self.values) if self.ours and median(self.values) else None

    def to_json(self) -> dict[str, Any]:
        """As JSON-ready values."""
        return {
            "subject": self.subject,
            "case": self.case,
            "system": self.system,
            "measure": self.measure,
            "median": median(self.values),
            "min": min(self.values),
            "max": max(self.values),
            "repeats": len(self.values),
            "earshot_divided_by_this": self.ratio,
        }


Measured = dict[str, dict[str, Sequence[float]]]
"""Figures by system and measure, one a repeat."""


def figures_of(subject: str, case: str, measured: Measured, ours: str) -> list[Figure]:
    """Figures of several systems; plain ones are compared with `ours` by measure."""
    return [
        Figure(subject, case, system, measure, tuple(values), _beside(measured, system, ours, measure))
        for system, measures in measured.items()
        for measure, values in measures.items()
    ]


def _beside(measured: Measured, system: str, ours: str, measure: str) -> tuple[float, ...]:
    return () if system.startswith(EARSHOT) else tuple(measured[ours].get(measure, ()))


def gather(runs: Sequence[dict[str, float]]) -> dict[str, Sequence[float]]:
    """Figures by measure, of the repeats of one system."""
    return {measure: [run[measure] for run in runs] for measure in runs[0]}
