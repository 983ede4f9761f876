"""Facets of taste: parts of a listener's taste that can be matched on alone."""

import hashlib
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from matcher.domain.library import Library
from matcher.domain.listening import Part
from matcher.domain.profile import ListenerProfile, Row

LEAST_ITEMS = 5  # fewest distinct artists and tracks of a facet: fewer are too little to match on
_N_NAMES = 5
N_YEARS = 3  # latest years that are facets
_CLUSTER, _SOURCE, _YEAR = "cluster:", "source:", "year:"


class FacetKind(StrEnum):
    """Kind of facet."""

    PLAYLIST = "playlist"
    PART = "part"
    CLUSTER = "cluster"
    SOURCE = "source"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class TasteFacet:
    """A part of a listener's taste.

    Attributes:
        facet_id: stable while library, exclusions and model are the same.
        name: the playlist's name; for a cluster its distinctive tags, such as "violet jazz, brass"; '' for
            others, which `facet_id` names ("saved", "top_tracks:short_term", "source:lastfm", "year:2025").
        artists: names of the strongest artists, strongest first, at most five.
        tags: distinctive tags, most distinctive first, at most five.
        share: of the total strength after exclusions, in [0, 1]; facets overlap.
    """

    facet_id: str
    kind: FacetKind
    name: str
    artists: tuple[str, ...]
    tags: tuple[str, ...]
    n_artists: int
    n_tracks: int
    share: float


def facets_with(
    library: Library, clusters: Iterable[frozenset[str]], sources: Mapping[str, Library] | None = None
) -> tuple[TasteFacet, ...]:
    """All facets that are large enough: clusters, playlists, other parts, years, and sources if several.

    `clusters` come from `find_clusters`, strongest first; `sources` are libraries by origin, of which
    `library` was merged.
    """
    silent = replace(library, attributes={})  # audio is not shown, and summarising it is slowest
    whole = silent.profile()
    found = [(_cluster_id(one), FacetKind.CLUSTER, _of_artists(silent, one)) for one in clusters]
    parts = [(facet_id, _kind(library, facet_id), one) for facet_id, one in _by_facet(silent).items()]
    found += sorted(parts, key=lambda part: part[1] is FacetKind.PART)
    found += [(_YEAR + year, FacetKind.YEAR, silent.part(_heard_in(year))) for year in _years(library)]
    if sources and len(sources) > 1:
        found += [
            (_SOURCE + origin, FacetKind.SOURCE, replace(one, attributes={}).profile())
            for origin, one in sources.items()
        ]
    return tuple(_describe(*one, whole) for one in found if _n_items(one[2]) >= LEAST_ITEMS)


def profile_with(
    library: Library,
    facet_id: str,
    clusters: Iterable[frozenset[str]],
    sources: Mapping[str, Library] | None = None,
) -> ListenerProfile | None:
    """The profile of one facet; None if there is no such facet.

    `clusters` come from `find_clusters`; only a cluster needs them, and only a source needs `sources`.
    """
    if facet_id in library.facets:
        found = library.part(lambda row: row.facet == facet_id)
    elif is_source(facet_id):
        of_source = (sources or {}).get(facet_id.removeprefix(_SOURCE))
        return None if of_source is None or of_source.is_empty else of_source.profile()
    elif facet_id.startswith(_YEAR):
        found = library.part(_heard_in(facet_id.removeprefix(_YEAR)))
    else:
        known = (one for one in clusters if _cluster_id(one) == facet_id)
        found = _of_artists(library, next(known, frozenset()))
    return None if found.is_empty else found


def is_cluster(facet_id: str) -> bool:
    """Whether a facet is a cluster of artists."""
    return facet_id.startswith(_CLUSTER)


def is_source(facet_id: str) -> bool:
    """Whether a facet is all of one source."""
    return facet_id.startswith(_SOURCE)


def _years(library: Library) -> list[str]:
    """The latest years with something of a month in them, newest first; none if there is but one."""
    years = sorted({row.month[:4] for row in library.rows if row.month}, reverse=True)
    return years[:N_YEARS] if len(years) > 1 else []


def _heard_in(year: str) -> Callable[[Row], bool]:
    return lambda row: bool(row.month) and row.month[:4] == year


def _by_facet(library: Library) -> dict[str, ListenerProfile]:
    rows: dict[str, list[Row]] = {facet_id: [] for facet_id in library.facets}
    for row in library.rows:
        rows[row.facet].append(row)
    return {facet_id: library.of(found).profile() for facet_id, found in rows.items()}


def _kind(library: Library, facet_id: str) -> FacetKind:
    is_playlist = library.facets[facet_id].part is Part.PLAYLISTS
    return FacetKind.PLAYLIST if is_playlist else FacetKind.PART


def _describe(facet_id: str, kind: FacetKind, profile: ListenerProfile, whole: ListenerProfile) -> TasteFacet:
    artists, tags = top_artists(profile), distinctive_tags(profile.tags, whole.tags)
    name = profile.facets[facet_id].name if facet_id in profile.facets else ", ".join(tags[:2] or artists[:3])
    return TasteFacet(
        facet_id=facet_id,
        kind=kind,
        name=name,
        artists=artists,
        tags=tags,
        n_artists=len(profile.artists),
        n_tracks=len(profile.tracks),
        share=_strength(profile) / _strength(whole),
    )


def distinctive_tags(part: Mapping[str, float], whole: Mapping[str, float]) -> tuple[str, ...]:
    """Tags over-represented in `part`, by their Kullback-Leibler term, at most five."""
    gain = {tag: share * math.log(share / whole[tag]) for tag, share in part.items() if whole.get(tag)}
    ordered = sorted((tag for tag in gain if gain[tag] > 0), key=lambda tag: (-gain[tag], tag))
    return tuple(ordered[:_N_NAMES])


def top_artists(profile: ListenerProfile) -> tuple[str, ...]:
    """Names of the strongest artists, at most five; nameless ones are skipped."""
    ordered = sorted(profile.artists, key=lambda artist: (-profile.artists[artist], artist))
    return tuple(profile.names[artist] for artist in ordered if artist in profile.names)[:_N_NAMES]


def _cluster_id(artists: Iterable[str]) -> str:
    text = "\n".join(sorted(artists))
    return _CLUSTER + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _of_artists(library: Library, artists: frozenset[str]) -> ListenerProfile:
    return library.part(lambda row: row.artist in artists)


def _n_items(profile: ListenerProfile) -> int:
    return len(profile.artists) + len(profile.tracks)


def _strength(profile: ListenerProfile) -> float:
    return math.fsum(item.plays for item in profile.items)
