"""Listening as bytes between processes, of which the one that reads files is not trusted.

Messages are JSON, not pickle: what is unpickled may run code. Facts come in pieces, so that the receiver can
stop at its own limit.
"""

import json
from array import array
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

import numpy as np

from matcher.domain.listening import (
    FIRST_MONTH,
    LAST_MONTH,
    MOST_PLAYS,
    Facts,
    Hearing,
    Listening,
    Part,
    PartStatus,
    Source,
    TrackNames,
)

LARGEST_MESSAGE = 16 << 20
"""Most bytes of one message."""

MOST_FACTS = 3_000_000
"""Most facts of one upload; five million plays of 20,000 tracks within ten years are fewer."""

MOST_BYTES = 512 << 20
"""Most bytes of one upload's facts."""

_PIECE = 1_000  # facts of a message
_TRACKS = 100  # of a message, each with its months
_TEXTS = ("artist_name", "artist_id", "track_name", "track_id", "isrc", "facet_id", "facet_name")
_LONGEST = 2_000  # characters of a name


class TooMuch(Exception):
    """More facts or bytes than are taken."""


def encoded(listening: Listening) -> Iterator[bytes]:
    """Messages of a listening, without the listener's id; the last one ends it."""
    facts = listening.hearings
    if isinstance(facts, Facts):
        tracks = facts.by_track()
        while some_tracks := list(islice(tracks, _TRACKS)):
            yield message("plays", [[*names, m.tolist(), n.tolist()] for names, m, n in some_tracks])
        facts = facts.rest
    for start in range(0, len(facts), _PIECE):
        some = facts[start : start + _PIECE]
        yield message("facts", [_fact(one) for one in some])
    rest = {
        "source": str(listening.source),
        "service": listening.service,
        "artist_tags": {artist: dict(tags) for artist, tags in listening.artist_tags.items()},
        "parts": {str(part): str(status) for part, status in listening.parts.items()},
        "unbroken": dict(listening.unbroken),
    }
    yield message("end", rest)


def message(kind: str, value: object) -> bytes:
    """One message."""
    return json.dumps([kind, value], ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def parsed(data: bytes) -> tuple[str, Any]:
    """Kind and value of a message.

    Raises:
        ValueError, RecursionError: it is none.
    """
    kind, value = json.loads(data)
    return str(kind), value


class Received:
    """Takes in the messages of one listening."""

    def __init__(self) -> None:
        self._hearings: list[Hearing] = []
        self._tracks: list[TrackNames] = []
        self._places, self._months, self._plays = array("i"), array("i"), array("d")
        self._n_bytes = 0
        self._texts: dict[str, str] = {}  # each kept once, as a name is in many facts

    def take(self, facts: list[list[Any]], n_bytes: int) -> None:
        """Take in a piece.

        Raises:
            TooMuch: together they are more than is taken.
            ValueError, TypeError: they are no facts.
        """
        self._count(len(facts), n_bytes)
        self._hearings += [_hearing(fact, self._text) for fact in facts]

    def take_plays(self, tracks: list[list[Any]], n_bytes: int) -> None:
        """Take in the plays of some tracks.

        Raises:
            TooMuch: together they are more than is taken.
            ValueError, TypeError, OverflowError: they are no plays.
        """
        self._count(sum(len(track[3]) for track in tracks), n_bytes)
        for artist, title, track_id, months, plays in tracks:
            names = TrackNames(self._text(artist), self._text(title), self._text(track_id))
            if not (names.artist or names.track_id) or len(months) != len(plays) or not months:
                raise ValueError("it is no track that was played")
            if not all(FIRST_MONTH <= month < LAST_MONTH for month in months):
                raise ValueError("it is no month")
            if not all(0 < n <= MOST_PLAYS for n in plays):  # nor what is no number
                raise ValueError("it is no number of plays")
            self._places.extend([len(self._tracks)] * len(months))
            self._tracks.append(names)
            self._months.extend(months)
            self._plays.extend(plays)

    def _count(self, n_facts: int, n_bytes: int) -> None:
        self._n_bytes += n_bytes
        if len(self._hearings) + len(self._places) + n_facts > MOST_FACTS or self._n_bytes > MOST_BYTES:
            raise TooMuch

    def listening(self, rest: Mapping[str, Any]) -> Listening:
        """What was taken in; `rest` is the value of the last message.

        Raises:
            ValueError, TypeError, KeyError, AttributeError: it is no such value.
        """
        return Listening(
            listener_id="",
            source=Source(rest["source"]),
            hearings=Facts(
                tuple(self._tracks),
                np.array(self._places, np.int32),
                np.array(self._months, np.int32),
                np.array(self._plays, np.float64),
                self._hearings,
            ),
            artist_tags={
                self._text(artist): {self._text(tag): float(weight) for tag, weight in tags.items()}
                for artist, tags in rest["artist_tags"].items()
            },
            parts={Part(part): PartStatus(status) for part, status in rest["parts"].items()},
            service=self._text(rest["service"]),
            unbroken={self._text(artist): int(hours) for artist, hours in rest["unbroken"].items()},
        )

    def _text(self, value: object) -> str:
        if not isinstance(value, str) or len(value) > _LONGEST:
            raise ValueError("it is no name")
        return self._texts.setdefault(value, value)


def _fact(one: Hearing) -> list[object]:
    at = one.heard_at_utc.isoformat() if one.heard_at_utc else None
    return [str(one.part), one.plays, at, one.release_year, *(getattr(one, name) for name in _TEXTS)]


def _hearing(fact: list[Any], text: Callable[[object], str]) -> Hearing:
    part, plays, at, year, *texts = fact
    if not (year is None or type(year) is int):
        raise ValueError("it is no year")
    return Hearing(
        part=Part(part),
        plays=float(plays),
        heard_at_utc=None if at is None else datetime.fromisoformat(at),
        release_year=year,
        **dict(zip(_TEXTS, map(text, texts), strict=True)),
    )
