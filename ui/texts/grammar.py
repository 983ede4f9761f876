"""Numbers, shares and moments in English: what a translation rewrites rather than translates."""

from datetime import datetime


def counted(n: int, one: str, many: str) -> str:
    """A number with its noun: "1 track", "1,204 tracks"."""
    return f"{n:,} {one if n == 1 else many}"


def percent(share: float) -> str:
    """A share in [0, 1] as whole percent, never 0 for something nor 100 for less than all."""
    if 0 < share < 0.01:
        return "under 1 %"
    return f"{min(round(share * 100), 99 if share < 1 else 100)} %"


def bare_percent(share: float) -> str:
    """The same without the sign, where there is little room: "<1", "42", "99"."""
    return "<1" if 0 < share < 0.01 else percent(share).removesuffix(" %")


def at(pattern: str, moment: datetime) -> str:
    """`pattern` with {day} ("3 March 2026") and {time} ("14:05", in UTC "14:05 UTC") of a moment."""
    zone = " UTC" if moment.tzname() == "UTC" else ""
    return pattern.format(day=f"{moment.day} {moment:%B %Y}", time=f"{moment:%H:%M}{zone}")


def signed(value: float) -> str:
    """A part of a score with three decimals and a true minus sign."""
    return f"{value:.3f}".replace("-0.000", "0.000").replace("-", "−")


def change(value: float) -> str:
    """A change of a score: always with its sign."""
    return signed(value) if value < 0 else f"+{signed(value)}"
