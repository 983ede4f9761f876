import logging
import threading

import pytest

from matcher.errors import StorageUnreachable
from wiring.jobs.purging import DailyPurge, told


class Purges:
    """Counts its calls, and raises or waits as it is told."""

    def __init__(self, error=None, enough=1):
        self.n_calls, self.error, self.enough = 0, error, enough
        self.done = threading.Event()

    def __call__(self):
        self.n_calls += 1
        if self.n_calls == self.enough:
            self.done.set()
        if self.error and self.n_calls == 1:
            raise self.error
        return {"listeners": 1, "readings": 0}


@pytest.fixture
def run():
    started = []

    def start(purge, pause_s):
        one = DailyPurge(purge, pause_s)
        one.start()
        started.append(one)
        return one

    yield start
    for one in started:
        one.stop()


def test_it_purges_at_once_and_then_waits(run):
    purge = Purges()
    one = run(purge, pause_s=60)
    assert purge.done.wait(60)
    one.stop()
    assert purge.n_calls == 1


def test_it_purges_again_after_the_pause(run):
    purge = Purges(enough=3)
    run(purge, pause_s=0.001)
    assert purge.done.wait(60)


def test_a_database_that_does_not_answer_is_tried_again_the_next_time(run, caplog):
    purge = Purges(StorageUnreachable("down"), enough=2)
    with caplog.at_level(logging.INFO):
        run(purge, pause_s=0.001)
        assert purge.done.wait(60)
    assert "StorageUnreachable" in caplog.text


def test_starting_waits_for_nothing(run):
    go = threading.Event()
    run(lambda: {"listeners": int(go.wait(60))}, pause_s=60)
    go.set()


@pytest.mark.parametrize(
    ("counts", "text"),
    [
        ({"listeners": 2, "readings": 0, "sessions": 1200}, "2 of listeners, 1,200 of sessions"),
        ({"listeners": 0}, "nothing"),
        ({}, "nothing"),
    ],
)
def test_what_was_purged_is_told_in_a_line(counts, text):
    assert told(counts) == text
