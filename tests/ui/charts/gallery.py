"""Every chart with plausible values or hostile text, and with nothing: for tests and pictures."""

import math
import random
from collections.abc import Callable, Iterable

from matcher.domain.audio import AttributeSummary, AudioSummary
from ui import charts
from ui.charts import audio


def a_summary(shift: float = 0.0) -> AudioSummary:
    def at(low: float, high: float, share: float) -> AttributeSummary:
        quantiles = tuple(
            low + (high - low) * min(max(share + one, 0), 1) for one in (-0.2, -0.1, 0, 0.1, 0.25)
        )
        return AttributeSummary(quantiles[2], (high - low) * 0.1, quantiles, 0.9)

    shares = dict(zip(audio.SHOWN, (0.7, 0.6, 0.75, 0.5, 0.45, 0.3, 0.15, 0.1, 0.2), strict=True))
    return AudioSummary(
        {
            name: at(*audio.SHOWN[name], share + shift * (-1) ** place)
            for place, (name, share) in enumerate(shares.items())
        },
        0.9,
    )


def points(n: int = 4000) -> list[tuple[float, float]]:
    rng = random.Random(6)
    centres = [(math.cos(turn) * 3, math.sin(turn) * 2) for turn in range(7)]
    return [(x + rng.gauss(0, 0.7), y + rng.gauss(0, 0.7)) for x, y in rng.choices(centres, k=n)]


def filled(one: str = "Velvet Heron 482", other: str = "Quiet Otter 101") -> dict[str, str]:
    """A chart of each kind, with these names in it."""
    parts = [
        charts.Part("Overall taste", 0.41, "what the model hears"),
        charts.Part(one, 0.22, one),
        charts.Part("Tags", -0.07),
        charts.Part(other, 0.12),
    ]
    spots = [
        charts.Spot(2.9, 0.2, one, "place"),
        charts.Spot(0.4, 2.0, other, tip=f"{other}, 91 %"),
        charts.Spot(1.0, 0.5, one, "me"),
    ]
    shares = [[None, 0.91, 0.4], [0.91, None, 0.12], [0.4, 0.12, None]]
    return {
        "radar": charts.radar(
            one, audio.axes(), [audio.outline(one, a_summary()), audio.outline(other, a_summary(0.12))]
        ),
        "waterfall": charts.waterfall(one, parts),
        "overlap": charts.overlap(one, charts.Heap(one, 210), charts.Heap(other, 96), 37, "artists"),
        "spread": charts.spread(
            one, [*audio.spreads(a_summary()), charts.Spread(one, [0, 0.2, 0.4, 0.6, 1], other)], other
        ),
        "bars": charts.bars(
            one,
            [charts.Bar(f"{year}s", n, f"{year}s: {n} %") for year, n in ((1990, 12), (2000, 0), (2010, 61))]
            + [charts.Bar(one, 5, other)],
        ),
        "heat": charts.heat_map(one, [one, other, "Third Hare 7"], shares),
        "map": charts.scatter(one, points(), spots, f"Listeners, {other} among them"),
    }


EMPTY: dict[str, Callable[[], str]] = {
    "radar": lambda: charts.radar("Title", audio.axes(), [audio.outline("", None)]),
    "waterfall": lambda: charts.waterfall("Title", []),
    "overlap": lambda: charts.overlap("Title", charts.Heap("a", 0), charts.Heap("b", 0), 0, "artists"),
    "spread": lambda: charts.spread("Title", []),
    "bars": lambda: charts.bars("Title", [charts.Bar("1990s", 0, "none")]),
    "heat": lambda: charts.heat_map("Title", [], []),
    "map": lambda: charts.scatter("Title", [], [], "nobody"),
}


LOOK = """
body { margin: 0; background: light-dark(#FBF8F3, #171411); color: light-dark(#1f1b16, #efe9df);
  font-family: "Source Sans", sans-serif; }
.grid { display: grid; padding: 1.25rem; gap: 1rem;
  grid-template-columns: repeat(auto-fill, minmax(min(22rem, 100%), 1fr)); }
"""


def page(scheme: str) -> str:
    """All charts on one page of plain HTML; `scheme` is light or dark."""
    return look_of(scheme, filled().values())


def look_of(scheme: str, drawn: Iterable[str], small: str = "") -> str:
    """Charts on a page of plain HTML, in the look of the app; `small` goes into a line of text."""
    from ui.shared.frame import STYLE

    cells = "".join(f"<div>{chart}</div>" for chart in drawn)
    return (
        f'<!doctype html><html lang="en"><title>Charts</title><style>{STYLE}{LOOK}</style>'
        f'<body class="stApp" style="color-scheme:{scheme}"><main class="grid"><h1>Charts</h1>'
        f"<p>{small}</p>{cells}</main></body></html>"
    )
