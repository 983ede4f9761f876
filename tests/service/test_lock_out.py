"""A lock-out keeps nothing from those who are in but a new reading."""

from datetime import timedelta

import pytest

from matcher.domain.listening import Hearing, Listening, Part, Source
from matcher.errors import QuotaExceeded
from matcher.ports import Account


def test_stored_matches_are_seen_while_spotify_allows_no_call(earshot):
    running = earshot()
    me = running.sign_in()
    running.refresh(me)
    service = running.replica.service
    heard = tuple(Hearing(Part.PLAYS, artist_name=f"Artist {n}") for n in range(5))
    rows = [Listening(f"c{n}", Source.SYNTHETIC, heard) for n in range(3)]
    service.import_candidates(rows, lambda one: Account(f"table:{one.listener_id}"))
    before = service.find_matches(me)
    assert len(before.matches) == 3
    running.fault("quota")
    with pytest.raises(QuotaExceeded) as caught:
        running.refresh(me)
    running.forget_calls()
    assert caught.value.retry_at_utc == running.clock.now + timedelta(days=1)
    assert running.replica.login.closed_until() == caught.value.retry_at_utc
    for replica in (running.replica, running.another()):
        assert replica.service.find_matches(me).matches == before.matches
    assert running.calls() == []
    running.clock.now += timedelta(days=1)
    assert running.replica.login.closed_until() is None
