"""Library: everything read for one listener, before exclusions."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from matcher.domain.audio import AudioAttributes
from matcher.domain.canonical_keys import keyed_facts, names_of
from matcher.domain.exclusions import NOISE_COUNTS, Exclusion, stay
from matcher.domain.listening import Listening, Part, PartStatus, Source
from matcher.domain.profile import Facet, ListenerProfile, Row, facets_of, items_of, restrict, rows_of
from matcher.domain.weights import weighed


@dataclass(frozen=True)
class Library:
    """The data a profile is built from. Visible to its owner only.

    Attributes:
        rows: distinct by artist, track, facet and month, sorted.
        names, artist_tags, attributes: by canonical key, the last two only for items in `rows`.
        service, proven, unbroken: as of `Listening`; `proven` is stored beside it.
        damps_noise: whether what is no taste counts less in profiles; not stored, as exclusions tell it.
    """

    listener_id: str
    source: Source
    rows: tuple[Row, ...] = ()
    facets: Mapping[str, Facet] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    artist_tags: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    attributes: Mapping[str, AudioAttributes] = field(default_factory=dict)
    parts: Mapping[Part, PartStatus] = field(default_factory=dict)
    damps_noise: bool = True
    service: str = ""
    proven: bool = True
    unbroken: Mapping[str, int] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        """What a later reading of the same source replaces, such as "lastfm" or "file:Deezer"."""
        return f"{self.source}:{self.service}" if self.service else str(self.source)

    @property
    def is_empty(self) -> bool:
        """Whether it has no rows."""
        return not self.rows

    @cached_property
    def artists(self) -> frozenset[str]:
        """Canonical keys of its artists."""
        return frozenset(row.artist for row in self.rows if row.artist)

    @cached_property
    def tracks(self) -> frozenset[str]:
        """Canonical keys of its tracks."""
        return frozenset(row.track for row in self.rows if row.track)

    def profile(self) -> ListenerProfile:
        """Profile of all rows, by what counts of each (`matcher/domain/weights.py`)."""
        known = self.artists | self.tracks
        bare = ListenerProfile(
            self.listener_id,
            self.source,
            facets=self.facets,
            names={key: name for key, name in self.names.items() if key in known},
            parts=dict(self.parts),
        )
        return restrict(
            bare,
            items_of(weighed(self.rows, self.artist_tags, self.unbroken, damps_noise=self.damps_noise)),
            self.artist_tags,
            self.attributes,
        )

    def less(self, exclusions: Iterable[Exclusion]) -> "Library":
        """Library after exclusions."""
        rules = frozenset(exclusions)
        return replace(self.of(stay(self.rows, rules)), damps_noise=NOISE_COUNTS not in rules)

    def without(self, exclusions: Iterable[Exclusion]) -> ListenerProfile:
        """Profile after exclusions; it contains no excluded item, not even its name."""
        return self.less(exclusions).profile()

    def part(self, belongs: Callable[[Row], bool]) -> ListenerProfile:
        """Profile of a subset of rows, such as one playlist."""
        return self.of(filter(belongs, self.rows)).profile()

    def of(self, rows: Iterable[Row]) -> "Library":
        """Library with a subset of the rows, given in their order."""
        return replace(self, rows=tuple(rows))


def build_library(listening: Listening, attributes: Mapping[str, AudioAttributes] | None = None) -> Library:
    """Build a library; `attributes` by canonical track key, unknown if missing."""
    keyed, known = keyed_facts(listening), attributes or {}
    rows = rows_of(keyed)
    artists, tracks = {row.artist for row in rows}, {row.track for row in rows}
    return Library(
        listener_id=listening.listener_id,
        source=listening.source,
        rows=rows,
        facets=facets_of(keyed),
        names=names_of(keyed),
        artist_tags={
            key: listening.artist_tags[key] for key in sorted(artists) if key in listening.artist_tags
        },
        attributes={key: known[key] for key in sorted(tracks) if key in known},
        parts=dict(listening.parts),
        service=listening.service,
        proven=listening.proven,
        unbroken={key: listening.unbroken[key] for key in sorted(artists & listening.unbroken.keys())},
    )


def build_profile(
    listening: Listening, attributes: Mapping[str, AudioAttributes] | None = None
) -> ListenerProfile:
    """Build a profile without exclusions; arguments as for `build_library`.

    The order of facts affects only names with several spellings: the first one wins.
    """
    return build_library(listening, attributes).profile()
