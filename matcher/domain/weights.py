"""How much rows of a library count: less with age, hardly at all if noise."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from matcher.domain.listening import Part
from matcher.domain.noise import noise_artists
from matcher.domain.profile import Row

HALF_LIFE_MONTHS = 36.0
"""Plays so long before a listener's last ones count half.

Chosen, not measured: no table at hand has times. Three years are mild: what somebody loved ten years ago
still counts a tenth.
"""

NOISE_WEIGHT = 0.001
"""How much a month's plays of a track count that is no taste (`matcher/domain/noise`), however many they are.

Their number says how long a night is; and where plays do not count, many would be as much as a song.
"""


def weighed(
    rows: Sequence[Row],
    artist_tags: Mapping[str, Mapping[str, float]],
    unbroken: Collection[str] = (),
    *,
    damps_noise: bool = True,
) -> Sequence[Row]:
    """The rows with the strengths that count, in their order.

    Where no months of plays are known nothing fades, and where all is noise it is all there is.
    """
    noise = noise_in(rows, artist_tags) | set(unbroken) if damps_noise else ()
    if noise and any(row.artist not in noise for row in rows):
        rows = [_damped(row) if row.artist in noise else row for row in rows]
    return faded(rows)


def noise_in(rows: Sequence[Row], artist_tags: Mapping[str, Mapping[str, float]]) -> frozenset[str]:
    """Canonical keys of the artists in rows that are no taste."""
    return noise_artists(((row.artist, row.track) for row in rows), artist_tags)


def _damped(row: Row) -> Row:
    return replace(row, plays=NOISE_WEIGHT * min(row.plays, 1.0))


def faded(rows: Sequence[Row]) -> Sequence[Row]:
    """Weaken rows of plays by their age; others stay as they are.

    The age is in months before the latest plays, of which the last hundredth is passed over, as it may be of
    a clock that ran ahead. Plays without a month are weakened as the others are on average.
    """
    plays: defaultdict[str, float] = defaultdict(float)
    for row in rows:
        if row.month and row.facet == Part.PLAYS:
            plays[row.month] += row.plays
    latest = _latest(plays)
    factors = {month: min(0.5 ** ((latest - _number_of(month)) / HALF_LIFE_MONTHS), 1.0) for month in plays}
    if all(factor == 1.0 for factor in factors.values()):
        return rows
    factors[""] = sum(n * factors[month] for month, n in plays.items()) / sum(plays.values())
    return [
        # not by `replace`, which takes twice as long: there may be a million
        Row(row.artist, row.track, row.plays * factors[row.month], row.facet, row.decade, row.month)
        if row.facet == Part.PLAYS
        else row
        for row in rows
    ]


def _latest(plays: Mapping[str, float]) -> int:
    """Number of the latest month by which all but a hundredth of plays were; 0 of none."""
    later, most = 0.0, sum(plays.values()) / 100
    for month in sorted(plays, reverse=True):
        later += plays[month]
        if later >= most:
            return _number_of(month)
    return 0


def _number_of(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:])
