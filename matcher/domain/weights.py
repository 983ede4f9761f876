"""How much the rows of a library count in its profile: less with age, and hardly at all if they are noise."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from matcher.domain.listening import Part
from matcher.domain.noise import noise_artists
from matcher.domain.profile import Row

HALF_LIFE_MONTHS = 36.0
"""Plays so long before a listener's last ones count half.

Chosen, not measured: no table at hand has times. Three years are mild: what somebody loved ten years ago
still counts a tenth.
"""

NOISE_WEIGHT = 0.01
"""How much a month's plays of a track count that is no taste (`matcher/domain/noise`), however many they are.

Their number says how long a night is; and where plays do not count, many would be as much as a song.
"""


def weighed(
    rows: Sequence[Row], artist_tags: Mapping[str, Mapping[str, float]], *, damps_noise: bool = True
) -> Sequence[Row]:
    """The rows with the strengths that count, in their order.

    Where no months of plays are known nothing fades, and where all is noise it is all there is.
    """
    noise = noise_in(rows, artist_tags) if damps_noise else ()
    if noise and any(row.artist not in noise for row in rows):
        rows = [_damped(row) if row.artist in noise else row for row in rows]
    return faded(rows)


def noise_in(rows: Sequence[Row], artist_tags: Mapping[str, Mapping[str, float]]) -> frozenset[str]:
    """Canonical keys of the artists in rows that are no taste."""
    return noise_artists(((row.artist, row.track) for row in rows), artist_tags)


def _damped(row: Row) -> Row:
    return replace(row, plays=NOISE_WEIGHT * min(row.plays, 1.0))


def faded(rows: Sequence[Row]) -> Sequence[Row]:
    """Rows of plays, each weakened by the months to the newest of them; others as they are.

    Plays without a month are weakened as the others are on average.
    """
    plays = [row for row in rows if row.month and row.facet == Part.PLAYS]
    months = {row.month: _number_of(row.month) for row in plays}
    newest = max(months.values(), default=0)
    factors = {month: 0.5 ** ((newest - number) / HALF_LIFE_MONTHS) for month, number in months.items()}
    if all(factor == 1.0 for factor in factors.values()):
        return rows
    factors[""] = sum(row.plays * factors[row.month] for row in plays) / sum(row.plays for row in plays)
    return [
        replace(row, plays=row.plays * factors[row.month]) if row.facet == Part.PLAYS else row for row in rows
    ]


def _number_of(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:])
