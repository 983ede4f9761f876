"""Retention: deletes what is no longer needed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, func, not_, or_, select, update

from matcher.domain.listening import Source
from matcher.errors import PurgeRefused
from matcher.ports import PREVIOUS_MODEL_KEPT, ModelState
from storage.server.database import Database
from storage.sql.audit import note
from storage.sql.schema import (
    attribute_cache,
    audit,
    libraries,
    listeners,
    model_versions,
    pending_logins,
    readings,
    safeguards,
    sessions,
    sources,
    taste_pace,
    vectors,
    waiting_sign_ins,
)
from storage.sql.writing import drop_rows
from storage.stores.lifetime.erasure import erase
from storage.stores.lifetime.fingerprints import Fingerprints
from storage.stores.lifetime.safeguards import KEPT_FOR

PURGE = "purge"
"""Audit action of a purge that deleted something."""


GRACE = timedelta(days=1)
"""Time between finding a person due and erasing them."""

MOST_AT_ONCE = 10
"""A purge erases at most one in so many people, or one person."""

MOST_SKEW = timedelta(minutes=5)
"""Largest difference between this machine's clock and the database's."""


@dataclass(frozen=True, slots=True)
class RetentionTimes:
    """Retention times, as in `docs/data.md`.

    Attributes:
        idle: time since a person's last visit until their erasure.
        unconfirmed: for lists from Spotify, since the last refresh.
        answers: of attribute services.
        pace: for counts of taste changes.
        retired_models: for vectors, since their model served last.
        safeguards: for blocks, reports and declined requests after an erasure.
    """

    idle: timedelta = timedelta(days=30)
    unconfirmed: timedelta = timedelta(days=7)
    answers: timedelta = timedelta(days=30)
    spotify_answers: timedelta = timedelta(days=7)
    pace: timedelta = timedelta(days=1)
    retired_models: timedelta = PREVIOUS_MODEL_KEPT
    audit: timedelta = timedelta(days=365)
    safeguards: timedelta = KEPT_FOR


@dataclass(frozen=True, slots=True)
class PostgresRetention:
    """Deletes expired data. Several processes may run it at any time."""

    database: Database
    times: RetentionTimes
    fingerprints: Fingerprints = field(default_factory=Fingerprints)
    most_skew: timedelta = MOST_SKEW

    def purge(self, now: datetime, anyway: bool = False) -> Mapping[str, int]:
        """Delete expired data; return rows deleted by table.

        A wrong clock must not erase people: the database's clock must agree, a person found due is left a
        day, and at most a tenth of all people (or one) are erased at once, unless `anyway`. Imported
        listeners are never idle. The number for `listeners` counts whole erasures; their rows in other tables
        are not counted.

        Raises:
            PurgeRefused: the clocks differ, and nothing was deleted; or too many people are due, and neither
                they nor the audit were deleted.
            StorageUnreachable: the database does not respond; deletions so far stay.
        """
        due, n_most = self._due(now)
        too_many = len(due) > n_most and not anyway
        # one transaction per person, so that no page waits long
        n_erased = 0 if too_many else sum(self._erase(key, now) for key in due)
        with self.database.transaction(patient=True) as connection:
            counts = {listeners.name: n_erased, **self._drop(connection, now, with_audit=not too_many)}
            if any(counts.values()):
                note(connection, PURGE, counts, now)
        if too_many:
            raise PurgeRefused(
                f"{len(due):,} people are due to be erased, more than the {n_most:,} that go at once: see "
                "that the clock is right, then run `earshot purge --yes`"
            )
        return counts

    def _due(self, now: datetime) -> tuple[list[UUID], int]:
        """People due for a day, and the most that may be erased at once."""
        person = listeners.c.signed_in_at_utc.is_not(None)
        query = select(listeners.c.id).where(self._is_due(now)).order_by(listeners.c.id)
        with self.database.transaction(patient=True) as connection:
            _require_same_time(connection, now, self.most_skew)
            _mark(connection, now, self.times.idle)
            n_people = connection.execute(select(func.count()).where(person)).scalar_one()
            return list(connection.scalars(query)), max(1, n_people // MOST_AT_ONCE)

    def _is_due(self, now: datetime) -> ColumnElement[bool]:
        return and_(_is_idle(now, self.times.idle), listeners.c.due_since_utc <= now - GRACE)

    def _erase(self, key: UUID, now: datetime) -> int:
        with self.database.transaction() as connection:
            # the conditions are checked again: they may have just come back
            return erase(connection, key, self.fingerprints, now, self._is_due(now))[listeners.name]

    def _drop(self, connection: Connection, now: datetime, with_audit: bool) -> dict[str, int]:
        times, answers = self.times, attribute_cache.c
        of_spotify = answers.provenance == "spotify"
        over = [
            (readings, readings.c.listener_id.in_(_unconfirmed(now - times.unconfirmed))),
            (libraries, _expired(now - times.unconfirmed)),
            (sessions, sessions.c.expires_at_utc <= now),
            (pending_logins, pending_logins.c.expires_at_utc <= now),
            (waiting_sign_ins, waiting_sign_ins.c.expires_at_utc <= now),
            (attribute_cache, answers.fetched_at_utc < now - times.answers),
            (attribute_cache, and_(of_spotify, answers.fetched_at_utc < now - times.spotify_answers)),
            (safeguards, safeguards.c.erased_at_utc < now - times.safeguards),
            (vectors, vectors.c.model_version.in_(_retired(now - times.retired_models))),
            (taste_pace, taste_pace.c.happened_at_utc < now - times.pace),
        ]
        if with_audit:
            over.append((audit, audit.c.happened_at_utc < now - times.audit))
        return _counted(connection, over)


def _retired(before: datetime) -> Select[Any]:
    """Versions of models that cannot serve again."""
    known = model_versions.c
    over = (known.state == str(ModelState.RETIRED), known.changed_at_utc < before)
    return select(known.model_version).where(*over)


def _counted(connection: Connection, over: list[tuple[Table, ColumnElement[bool]]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for table, condition in over:
        counts[table.name] = counts.get(table.name, 0) + drop_rows(connection, table, condition)
    return counts


def _require_same_time(connection: Connection, now: datetime, most: timedelta) -> None:
    theirs = connection.execute(select(func.clock_timestamp())).scalar_one()
    if abs(theirs - now) > most:
        raise PurgeRefused(
            "this machine's clock and the database's differ by more than five minutes: set both by the "
            "network (NTP); nothing was deleted"
        )


def _mark(connection: Connection, now: datetime, idle: timedelta) -> None:
    """Note since when people are due; clear it for those who came back."""
    # a note in the future was made by a wrong clock
    gone, noted = _is_idle(now, idle), listeners.c.due_since_utc
    for whose, since in (
        (and_(noted.is_not(None), or_(not_(gone), noted > now)), None),
        (and_(noted.is_(None), gone), now),
    ):
        # rows locked by another transaction are skipped until next time, as in `drop_rows`
        free = select(listeners.c.id).where(whose).with_for_update(skip_locked=True, key_share=True)
        connection.execute(update(listeners).where(listeners.c.id.in_(free)).values(due_since_utc=since))


def day_of(moment: datetime) -> datetime:
    """Start of a time's day in UTC, the precision of stored visits."""
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _is_idle(now: datetime, idle: timedelta) -> ColumnElement[bool]:
    """Whether a person's last visit is more than `idle` ago, in whole days."""
    # rounded in the person's favour
    last_there = func.greatest(listeners.c.active_at_utc, listeners.c.signed_in_at_utc)
    return and_(listeners.c.signed_in_at_utc.is_not(None), last_there < day_of(now) - idle)


def _expired(before: datetime) -> ColumnElement[bool]:
    """Libraries that were last read from Spotify before a time."""
    # the row in `sources` stays: without it, a change of taste would be of the other sources alone
    mine = (sources.c.listener_id == libraries.c.listener_id, sources.c.origin == libraries.c.origin)
    late = select(sources.c.origin).where(*mine, sources.c.read_at_utc < before).exists()
    return and_(libraries.c.origin == str(Source.SPOTIFY_API), late)


def _unconfirmed(before: datetime) -> Select[tuple[UUID]]:
    """People whose library was last read from Spotify before a time."""
    read_at = func.coalesce(sources.c.read_at_utc, listeners.c.signed_in_at_utc)
    of_spotify = and_(sources.c.listener_id == listeners.c.id, sources.c.origin == str(Source.SPOTIFY_API))
    rows = select(listeners.c.id).outerjoin_from(listeners, sources, of_spotify)
    return rows.where(listeners.c.signed_in_at_utc.is_not(None), read_at < before)
