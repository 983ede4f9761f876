"""Twenty threads refresh, look, hide, block, erase and join at once on a real PostgreSQL; then it is checked.

python -m benchmarks.soak --seconds 60              prints what was done and found; exit 1 if it is not good
python -m benchmarks.soak --seconds 60 --out FILE   writes it as JSON as well
"""

import argparse
import random
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cryptography.fernet import Fernet
from sqlalchemy import select, text

from benchmarks.outside import Violation
from benchmarks.report import tell
from benchmarks.small import mark_of, small_model
from benchmarks.town import Town
from matcher.feedback import FeedbackLog
from matcher.history import MatchHistory
from matcher.people import People
from matcher.service import MatchingService
from matcher.taste import Tastes
from storage.attributes import PostgresAttributeStore
from storage.cipher import GrantCipher
from storage.consent import PostgresConsentStore
from storage.database import Database, open_database
from storage.feedback import PostgresFeedbackStore
from storage.history import PostgresHistoryStore
from storage.listeners import PostgresListenerStore
from storage.migrate import upgrade
from storage.personal_data import PostgresPersonalData
from storage.relations import PostgresRelationStore
from storage.retention import PostgresRetention, RetentionTimes
from storage.schema import columns_of_a_listener
from storage.tastes import PostgresTasteStore
from towers.kmeans import SeededKMeans


@dataclass(frozen=True, slots=True)
class SoakReport:
    """What a soak did and found.

    Attributes:
        seconds, n_threads: how long, and how many at once.
        done: how often what was done, also where the other had just been erased.
        n_shown: matches shown in all looks.
        failed: what callers met that they should not have met.
        violations: looks that showed somebody against a rule, the first few of each rule.
        n_violations: how many there were.
        lost: listeners of whom another library is kept than the last one that was acknowledged.
        left: rows that still name somebody who was erased, by column.
        deadlocks: that the server broke, whoever met them.
    """

    seconds: float
    n_threads: int
    done: dict[str, int]
    n_shown: int
    failed: dict[str, int] = field(default_factory=dict)
    violations: list[Violation] = field(default_factory=list)
    n_violations: int = 0
    lost: list[str] = field(default_factory=list)
    left: dict[str, int] = field(default_factory=dict)
    deadlocks: int = 0

    @property
    def is_good(self) -> bool:
        """Whether nothing went wrong."""
        return not (self.failed or self.n_violations or self.lost or self.left)


def soak(
    database: Database, seconds: float, n_threads: int = 20, n_listeners: int = 60, seed: int = 7
) -> SoakReport:
    """Let a town live on a database with nothing in it, and check what came of it.

    Args:
        database: migrated and empty.
        seconds: how long they live, after the first listeners have joined.
        n_threads: how many do something at once.
        n_listeners: how many there are at first.
        seed: of what everybody does; how it falls out differs all the same.
    """
    town = _town(database)
    for _ in range(n_listeners):
        town.join()
    before = _deadlocks(database)
    until_s = time.monotonic() + seconds
    lives = [
        threading.Thread(target=town.live, args=(random.Random(f"{seed} {n}"), until_s))
        for n in range(n_threads)
    ]
    for one in lives:
        one.start()
    for one in lives:
        one.join()
    return _report(town, database, seconds, n_threads, _deadlocks(database) - before)


def _town(database: Database) -> Town:
    model, rng = small_model(), random.SystemRandom()
    tastes = Tastes(PostgresTasteStore(database), lambda: model, SeededKMeans(), _now, least=1)
    service = MatchingService(
        PostgresListenerStore(database), lambda: model, PostgresAttributeStore(database), _now, rng, tastes
    )
    people = People(
        consent=PostgresConsentStore(database, tastes.show),
        relations=PostgresRelationStore(database),
        personal_data=PostgresPersonalData(database, GrantCipher([Fernet.generate_key()])),
        matching=service,
        profiles=service.store,
        clock=_now,
    )
    retention = PostgresRetention(database, RetentionTimes())
    return Town(
        service,
        people,
        FeedbackLog(PostgresFeedbackStore(database), _now),
        MatchHistory(PostgresHistoryStore(database), _now),
        lambda: retention.purge(_now()),
    )


def _report(town: Town, database: Database, seconds: float, n_threads: int, deadlocks: int) -> SoakReport:
    violations = town.record.violations()
    return SoakReport(
        seconds=seconds,
        n_threads=n_threads,
        done=dict(sorted(town.outcome.done.items())),
        n_shown=sum(len(look.shown) for look in town.record.looks),
        failed=town.outcome.failed,
        violations=violations[:10],
        n_violations=len(violations),
        lost=_lost(town),
        left=_left(town, database),
        deadlocks=deadlocks,
    )


def _lost(town: Town) -> list[str]:
    """Whose profile, or vector, is not that of the last refresh that was acknowledged."""
    store, embedder = town.service.store, town.service.model().embedder
    lost = []
    for listener in town.living:
        profile, vector = store.profile(listener), store.own_vector(listener, embedder.model_version)
        if profile is None or vector is None or mark_of(profile) not in town.record.acceptable(listener):
            lost.append(listener)
        elif abs(embedder.embed([profile]).stored[0] - vector).max() > 1e-3:
            lost.append(f"{listener} (vector)")
    return lost


def _left(town: Town, database: Database) -> dict[str, int]:
    found: dict[str, int] = {}
    with database.transaction() as connection:
        for column in columns_of_a_listener():
            rows = connection.execute(select(column).where(column.is_not(None))).scalars()
            n_left = sum(str(one) in town.erased for one in rows)
            found |= {str(column): n_left} if n_left else {}
    return found


def _deadlocks(database: Database) -> int:
    """Deadlocks the server has broken in this database so far; its statistics lag a little behind."""
    time.sleep(1.5)
    query = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    with database.transaction() as connection:
        return int(connection.execute(query).scalar_one())


def _now() -> datetime:
    return datetime.now(UTC)


def main(arguments: Sequence[str] | None = None) -> int:
    """Soak a new embedded server; 0 when nothing went wrong."""
    parser = argparse.ArgumentParser(prog="benchmarks.soak", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--threads", type=int, default=20)
    parser.add_argument("--listeners", type=int, default=60)
    parser.add_argument("--out", type=Path, help="JSON to write")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="earshot-soak-") as folder:
        database = open_database(None, Path(folder))
        upgrade(database.engine)
        found = soak(database, asked.seconds, asked.threads, asked.listeners)
        database.close()
    tell({"good": found.is_good, **asdict(found)}, asked.out)
    return 0 if found.is_good else 1


if __name__ == "__main__":
    sys.exit(main())
