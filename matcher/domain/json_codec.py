"""Lossless JSON codec of profiles and libraries, as stored."""

from collections.abc import Mapping
from typing import Any

from matcher.domain.audio import AttributeSummary, AudioAttributes, AudioSummary
from matcher.domain.library import Library
from matcher.domain.listening import Part, PartStatus, Source
from matcher.domain.profile import Facet, Item, ListenerProfile, Row


def profile_to_json(profile: ListenerProfile) -> dict[str, Any]:
    """Profile as JSON-ready values, without the listener's id."""
    return {
        "source": str(profile.source),
        "items": [[item.artist, item.track, item.plays, item.facet, item.decade] for item in profile.items],
        "facets": {key: [str(facet.part), facet.name] for key, facet in profile.facets.items()},
        "tags": dict(profile.tags),
        "audio": _audio_to_json(profile.audio),
        "names": dict(profile.names),
        "parts": {str(part): str(status) for part, status in profile.parts.items()},
    }


def profile_from_json(listener_id: str, value: Mapping[str, Any]) -> ListenerProfile:
    """Inverse of `profile_to_json`.

    Raises:
        KeyError, ValueError, TypeError: `value` is not an output of `profile_to_json`.
    """
    return ListenerProfile(
        listener_id=listener_id,
        source=Source(value["source"]),
        items=tuple(Item(*row) for row in value["items"]),
        facets={key: Facet(Part(part), name) for key, (part, name) in value["facets"].items()},
        tags=dict(value["tags"]),
        audio=_audio_from_json(value["audio"]),
        names=dict(value["names"]),
        parts={Part(part): PartStatus(status) for part, status in value["parts"].items()},
    )


def library_to_json(library: Library) -> dict[str, Any]:
    """Library as JSON-ready values, without the listener's id. Do not sort its keys."""
    return {
        "source": str(library.source),
        "rows": [
            [row.artist, row.track, row.plays, row.facet, row.decade, row.month] for row in library.rows
        ],
        "facets": {key: [str(facet.part), facet.name] for key, facet in library.facets.items()},
        "names": dict(library.names),
        # the order of tags affects the last digit of their sum
        "artist_tags": {artist: dict(tags) for artist, tags in library.artist_tags.items()},
        "attributes": {key: [dict(one.values), one.provenance] for key, one in library.attributes.items()},
        "parts": {str(part): str(status) for part, status in library.parts.items()},
    }


def library_from_json(listener_id: str, value: Mapping[str, Any]) -> Library:
    """Inverse of `library_to_json`.

    Raises:
        KeyError, ValueError, TypeError, AttributeError: `value` is not an output of `library_to_json`.
    """
    return Library(
        listener_id=listener_id,
        source=Source(value["source"]),
        rows=tuple(Row(*row) for row in value["rows"]),
        facets={key: Facet(Part(part), name) for key, (part, name) in value["facets"].items()},
        names=dict(value["names"]),
        artist_tags={artist: dict(tags) for artist, tags in value["artist_tags"].items()},
        attributes={key: AudioAttributes(*one) for key, one in value["attributes"].items()},
        parts={Part(part): PartStatus(status) for part, status in value["parts"].items()},
    )


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
