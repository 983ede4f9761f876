"""ListenerProfile: the weighted taste that matching uses, and how to build it."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from matcher.domain.audio import AudioAttributes, AudioSummary, summarise_audio
from matcher.domain.canonical_keys import Keyed, facet_of
from matcher.domain.listening import Part, PartStatus, Source
from matcher.domain.names.spelling import normalise

Bag = Mapping[str, float]  # weights by canonical key, each > 0

STOP_WORDS = frozenset(
    "a an and at by de der die das el en et feat for from i il in is it la las le les los me mi mix music my "
    "no of on or playlist plus songs the to top un una und vol volume with you your".split()
)


@dataclass(frozen=True, slots=True)
class Item:
    """One recording, or one artist without a known recording, in one facet.

    Attributes:
        artist, track: canonical keys; empty if unknown.
        plays: strength, > 0.
        decade: of release, such as 1990.
    """

    artist: str
    track: str
    plays: float
    facet: str
    decade: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One item of a library in one month; otherwise as `Item`.

    Attributes:
        plays: total strength in that month, > 0.
        month: when played or added, such as "2026-03"; empty if unknown.
    """

    artist: str
    track: str
    plays: float
    facet: str
    decade: int | None = None
    month: str = ""


@dataclass(frozen=True, slots=True)
class Facet:
    """A part of a library with its own taste: a playlist, saved tracks, a time range."""

    part: Part
    name: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Amount of data behind a profile: distinct counts; audio coverage in [0, 1]."""

    n_tracks: int
    n_artists: int
    n_playlists: int
    n_tags: int
    audio_coverage: float


@dataclass(frozen=True)
class ListenerProfile:
    """Weighted artists, tracks, tags, playlist words and audio summary of a listener.

    Attributes:
        items: distinct (artist, track, facet) triples with their strength, sorted.
        tags: weight by tag; the sum is 1 unless empty.
        names: names as written, by canonical key of artists and tracks, for display only.
        parts: outcome of reading each part.
    """

    listener_id: str
    source: Source
    items: tuple[Item, ...] = ()
    facets: Mapping[str, Facet] = field(default_factory=dict)
    tags: Bag = field(default_factory=dict)
    audio: AudioSummary | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[Part, PartStatus] = field(default_factory=dict)

    @cached_property
    def artists(self) -> Bag:
        """Strength by artist, summed over the artist's items."""
        return _total((item.artist, item.plays) for item in self.items if item.artist)

    @cached_property
    def tracks(self) -> Bag:
        """Strength by track, summed over its facets."""
        return _total((item.track, item.plays) for item in self.items if item.track)

    @cached_property
    def track_artists(self) -> Mapping[str, str]:
        """Artist key of every track; empty if unknown."""
        found = {item.track: item.artist for item in reversed(self.items) if item.track and item.artist}
        return {key: found.get(key, "") for key in self.tracks}

    @cached_property
    def peak(self) -> float:
        """Strength of the strongest track; 0 without tracks."""
        return max(self.tracks.values(), default=0.0)

    @cached_property
    def decades(self) -> Mapping[int, float]:
        """Share by decade of release, over known decades; the sum is 1 unless empty."""
        found: dict[int, float] = defaultdict(float)
        for item in self.items:
            if item.decade is not None:
                found[item.decade] += item.plays
        total = sum(found.values())
        return {decade: weight / total for decade, weight in sorted(found.items())}

    @cached_property
    def words(self) -> Bag:
        """Number of playlists by word in their names."""
        playlists = (facet for facet in self.facets.values() if facet.part is Part.PLAYLISTS)
        return _total((word, 1.0) for facet in playlists for word in words_of(facet.name))

    @cached_property
    def evidence(self) -> Evidence:
        """Amount of data behind the profile."""
        n_playlists = sum(facet.part is Part.PLAYLISTS for facet in self.facets.values())
        coverage = self.audio.coverage if self.audio else 0.0
        return Evidence(len(self.tracks), len(self.artists), n_playlists, len(self.tags), coverage)

    @property
    def is_empty(self) -> bool:
        """Whether it has no items."""
        return not self.items


def words_of(name: str) -> tuple[str, ...]:
    """Distinct words of a playlist's name except stop words, in order, at most twelve."""
    words = (word for word in normalise(name).split() if len(word) > 1 and word not in STOP_WORDS)
    return tuple(dict.fromkeys(words))[:12]


def restrict(
    profile: ListenerProfile,
    items: Iterable[Item],
    artist_tags: Mapping[str, Mapping[str, float]] | None = None,
    attributes: Mapping[str, AudioAttributes] | None = None,
) -> ListenerProfile:
    """Profile of a subset of a listener's items: a half, a facet, or after exclusions.

    Tags and audio are recomputed from `artist_tags` (by canonical artist key) and `attributes` (by canonical
    track key), and absent without them.
    """
    kept = tuple(sorted(items, key=_place))
    facets = {item.facet for item in kept}
    return ListenerProfile(
        listener_id=profile.listener_id,
        source=profile.source,
        items=kept,
        facets={key: facet for key, facet in profile.facets.items() if key in facets},
        tags=_tags(kept, artist_tags or {}),
        audio=_audio(kept, attributes or {}),
        names=profile.names,
        parts=profile.parts,
    )


def _place(item: Item) -> tuple[str, str, str]:
    return item.artist, item.track, item.facet


def rows_of(keyed: Iterable[Keyed]) -> tuple[Row, ...]:
    """Aggregate facts to rows, distinct by artist, track, facet and month, sorted."""
    # by item first: many rows are sorted in a third of the time
    plays: dict[tuple[str, str, str], dict[str, float]] = defaultdict(dict)
    decades: dict[tuple[str, str, str, str], int] = {}
    for (artist, track), hearing, months in keyed:
        key = (artist, track, facet_of(hearing))
        mine = plays[key]
        for month, strength in months:
            mine[month] = mine.get(month, 0.0) + strength
            if hearing.release_year is not None:
                decade, at = hearing.release_year // 10 * 10, (*key, month)
                decades[at] = min(decade, decades.get(at, decade))
    return tuple(
        Row(artist, track, strength, facet, decades.get((artist, track, facet, month)), month)
        for artist, track, facet in sorted(plays)
        for month, strength in sorted(plays.pop((artist, track, facet)).items())
    )


def items_of(rows: Iterable[Row]) -> tuple[Item, ...]:
    """Aggregate rows over months: items distinct by artist, track and facet, sorted.

    The months of each item must be sorted in the input, as in `rows_of`.
    """
    plays: dict[tuple[str, str, str], float] = defaultdict(float)
    decades: dict[tuple[str, str, str], int] = {}
    for row in rows:
        key = (row.artist, row.track, row.facet)
        plays[key] += row.plays
        if row.decade is not None:
            decades[key] = min(row.decade, decades.get(key, row.decade))
    return tuple(
        Item(key[0], key[1], amount, key[2], decades.get(key)) for key, amount in sorted(plays.items())
    )


def facets_of(keyed: Iterable[Keyed]) -> dict[str, Facet]:
    """Facets of the facts, by id."""
    return {facet_of(hearing): Facet(hearing.part, hearing.facet_name) for _, hearing, _ in keyed}


def _tags(items: Iterable[Item], artist_tags: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for artist, plays in _total((item.artist, item.plays) for item in items if item.artist).items():
        tags = artist_tags.get(artist, {})
        total = sum(tags.values())
        for tag, weight in tags.items():
            found[tag] += math.log1p(plays) * weight / total
    total = sum(found.values())
    return {tag: weight / total for tag, weight in sorted(found.items())}


def _audio(items: Iterable[Item], attributes: Mapping[str, AudioAttributes]) -> AudioSummary | None:
    tracks = _total((item.track, item.plays) for item in items if item.track)
    return summarise_audio((attributes.get(key), math.log1p(plays)) for key, plays in tracks.items())


def _total(pairs: Iterable[tuple[str, float]]) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for key, weight in pairs:
        found[key] += weight
    return dict(found)
