from datetime import UTC, datetime

import pytest

from matcher.browsing.feedback import FeedbackAction, FeedbackLog
from matcher.errors import UnknownListener
from matcher.ports import ScoredPair
from tests.fakes.records import FakeFeedbackStore

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def log():
    return FeedbackLog(FakeFeedbackStore({"ada", "bob"}), lambda: NOON)


@pytest.mark.parametrize(
    ("action", "score"),
    [(FeedbackAction.DISMISSED, 0.0), (FeedbackAction.OPENED, 1.0), (FeedbackAction.CONNECTED, 5.0)],
)
def test_an_action_counts_what_training_expects(log, action, score):
    log.note("ada", "bob", action, "v1")
    assert list(log.store.strongest()) == [ScoredPair("ada", "bob", score)]


def test_opening_again_and_again_is_opening_once(log):
    assert [log.note("ada", "bob", FeedbackAction.OPENED, "v1") for _ in range(5)] == [True] + [False] * 4
    assert list(log.store.strongest()) == [ScoredPair("ada", "bob", 1.0)]


def test_what_was_opened_and_dismissed_after_all_was_opened(log):
    log.note("ada", "bob", FeedbackAction.OPENED, "v1")
    log.note("ada", "bob", FeedbackAction.DISMISSED, "v1")
    assert [one.score for one in log.store.strongest()] == [1.0]


def test_nobody_is_their_own_match(log):
    with pytest.raises(ValueError, match="own match"):
        log.note("ada", "ada", FeedbackAction.OPENED, "v1")


def test_strangers_are_not_given_feedback(log):
    with pytest.raises(UnknownListener):
        log.note("ada", "mallory", FeedbackAction.OPENED, "v1")
