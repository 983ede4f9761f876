"""The soak's own books: they must find what is wrong, and claim nothing they cannot know."""

import pytest

from benchmarks.consistency import AcknowledgedRefresh, ConsistencyChecker, ShownMatches


class Clock:
    def __init__(self):
        self.now_s = 0.0

    def __call__(self):
        return self.now_s


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def checker(clock):
    return ConsistencyChecker(now=clock)


def change(clock, context, began_s, ended_s):
    """A call that began and came back at these moments."""
    clock.now_s = began_s
    with context:
        clock.now_s = ended_s


def rules(checker):
    return [one.rule for one in checker.violations()]


HIDDEN, ERASED, BLOCKED = ("hidden", "bob"), ("erased", "bob"), ("blocked", "ada", "bob")


@pytest.mark.parametrize("rule", [HIDDEN, ERASED, BLOCKED, ("erased", "ada")])
def test_whoever_is_shown_after_the_commit_is_told(checker, clock, rule):
    change(clock, checker.hiding(*rule), 1, 2)
    checker.add_look(ShownMatches("ada", 3, 4, ("bob",)))
    (found,) = checker.violations()
    assert (found.rule, found.viewer, found.shown, found.known_for_s) == (rule[0], "ada", "bob", 1)


def test_a_block_counts_for_both(checker, clock):
    change(clock, checker.hiding(*BLOCKED), 1, 2)
    checker.add_look(ShownMatches("bob", 3, 4, ("ada",)))
    assert rules(checker) == ["blocked"]


def test_nobody_else_is_meant(checker, clock):
    for rule in (HIDDEN, BLOCKED):
        change(clock, checker.hiding(*rule), 1, 2)
    checker.add_look(ShownMatches("ada", 3, 4, ("cid",)))
    checker.add_look(ShownMatches("cid", 3, 4, ("ada",)))
    assert rules(checker) == []


def test_a_look_that_began_before_the_call_came_back_proves_nothing(checker, clock):
    change(clock, checker.hiding(*HIDDEN), 1, 3)
    checker.add_look(ShownMatches("ada", 2, 4, ("bob",)))
    assert rules(checker) == []


@pytest.mark.parametrize(("began_s", "ended_s", "told"), [(3, 4, ["hidden"]), (3, 6, []), (6, 7, [])])
def test_from_the_moment_it_is_undone_nothing_is_claimed(checker, clock, began_s, ended_s, told):
    change(clock, checker.hiding(*HIDDEN), 1, 2)
    change(clock, checker.showing(*HIDDEN), 5, 8)
    checker.add_look(ShownMatches("ada", began_s, ended_s, ("bob",)))
    assert rules(checker) == told


def test_a_call_that_failed_puts_nobody_out_of_sight(checker, clock):
    def fail():
        with checker.hiding(*HIDDEN):
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()
    assert not checker.is_hidden(*HIDDEN)


def test_of_readings_one_after_the_other_the_last_is_kept(checker):
    checker.add_refresh("ada", AcknowledgedRefresh("one", 1, 2))
    checker.add_refresh("ada", AcknowledgedRefresh("two", 3, 4))
    assert checker.acceptable("ada") == {"two"}


def test_of_readings_at_once_any_may_be_kept(checker):
    checker.add_refresh("ada", AcknowledgedRefresh("old", 0, 1))
    checker.add_refresh("ada", AcknowledgedRefresh("one", 2, 5))
    checker.add_refresh("ada", AcknowledgedRefresh("two", 3, 4))
    assert checker.acceptable("ada") == {"one", "two"}
