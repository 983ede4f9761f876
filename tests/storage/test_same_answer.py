"""Whoever is not there for me: the same answer by the same way, whatever the reason.

The reasons: no such id, hidden, paused, has blocked me, erased, hidden and never read. What is compared is
the answer, every statement that the database was asked, and how many rows it gave: neither words nor work
tell them apart.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event

from matcher.browsing.feedback import FeedbackAction, FeedbackLog
from matcher.browsing.history import MatchHistory
from matcher.browsing.service import Browsing
from matcher.errors import EarshotError
from matcher.groups.access import Access
from matcher.groups.service import Groups
from matcher.ports import ReportReason
from storage.server.database import Database
from storage.stores.records.feedback import PostgresFeedbackStore
from storage.stores.records.history import PostgresHistoryStore
from tests.matcher.matching.test_service import NOW
from tests.people_world import World, world_on

Use = Callable[["Town", str], Any]


@dataclass
class Town:
    """Ada, who asks about others."""

    world: World
    browsing: Browsing
    groups: Groups
    ada: str
    friend: str

    @property
    def people(self):
        return self.world.people


@pytest.fixture
def town(database: Database) -> Town:
    world = world_on(database)
    circle = Access(world.people.relations)
    groups = Groups(world.service.store, circle, world.service.model)
    browsing = Browsing(
        matching=world.service,
        people=world.people,
        groups=groups,
        tastes=world.service.tastes,
        feedback=FeedbackLog(PostgresFeedbackStore(database), lambda: NOW),
        history=MatchHistory(PostgresHistoryStore(database), lambda: NOW),
        profile_of=world.service.store.profile,
        model=world.service.model,
    )
    ada, friend = world.join("ada", "Low", "Can"), world.join("eve", "Low")
    world.people.ask_to_connect(ada, friend)
    world.people.agree_to_connect(friend, ada)
    return Town(world, browsing, groups, ada, friend)


REASONS: dict[str, Callable[[Town], str]] = {
    "no such id": lambda town: str(UUID(int=7, version=4)),
    "hidden": lambda town: _gone(town, lambda key: town.people.choose_discoverable(key, False)),
    "paused": lambda town: _gone(town, town.people.pause),
    "has blocked me": lambda town: _gone(town, lambda key: town.people.block(key, town.ada)),
    "erased": lambda town: _gone(town, town.people.erase),
    "hidden and never read": lambda town: town.world.sign_in("new"),
}


def _gone(town: Town, go: Callable[[str], object]) -> str:
    key = town.world.join("bob", "Low", "Neu!")
    go(key)
    return key


USES: dict[str, Use] = {
    "look closely": lambda town, other: town.browsing.look_closely(town.ada, other),
    "note": lambda town, other: town.browsing.note(town.ada, other, FeedbackAction.OPENED),
    "ask": lambda town, other: town.people.ask_to_connect(town.ada, other),
    "agree": lambda town, other: town.people.agree_to_connect(town.ada, other),
    "withdraw": lambda town, other: town.people.withdraw(town.ada, other),
    "block": lambda town, other: town.people.block(town.ada, other),
    "unblock": lambda town, other: town.people.unblock(town.ada, other),
    "report": lambda town, other: town.people.report(town.ada, other, ReportReason.SPAM),
    "discover": lambda town, other: town.groups.discover_through(town.ada, other),
    "playlist": lambda town, other: town.groups.make_playlist(town.ada, [other]),
    "group": lambda town, other: town.groups.look_at_group(town.ada, [other, town.friend]),
}


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    asked: list[str] = []

    def hear(connection, cursor, statement, *rest):
        asked.append(f"{cursor.rowcount}: {' '.join(statement.split())}")

    event.listen(database.engine, "after_cursor_execute", hear)
    try:
        yield asked
    finally:
        event.remove(database.engine, "after_cursor_execute", hear)


def answer(town: Town, database: Database, use: Use, other: str) -> tuple[str, list[str], list[str]]:
    """What is said, what the database was asked, and whom Ada then finds on her lists."""
    with statements(database) as asked:
        try:
            said = repr(use(town, other))
        except EarshotError as error:
            said = repr(error)
    people = town.people
    listed = [one.alias for one in (*people.contacts(town.ada), *people.blocked(town.ada))]
    return said.replace(other, "(id)"), asked, listed


@pytest.mark.parametrize("reason", [one for one in REASONS if one != "no such id"])
@pytest.mark.parametrize("use", USES)
def test_whoever_is_not_there_is_answered_like_nobody(town: Town, database: Database, use: str, reason: str):
    nobody = answer(town, database, USES[use], REASONS["no such id"](town))
    assert answer(town, database, USES[use], REASONS[reason](town)) == nobody
    assert len(nobody[2]) == 1  # the friend
