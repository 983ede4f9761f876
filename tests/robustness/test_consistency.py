"""The soak's own books: they must find what is wrong, and claim nothing they cannot know."""

import pytest

from benchmarks.consistency import Reading, Record, Seen


class Clock:
    def __init__(self):
        self.now_s = 0.0

    def __call__(self):
        return self.now_s


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def record(clock):
    return Record(now=clock)


def change(clock, context, began_s, ended_s):
    """A call that began and came back at these moments."""
    clock.now_s = began_s
    with context:
        clock.now_s = ended_s


def rules(record):
    return [one.rule for one in record.violations()]


HIDDEN, ERASED, BLOCKED = ("hidden", "bob"), ("erased", "bob"), ("blocked", "ada", "bob")


@pytest.mark.parametrize("rule", [HIDDEN, ERASED, BLOCKED, ("erased", "ada")])
def test_whoever_is_shown_after_the_commit_is_told(record, clock, rule):
    change(clock, record.out_of_sight(*rule), 1, 2)
    record.saw(Seen("ada", 3, 4, ("bob",)))
    (found,) = record.violations()
    assert (found.rule, found.viewer, found.shown, found.known_for_s) == (rule[0], "ada", "bob", 1)


def test_a_block_counts_for_both(record, clock):
    change(clock, record.out_of_sight(*BLOCKED), 1, 2)
    record.saw(Seen("bob", 3, 4, ("ada",)))
    assert rules(record) == ["blocked"]


def test_nobody_else_is_meant(record, clock):
    for rule in (HIDDEN, BLOCKED):
        change(clock, record.out_of_sight(*rule), 1, 2)
    record.saw(Seen("ada", 3, 4, ("cid",)))
    record.saw(Seen("cid", 3, 4, ("ada",)))
    assert rules(record) == []


def test_a_look_that_began_before_the_call_came_back_proves_nothing(record, clock):
    change(clock, record.out_of_sight(*HIDDEN), 1, 3)
    record.saw(Seen("ada", 2, 4, ("bob",)))
    assert rules(record) == []


@pytest.mark.parametrize(("began_s", "ended_s", "told"), [(3, 4, ["hidden"]), (3, 6, []), (6, 7, [])])
def test_from_the_moment_it_is_undone_nothing_is_claimed(record, clock, began_s, ended_s, told):
    change(clock, record.out_of_sight(*HIDDEN), 1, 2)
    change(clock, record.in_sight(*HIDDEN), 5, 8)
    record.saw(Seen("ada", began_s, ended_s, ("bob",)))
    assert rules(record) == told


def test_a_call_that_failed_puts_nobody_out_of_sight(record, clock):
    def fail():
        with record.out_of_sight(*HIDDEN):
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()
    assert not record.is_out_of_sight(*HIDDEN)


def test_of_readings_one_after_the_other_the_last_is_kept(record):
    record.read("ada", Reading("one", 1, 2))
    record.read("ada", Reading("two", 3, 4))
    assert record.acceptable("ada") == {"two"}


def test_of_readings_at_once_any_may_be_kept(record):
    record.read("ada", Reading("old", 0, 1))
    record.read("ada", Reading("one", 2, 5))
    record.read("ada", Reading("two", 3, 4))
    assert record.acceptable("ada") == {"one", "two"}
