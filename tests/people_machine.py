"""Listeners who join, refresh, hide, pause, block, ask, agree, withdraw and erase in any order.

Beside the real thing runs a model of a few sets. After every step everybody who can look at matches sees
exactly those whom the model lets them see, standing as the model has it, with a percent only where both have
agreed; and of the erased nothing is left.
"""

from collections.abc import Callable

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from matcher.domain.consent import Relation
from matcher.domain.listening import Source
from matcher.errors import NoCandidates, NotAsked, RequestDeclined, UnknownListener
from tests.people_world import World

NAMES = ("ann", "bob")
SYNTHETIC, FROM_TABLE = "synthetic", "table"
PEOPLE = st.sampled_from(NAMES)
ANYBODY = st.sampled_from((*NAMES, SYNTHETIC, FROM_TABLE))
ARTISTS = st.lists(st.sampled_from(["Low", "Can", "Neu!", "Drexciya"]), min_size=1, max_size=3)
NOBODY = "00000000-0000-4000-8000-000000000000"


class PeopleMachine(RuleBasedStateMachine):
    """One run: a world, and the model of it."""

    def __init__(self, make_world: Callable[[], World]) -> None:
        super().__init__()
        self.world = make_world()
        self.people = self.world.people
        self.ids = {
            **{name: self.world.join(name) for name in NAMES},
            SYNTHETIC: self.world.bring_in("one", Source.SYNTHETIC),
            FROM_TABLE: self.world.bring_in("two", Source.TABLE),
        }
        self.shown, self.read = set(self.ids), set(self.ids)
        self.paused: set[str] = set()
        self.blocks: set[tuple[str, str]] = set()
        self.asked: dict[frozenset[str], tuple[str, bool]] = {}
        self.declined: dict[tuple[str, str], int] = {}
        self.outlasting: dict[tuple[str, str], dict[str, int]] = {}
        self.gone: list[str] = []

    # ---- steps ---------------------------------------------------------------------------------------

    @rule(name=PEOPLE)
    def sign_in(self, name: str) -> None:
        found = self.world.sign_in(name)
        assert self.ids.setdefault(name, found) == found
        for pair in [pair for pair in self.outlasting if set(pair) <= set(self.ids)]:
            for kept, value in self.outlasting.pop(pair).items():
                (self.blocks.add(pair) if kept == "block" else self.declined.update({pair: value}))

    @rule(name=PEOPLE, artists=ARTISTS)
    def refresh(self, name: str, artists: list[str]) -> None:
        if self._there(name, lambda: self.world.refresh(self._id(name), *artists)):
            self.read.add(name)

    @rule(name=PEOPLE, shown=st.booleans())
    def show_or_hide(self, name: str, shown: bool) -> None:
        if self._there(name, lambda: self.people.choose_discoverable(self._id(name), shown)):
            (self.shown.add if shown else self.shown.discard)(name)

    @rule(name=PEOPLE, paused=st.booleans())
    def pause_or_resume(self, name: str, paused: bool) -> None:
        choose = self.people.pause if paused else self.people.resume
        if self._there(name, lambda: choose(self._id(name))):
            (self.paused.add if paused else self.paused.discard)(name)

    @rule(one=PEOPLE, other=ANYBODY)
    def ask(self, one: str, other: str) -> None:
        before = self._relation(one, other)
        possible = self._both(one, other) and (before is not Relation.STRANGERS or self._sees(one, other))
        if not possible:
            with pytest.raises(UnknownListener):
                self.people.ask_to_connect(self._id(one), self._id(other))
            return
        if before is Relation.STRANGERS and (one, other) in self.declined:
            with pytest.raises(RequestDeclined):
                self.people.ask_to_connect(self._id(one), self._id(other))
            return
        found = self.people.ask_to_connect(self._id(one), self._id(other))
        if before is Relation.STRANGERS:
            self.asked[frozenset((one, other))] = (one, other == SYNTHETIC)
        elif before is Relation.ASKED_BY_THEM:
            self._connect(one, other, other)
        assert found is self._relation(one, other)

    @rule(one=PEOPLE, other=ANYBODY)
    def agree(self, one: str, other: str) -> None:
        if self._relation(one, other) in (Relation.ASKED_BY_THEM, Relation.CONNECTED):
            assert self.people.agree_to_connect(self._id(one), self._id(other)) is Relation.CONNECTED
            asker, _ = self.asked[frozenset((one, other))]
            self._connect(one, other, asker)
        else:
            with pytest.raises(NotAsked if self._reaches(one, other) else UnknownListener):
                self.people.agree_to_connect(self._id(one), self._id(other))

    @rule(one=PEOPLE, other=ANYBODY)
    def withdraw(self, one: str, other: str) -> None:
        if self._reaches_or_is_refused(one, other, self.people.withdraw):
            ended = self.asked.get(frozenset((one, other)))
            self._end(one, other)
            assert self.people.withdraw(self._id(one), self._id(other)) is (ended is not None)

    @rule(one=PEOPLE, other=ANYBODY)
    def block(self, one: str, other: str) -> None:
        if self._reaches_or_is_refused(one, other, self.people.block):
            assert self.people.block(self._id(one), self._id(other)) is ((one, other) not in self.blocks)
            self.blocks.add((one, other))
            self._end(one, other)

    @rule(one=PEOPLE, other=ANYBODY)
    def unblock(self, one: str, other: str) -> None:
        if self._reaches_or_is_refused(one, other, self.people.unblock):
            assert self.people.unblock(self._id(one), self._id(other)) is ((one, other) in self.blocks)
            self.blocks.discard((one, other))

    @precondition(lambda self: len(self.ids) > 2)
    @rule(name=PEOPLE)
    def erase(self, name: str) -> None:
        if name not in self.ids:
            return
        key = self.ids.pop(name)
        assert self.people.erase(key).erased["listeners"] == 1
        assert key not in self.world.dump()
        self.gone.append(key)
        for kept in (self.shown, self.read, self.paused):
            kept.discard(name)
        for pair in [pair for pair in self.blocks if name in pair]:
            self.outlasting.setdefault(pair, {})["block"] = 1
        for pair in [pair for pair in self.declined if name in pair]:
            self.outlasting.setdefault(pair, {})["declined"] = self.declined.pop(pair)
        self.blocks = {pair for pair in self.blocks if name not in pair}
        self.asked = {pair: asked for pair, asked in self.asked.items() if name not in pair}

    # ---- what holds after every step -----------------------------------------------------------------

    @invariant()
    def everybody_sees_exactly_whom_they_may(self) -> None:
        for name in self.read & set(NAMES):
            expected = {other for other in self.read if self._sees(name, other)}
            seen = self._seen_by(name)
            assert set(seen) == {self.ids[other] for other in expected}
            for other in expected:
                match, relation = seen[self.ids[other]], self._relation(name, other)
                assert match.relation is relation
                exact = match.percent is not None and match.parts is not None
                assert exact is (relation is Relation.CONNECTED)
                assert not (match.tracks or match.profile_url) or relation is Relation.CONNECTED

    @invariant()
    def both_sides_of_a_relation_agree(self) -> None:
        for name in set(NAMES) & set(self.ids):
            found = {one.listener_id: one.relation for one in self.people.contacts(self.ids[name])}
            others = [other for pair in self.asked if name in pair for other in pair - {name}]
            assert found == {self.ids[other]: self._relation(name, other) for other in others}

    def teardown(self) -> None:
        left = self.world.dump()
        assert not [key for key in self.gone if key in left]

    # ---- the model -----------------------------------------------------------------------------------

    def _id(self, name: str) -> str:
        return self.ids.get(name, NOBODY)

    def _there(self, name: str, act: Callable[[], object]) -> bool:
        """Whether the name is somebody; the act is refused where it is not."""
        if name in self.ids:
            act()
            return True
        with pytest.raises(UnknownListener):
            act()
        return False

    def _both(self, one: str, other: str) -> bool:
        return one != other and one in self.ids and other in self.ids

    def _reaches(self, one: str, other: str) -> bool:
        """Whether one may do something about the other: seen, in a relation, or met."""
        met = (one, other) in self.blocks | self.declined.keys() or (other, one) in self.declined
        related = self._both(one, other) and self._relation(one, other) is not Relation.STRANGERS
        return self._both(one, other) and (met or related or self._sees(one, other))

    def _reaches_or_is_refused(self, one: str, other: str, act: Callable[[str, str], object]) -> bool:
        if self._reaches(one, other):
            return True
        with pytest.raises(UnknownListener):
            act(self._id(one), self._id(other))
        return False

    def _connect(self, one: str, other: str, asker: str) -> None:
        before = self._relation(one, other)
        self.asked[frozenset((one, other))] = (asker, True)
        if before is Relation.ASKED_BY_THEM:  # what was declined before counts no longer
            for pair in ((one, other), (other, one)):
                self.declined.pop(pair, None)

    def _end(self, by: str, other: str) -> None:
        """End what is between two; a request of the other's is thereby declined."""
        if self._relation(by, other) is Relation.ASKED_BY_THEM:
            self.declined[other, by] = self.declined.get((other, by), 0) + 1
        self.asked.pop(frozenset((by, other)), None)

    def _sees(self, one: str, other: str) -> bool:
        blocked = {(one, other), (other, one)} & self.blocks
        return self._both(one, other) and other in self.shown - self.paused and not blocked

    def _relation(self, one: str, other: str) -> Relation:
        asker, agreed = self.asked.get(frozenset((one, other)), (None, False))
        if agreed:
            return Relation.CONNECTED
        if asker is None:
            return Relation.STRANGERS
        return Relation.ASKED_BY_ME if asker == one else Relation.ASKED_BY_THEM

    def _seen_by(self, name: str) -> dict:
        try:
            return {one.listener_id: one for one in self.world.see_matches(self.ids[name])}
        except NoCandidates:
            return {}
