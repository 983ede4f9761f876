"""English formats of numbers, shares and times; translations replace this module."""

from datetime import datetime


def counted(n: int, one: str, many: str) -> str:
    """A number with its noun: "1 track", "1,204 tracks"."""
    return f"{n:,} {one if n == 1 else many}"


def percent(share: float) -> str:
    """A share in [0, 1] as whole percent; 0 and 100 only if exact."""
    if 0 < share < 0.01:
        return "under 1 %"
    return f"{min(round(share * 100), 99 if share < 1 else 100)} %"


def bare_percent(share: float, sign: bool = False) -> str:
    """A percentage in few letters: "<1", "42", with `sign` "<1 %", "42 %"."""
    figure = "<1" if 0 < share < 0.01 else percent(share).removesuffix(" %")
    return f"{figure} %" if sign else figure


def at(pattern: str, moment: datetime) -> str:
    """`pattern` with {day} ("3 March 2026") and {time} ("14:05", or "14:05 UTC")."""
    zone = " UTC" if moment.tzname() == "UTC" else ""
    return pattern.format(day=f"{moment.day} {moment:%B %Y}", time=f"{moment:%H:%M}{zone}")


def points(value: float) -> str:
    """A fraction of the likeness in points, with one decimal and a true minus sign."""
    return f"{100 * value:.1f}".replace("-0.0", "0.0").replace("-", "−") if abs(value) >= 0.0005 else "0.0"


def short_number(value: float) -> str:
    """A short number with a true minus sign: "0.25", "−1"."""
    return f"{round(value, 2) + 0.0:g}".replace("-", "−")


def change(value: float) -> str:
    """A change of a likeness in points, always signed."""
    return points(value) if value < 0 else f"+{points(value)}"
