"""Lossless JSON codec of profiles and libraries, as stored.

What older key rules made is read by today's: a key forgets marks and case, so it is made anew from the name
as written, which is stored beside it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from typing import Any, TypeVar

from matcher.domain.audio import AttributeSummary, AudioAttributes, AudioSummary
from matcher.domain.canonical_keys import KEY_RULES, OPAQUE, keys_of
from matcher.domain.library import Library
from matcher.domain.listening import Hearing, Part, PartStatus, Source
from matcher.domain.names.spelling import SEPARATOR
from matcher.domain.profile import Facet, Item, ListenerProfile, Row

_AnyRow = TypeVar("_AnyRow", Row, Item)
_Value = TypeVar("_Value")


def profile_to_json(profile: ListenerProfile) -> dict[str, Any]:
    """Profile as JSON-ready values, without the listener's id."""
    return {
        "key_rules": KEY_RULES,
        "source": str(profile.source),
        "items": [[item.artist, item.track, item.plays, item.facet, item.decade] for item in profile.items],
        "facets": {key: [str(facet.part), facet.name] for key, facet in profile.facets.items()},
        "tags": dict(profile.tags),
        "audio": _audio_to_json(profile.audio),
        "names": dict(profile.names),
        "parts": {str(part): str(status) for part, status in profile.parts.items()},
    }


def profile_from_json(listener_id: str, value: Mapping[str, Any]) -> ListenerProfile:
    """Inverse of `profile_to_json`; keys of older rules are made anew.

    Raises:
        KeyError, ValueError, TypeError: `value` is not an output of `profile_to_json`.
    """
    profile = ListenerProfile(
        listener_id=listener_id,
        source=Source(value["source"]),
        items=tuple(Item(*row) for row in value["items"]),
        facets={key: Facet(Part(part), name) for key, (part, name) in value["facets"].items()},
        tags=dict(value["tags"]),
        audio=_audio_from_json(value["audio"]),
        names=dict(value["names"]),
        parts={Part(part): PartStatus(status) for part, status in value["parts"].items()},
    )
    return profile if value.get("key_rules") == KEY_RULES else _rekey_profile(profile)


def library_to_json(library: Library) -> dict[str, Any]:
    """Library as JSON-ready values, without the listener's id. Do not sort its keys."""
    return {
        "key_rules": KEY_RULES,
        "source": str(library.source),
        "service": library.service,
        "rows": _rows_to_json(library.rows),
        "facets": {key: [str(facet.part), facet.name] for key, facet in library.facets.items()},
        "names": dict(library.names),
        # the order of tags affects the last digit of their sum
        "artist_tags": {artist: dict(tags) for artist, tags in library.artist_tags.items()},
        "attributes": {key: [dict(one.values), one.provenance] for key, one in library.attributes.items()},
        "parts": {str(part): str(status) for part, status in library.parts.items()},
        "unbroken": dict(library.unbroken),
    }


def library_from_json(listener_id: str, value: Mapping[str, Any]) -> Library:
    """Inverse of `library_to_json`; keys of older rules are made anew.

    Raises:
        KeyError, ValueError, TypeError, AttributeError: `value` is not an output of `library_to_json`.
    """
    library = Library(
        listener_id=listener_id,
        source=Source(value["source"]),
        rows=tuple(_rows_from_json(value["rows"])),
        facets={key: Facet(Part(part), name) for key, (part, name) in value["facets"].items()},
        names=dict(value["names"]),
        artist_tags={artist: dict(tags) for artist, tags in value["artist_tags"].items()},
        attributes={key: AudioAttributes(*one) for key, one in value["attributes"].items()},
        parts={Part(part): PartStatus(status) for part, status in value["parts"].items()},
        service=value.get("service", ""),
        unbroken=dict(value.get("unbroken", {})),
    )
    return library if value.get("key_rules") == KEY_RULES else _rekey_library(library)


def _rows_to_json(rows: Iterable[Row]) -> list[list[Any]]:
    """Rows by item, with its months and the plays in each: a fifth of the text of one by one."""
    by_item = groupby(rows, key=lambda row: (row.artist, row.track, row.facet, row.decade))
    return [
        [*item, *map(list, zip(*((row.month, row.plays) for row in some), strict=True))]
        for item, some in by_item
    ]


def _rows_from_json(rows: Iterable[list[Any]]) -> Iterator[Row]:
    known: dict[str, str] = {}  # each month once, as there may be a million rows
    for row in rows:
        if len(row) == 6 and isinstance(row[5], str):  # one by one, as they were stored before
            yield Row(*row)
            continue
        artist, track, facet, decade, months, plays = row
        for month, strength in zip(months, plays, strict=True):
            yield Row(artist, track, strength, facet, decade, known.setdefault(month, month))


def _audio_to_json(audio: AudioSummary | None) -> dict[str, Any] | None:
    if audio is None:
        return None
    attributes = {
        name: [one.mean, one.spread, list(one.quantiles), one.coverage]
        for name, one in audio.attributes.items()
    }
    return {"coverage": audio.coverage, "attributes": attributes, "moments": list(audio.moments)}


def _audio_from_json(value: Mapping[str, Any] | None) -> AudioSummary | None:
    if value is None:
        return None
    attributes = {
        name: AttributeSummary(mean, spread, tuple(quantiles), coverage)
        for name, (mean, spread, quantiles, coverage) in value["attributes"].items()
    }
    # summaries that were stored before there were moments have none
    return AudioSummary(attributes, value["coverage"], tuple(value.get("moments", ())))


def rekeyed(artist: str, track: str, names: Mapping[str, str]) -> tuple[str, str]:
    """Artist key and track key by today's rules; `names` as written, by old key."""
    is_id = track.startswith(OPAQUE) and SEPARATOR not in track
    if not (artist or is_id):
        return artist, track
    return keys_of(
        Hearing(
            Part.PLAYS,
            artist_name=names.get(artist, "" if artist.startswith(OPAQUE) else artist),
            artist_id=artist.removeprefix(OPAQUE) if artist.startswith(OPAQUE) else "",
            track_name=names.get(track, "" if is_id else track.rpartition(SEPARATOR)[2]),
            track_id=track.removeprefix(OPAQUE) if is_id else "",
        )
    )


def _rekey_library(library: Library) -> Library:
    """The library with today's keys; what has become one item is added up."""
    new = _keys(library.rows, library.names)
    tags: dict[str, dict[str, float]] = defaultdict(dict)
    for artist, weights in library.artist_tags.items():
        for tag, weight in weights.items():
            tags[new.get(artist, artist)][tag] = tags[new.get(artist, artist)].get(tag, 0.0) + weight
    return replace(
        library,
        rows=_added_up(library.rows, library.names),
        names=_renamed(library.names, new),
        artist_tags={artist: weights for artist, weights in tags.items() if artist},
        attributes=_renamed(library.attributes, new),
        unbroken=_renamed(library.unbroken, new),
    )


def _rekey_profile(profile: ListenerProfile) -> ListenerProfile:
    """The profile with today's keys; tags and audio stay."""
    new = _keys(profile.items, profile.names)
    return replace(profile, items=_added_up(profile.items, profile.names), names=_renamed(profile.names, new))


def _keys(rows: Iterable[Row | Item], names: Mapping[str, str]) -> dict[str, str]:
    """New key by old key, of artists and tracks."""
    found: dict[str, str] = {}
    for row in rows:
        artist, track = rekeyed(row.artist, row.track, names)
        found |= {row.artist: artist, row.track: track}
    return found


def _renamed(values: Mapping[str, _Value], new: Mapping[str, str]) -> dict[str, _Value]:
    found: dict[str, _Value] = {}
    for key, value in values.items():
        if new.get(key, key):
            found.setdefault(new.get(key, key), value)
    return found


def _added_up(rows: Iterable[_AnyRow], names: Mapping[str, str]) -> tuple[_AnyRow, ...]:
    found: dict[tuple[str, ...], _AnyRow] = {}
    for row in rows:
        artist, track = rekeyed(row.artist, row.track, names)
        if not (artist or track):
            continue
        place = (artist, track, row.facet, row.month if isinstance(row, Row) else "")
        known = found.get(place)
        decades = [one.decade for one in (row, known) if one and one.decade is not None]
        plays = row.plays + (known.plays if known else 0.0)
        found[place] = replace(
            row, artist=artist, track=track, plays=plays, decade=min(decades, default=None)
        )
    return tuple(row for _, row in sorted(found.items()))
