"""Use case of picking: what is picked so far, what to ask next, and what a search finds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from matcher.picking.artists import FEWEST, MOST, PickableArtists
from matcher.picking.grid import ArtistGrid
from matcher.picking.search import ArtistSearch

N_FOUND = 8  # artists that a search shows
MOST_SEEN = 240  # artists passed over that are remembered, the latest


@dataclass(frozen=True, slots=True)
class Artist:
    """An artist to pick: canonical key and name."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Picks:
    """Where somebody is, as their browser keeps it: canonical keys, unchecked.

    Attributes:
        picked: in the order of picking.
        shown: artists on the screen.
        seen: artists of earlier screens.
        query: what is typed in the search.
        goes_on: whether the screen is to be followed by another one.
    """

    picked: Sequence[str] = ()
    shown: Sequence[str] = ()
    seen: Sequence[str] = ()
    query: str = ""
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class PickScreen:
    """What to show; attributes as in `Picks`, of artists that there are, each once."""

    picked: tuple[Artist, ...]
    shown: tuple[Artist, ...]
    seen: tuple[Artist, ...]
    found: tuple[Artist, ...]
    query: str = ""

    @property
    def n_missing(self) -> int:
        """How many more picks make a profile."""
        return max(0, FEWEST - len(self.picked))

    @property
    def is_full(self) -> bool:
        """Whether no more can be picked."""
        return len(self.picked) >= MOST


@dataclass(frozen=True, eq=False)
class ArtistPicker:
    """Leads through picking, over the artists of a model."""

    artists: PickableArtists

    def screen(self, picks: Picks) -> PickScreen:
        """The screen after `picks`; with new artists where none are shown."""
        picked = self._rows(picks.picked)[:MOST]
        shown, seen = self._rows(picks.shown), self._rows(picks.seen)
        if picks.goes_on or not shown:
            seen = list(dict.fromkeys([*seen, *shown]))[-MOST_SEEN:]
            shown = self._grid.next_screen(picked, seen)
        found = self._search.find(picks.query, N_FOUND)
        return PickScreen(
            self._named(picked), self._named(shown), self._named(seen), self._named(found), picks.query
        )

    @cached_property
    def _grid(self) -> ArtistGrid:
        return ArtistGrid(self.artists)

    @cached_property
    def _search(self) -> ArtistSearch:
        return ArtistSearch(self.artists.names)

    def _rows(self, keys: Iterable[str]) -> list[int]:
        row_of = self.artists.row_of
        return [row_of[key] for key in dict.fromkeys(keys) if key in row_of]

    def _named(self, rows: Iterable[int]) -> tuple[Artist, ...]:
        return tuple(Artist(self.artists.keys[row], self.artists.names[row]) for row in rows)
