from datetime import UTC, datetime

import pytest

from matcher.browsing.feedback import Deed, FeedbackLog
from matcher.errors import UnknownListener
from matcher.ports import ScoredPair
from tests.fakes.records import FakeFeedbackStore

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def log():
    return FeedbackLog(FakeFeedbackStore({"ada", "bob"}), lambda: NOON)


@pytest.mark.parametrize(
    ("deed", "score"), [(Deed.DISMISSED, 0.0), (Deed.OPENED, 1.0), (Deed.CONNECTED, 5.0)]
)
def test_a_deed_counts_what_training_expects(log, deed, score):
    log.note("ada", "bob", deed, "v1")
    assert list(log.store.strongest()) == [ScoredPair("ada", "bob", score)]


def test_opening_again_and_again_is_opening_once(log):
    assert [log.note("ada", "bob", Deed.OPENED, "v1") for _ in range(5)] == [True] + [False] * 4
    assert list(log.store.strongest()) == [ScoredPair("ada", "bob", 1.0)]


def test_what_was_opened_and_dismissed_after_all_was_opened(log):
    log.note("ada", "bob", Deed.OPENED, "v1")
    log.note("ada", "bob", Deed.DISMISSED, "v1")
    assert [one.score for one in log.store.strongest()] == [1.0]


def test_nobody_is_their_own_match(log):
    with pytest.raises(ValueError, match="own match"):
        log.note("ada", "ada", Deed.OPENED, "v1")


def test_strangers_are_not_given_feedback(log):
    with pytest.raises(UnknownListener):
        log.note("ada", "mallory", Deed.OPENED, "v1")
