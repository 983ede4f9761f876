"""Soak test: runs the load simulation on PostgreSQL, then checks the data.

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

from benchmarks.consistency import Violation
from benchmarks.load_simulation import LoadSimulation
from benchmarks.report import write_report
from benchmarks.small_model import mark_of, small_model
from matcher.browsing.feedback import FeedbackLog
from matcher.browsing.history import MatchHistory
from matcher.matching.service import MatchingService
from matcher.people.service import People
from matcher.taste.service import Tastes
from storage.server.database import Database, open_database
from storage.server.migrate import upgrade
from storage.sql.schema import columns_of_a_listener
from storage.stores.lifetime.retention import PostgresRetention, RetentionTimes
from storage.stores.listeners.listeners import PostgresListenerStore
from storage.stores.listeners.tastes import PostgresTasteStore
from storage.stores.music.attributes import PostgresAttributeStore
from storage.stores.people.consent import PostgresConsentStore
from storage.stores.people.personal_data import PostgresPersonalData
from storage.stores.people.relations import PostgresRelationStore
from storage.stores.records.feedback import PostgresFeedbackStore
from storage.stores.records.history import PostgresHistoryStore
from storage.stores.signing_in.cipher import GrantCipher
from towers.serving.kmeans import SeededKMeans
from wiring.lookalikes import skeleton


@dataclass(frozen=True, slots=True)
class SoakReport:
    """What a soak did and found.

    Attributes:
        seconds, n_threads: how long, and how many at once.
        done: how often what was done, also where the other had just been erased.
        n_shown: matches shown in all looks.
        failed: what callers met that they should not have met.
        violations: the first looks that showed a listener against a rule.
        n_violations: how many there were.
        lost: listeners whose stored library is not the last acknowledged one.
        left: number of rows with the id of an erased listener, by column.
        deadlocks: deadlocks the server broke.
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
        """Whether there was no error."""
        return not (self.failed or self.n_violations or self.lost or self.left)


def soak(
    database: Database, seconds: float, n_threads: int = 20, n_listeners: int = 60, seed: int = 7
) -> SoakReport:
    """Run the load simulation on an empty database, and check the result.

    Args:
        database: migrated and empty.
        seconds: duration, after the first listeners have joined.
        n_threads: concurrent actions.
        n_listeners: listeners at the start.
        seed: of the actions; the order between threads still differs.
    """
    simulation = _new_simulation(database)
    for _ in range(n_listeners):
        simulation.join()
    before = _deadlocks(database)
    until_s = time.monotonic() + seconds
    lives = [
        threading.Thread(target=simulation.live, args=(random.Random(f"{seed} {n}"), until_s))
        for n in range(n_threads)
    ]
    for one in lives:
        one.start()
    for one in lives:
        one.join()
    return _report(simulation, database, seconds, n_threads, _deadlocks(database) - before)


def _new_simulation(database: Database) -> LoadSimulation:
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
        skeleton=skeleton,
    )
    retention = PostgresRetention(database, RetentionTimes())
    return LoadSimulation(
        service,
        people,
        FeedbackLog(PostgresFeedbackStore(database), _now),
        MatchHistory(PostgresHistoryStore(database), _now),
        lambda: retention.purge(_now()),
    )


def _report(
    simulation: LoadSimulation, database: Database, seconds: float, n_threads: int, deadlocks: int
) -> SoakReport:
    violations = simulation.checker.violations()
    return SoakReport(
        seconds=seconds,
        n_threads=n_threads,
        done=dict(sorted(simulation.outcome.done.items())),
        n_shown=sum(len(look.shown) for look in simulation.checker.looks),
        failed=simulation.outcome.failed,
        violations=violations[:10],
        n_violations=len(violations),
        lost=_lost(simulation),
        left=_left(simulation, database),
        deadlocks=deadlocks,
    )


def _lost(simulation: LoadSimulation) -> list[str]:
    """Listeners whose profile or vector is not that of the last acknowledged refresh."""
    store, embedder = simulation.service.store, simulation.service.model().embedder
    lost = []
    for listener in simulation.living:
        profile, vector = store.profile(listener), store.own_vector(listener, embedder.model_version)
        if (
            profile is None
            or vector is None
            or mark_of(profile) not in simulation.checker.acceptable(listener)
        ):
            lost.append(listener)
        elif abs(embedder.embed([profile]).stored[0] - vector).max() > 1e-3:
            lost.append(f"{listener} (vector)")
    return lost


def _left(simulation: LoadSimulation, database: Database) -> dict[str, int]:
    found: dict[str, int] = {}
    with database.transaction() as connection:
        for column in columns_of_a_listener():
            rows = connection.execute(select(column).where(column.is_not(None))).scalars()
            n_left = sum(str(one) in simulation.erased for one in rows)
            found |= {str(column): n_left} if n_left else {}
    return found


def _deadlocks(database: Database) -> int:
    """Deadlocks in this database so far."""
    time.sleep(1.5)  # the statistics of the server are updated once a second
    query = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    with database.transaction() as connection:
        return int(connection.execute(query).scalar_one())


def _now() -> datetime:
    return datetime.now(UTC)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run on a new embedded server; 0 without errors."""
    parser = argparse.ArgumentParser(prog="benchmarks.soak", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--threads", type=int, default=20)
    parser.add_argument("--listeners", type=int, default=60)
    parser.add_argument("--out", type=Path, help="JSON to write")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="earshot-soak-") as folder:
        database = open_database(None, Path(folder))
        upgrade(database)
        found = soak(database, asked.seconds, asked.threads, asked.listeners)
        database.close()
    write_report({"good": found.is_good, **asdict(found)}, asked.out)
    return 0 if found.is_good else 1


if __name__ == "__main__":
    sys.exit(main())
