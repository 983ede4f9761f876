"""What is kept no longer than it is needed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, func, select

from matcher.listening import Source
from storage.audited import note
from storage.database import Database
from storage.erasure import erase
from storage.expiry import drop_rows
from storage.schema import (
    attribute_cache,
    audit,
    libraries,
    listeners,
    pending_logins,
    profiles,
    readings,
    sessions,
    taste_pace,
)

PURGE = "purge"
"""The action that the audit keeps of a purge that deleted something."""


@dataclass(frozen=True, slots=True)
class RetentionTimes:
    """How long what is kept. `docs/data.md` says the same to people.

    Attributes:
        idle: without a visit, a person who had signed in; then everything about them goes.
        unconfirmed: lists read from Spotify, after the last refresh that found them so.
        answers: what services said about tracks.
        spotify_answers: what Spotify itself said about tracks.
        pace: how often somebody changed what they ask with.
        audit: what was done to people's data.
    """

    idle: timedelta = timedelta(days=30)
    unconfirmed: timedelta = timedelta(days=7)
    answers: timedelta = timedelta(days=30)
    spotify_answers: timedelta = timedelta(days=7)
    pace: timedelta = timedelta(days=1)
    audit: timedelta = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class PostgresRetention:
    """Deletes what has been kept long enough. Several processes may do it at once, at any time."""

    database: Database
    times: RetentionTimes

    def purge(self, now: datetime) -> Mapping[str, int]:
        """Delete everything whose time is over.

        Each person who has gone is erased in a transaction of their own, so that no page waits for long.
        Imported listeners never sign in, and are never idle.

        Returns:
            rows deleted by table: of `listeners` how many were erased whole (their rows in other tables are
            not counted), of the other tables how many rows of listeners who stay, or of nobody.

        Raises:
            StorageUnreachable: the database does not answer; what was deleted until then stays deleted.
        """
        n_erased = sum(self._erase(key, now) for key in self._idle(now))
        with self.database.transaction() as connection:
            counts = {listeners.name: n_erased, **self._drop(connection, now)}
            if any(counts.values()):
                note(connection, PURGE, counts, now)
        return counts

    def _idle(self, now: datetime) -> list[UUID]:
        query = select(listeners.c.id).where(_is_idle(now, self.times.idle)).order_by(listeners.c.id)
        with self.database.transaction() as connection:
            return list(connection.scalars(query))

    def _erase(self, key: UUID, now: datetime) -> int:
        """Erase a listener who is idle still: somebody may have come back a moment ago."""
        with self.database.transaction() as connection:
            return erase(connection, key, _is_idle(now, self.times.idle))[listeners.name]

    def _drop(self, connection: Connection, now: datetime) -> dict[str, int]:
        times, answers = self.times, attribute_cache.c
        of_spotify = answers.provenance == "spotify"
        over = [
            (readings, readings.c.listener_id.in_(_unconfirmed(now - times.unconfirmed))),
            (libraries, libraries.c.listener_id.in_(_unconfirmed(now - times.unconfirmed))),
            (sessions, sessions.c.expires_at_utc <= now),
            (pending_logins, pending_logins.c.expires_at_utc <= now),
            (attribute_cache, answers.fetched_at_utc < now - times.answers),
            (attribute_cache, and_(of_spotify, answers.fetched_at_utc < now - times.spotify_answers)),
            (taste_pace, taste_pace.c.happened_at_utc < now - times.pace),
            (audit, audit.c.happened_at_utc < now - times.audit),
        ]
        return _counted(connection, over)


def _counted(connection: Connection, over: list[tuple[Table, ColumnElement[bool]]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for table, condition in over:
        counts[table.name] = counts.get(table.name, 0) + drop_rows(connection, table, condition)
    return counts


def day_of(moment: datetime) -> datetime:
    """The beginning of a moment's day, UTC: as exactly as visits are kept."""
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _is_idle(now: datetime, idle: timedelta) -> ColumnElement[bool]:
    """Whether a person was last there more than `idle` ago, counted in whole days, in their favour."""
    last_there = func.greatest(listeners.c.active_at_utc, listeners.c.signed_in_at_utc)
    return and_(listeners.c.signed_in_at_utc.is_not(None), last_there < day_of(now) - idle)


def _unconfirmed(before: datetime) -> Select[tuple[UUID]]:
    """People whose library was last read from Spotify's API before a moment."""
    read_at = func.coalesce(profiles.c.synced_at_utc, listeners.c.signed_in_at_utc)
    rows = select(listeners.c.id).outerjoin_from(listeners, profiles)
    return rows.where(
        listeners.c.signed_in_at_utc.is_not(None),
        listeners.c.source == str(Source.SPOTIFY_API),
        read_at < before,
    )
