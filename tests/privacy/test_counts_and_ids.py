"""Rounded counts made exact by asking often, and ids of whoever hides told from ids of nobody."""

from uuid import uuid4

import numpy as np
import pytest

from matcher.browsing.feedback import FeedbackAction
from matcher.browsing.service import MatchFilters
from matcher.domain.canonical_keys import artist_key
from matcher.domain.exclusions import Exclusion, Kind
from tests.privacy.advantage import MOST, advantage, seen
from tests.privacy.town import SEED, Heard, artist

SHARED = tuple(Heard(artist(0, place), "Song 0", 5.0) for place in range(10))
"""What the adversary shares with every victim, and leaves out one after the other."""
OWN = tuple(Heard(f"Nobody knows {n}", "Song 0", 1.0) for n in range(30))


def _library(number: int, n_more: int) -> tuple[Heard, ...]:
    """Ten shared artists, and so many that only this one hears."""
    return (*SHARED, *(Heard(f"Only {number} hears {n}", "Song 0", 3.0) for n in range(n_more)))


def _counts(match):
    """Every number of the other's artists that a stranger is told, whatever it is called."""
    return tuple(
        getattr(match, name) for name in ("n_more", "n_about", "n_more_tracks") if hasattr(match, name)
    )


def test_about_so_many_more_is_never_made_exact(town):
    """27 or 33 more artists: both are about thirty, whatever is left out of one's own taste."""
    bits = np.random.default_rng(SEED).random(len(town.victims)) < 0.5
    me = town.join((*SHARED, *OWN))
    victims = [town.join(_library(number, 30)) for number in range(len(bits))]

    def told():
        listed = {
            one.listener_id: _counts(one) for one in town.app.browsing.look(me, MatchFilters(200)).matches
        }
        return [listed.get(key) for key in victims]

    def views(bits):
        for number, (key, bit) in enumerate(zip(victims, bits, strict=True)):
            town.read(key, _library(number, 27 if bit else 33))
        things = [Exclusion(Kind.ARTIST, artist_key(one.artist)) for one in SHARED[:6]]
        found = [told()]
        for thing in things:
            town.clock.wait()
            town.app.tastes.leave_out(me, thing)
            found.append(told())
        for thing in things:
            town.clock.wait()
            town.app.tastes.undo(me, thing)
        return list(zip(*found, strict=True))

    assert advantage(list(zip(views(bits), views(~bits), strict=True))) <= MOST


HIDDEN = {
    "hides": (
        lambda people, me, key: people.choose_discoverable(key, False),
        lambda people, me, key: people.choose_discoverable(key, True),
    ),
    "has paused": (lambda people, me, key: people.pause(key), lambda people, me, key: people.resume(key)),
    "has blocked me": (
        lambda people, me, key: people.block(key, me),
        lambda people, me, key: people.unblock(key, me),
    ),
}
"""How one goes out of sight, and comes back."""
ACTS = {
    "look closely": lambda app, me, key: app.browsing.look_closely(me, key),
    "ask": lambda app, me, key: app.people.ask_to_connect(me, key),
    "note": lambda app, me, key: app.browsing.note(me, key, FeedbackAction.DISMISSED),
}


@pytest.fixture(scope="module")
def told_apart(built):
    """The advantage by why they hide, and by the act: of whoever tells their ids from those of nobody."""
    built.settle()
    me, pairs = built.join(built.others[0]), {(why, act): [] for why in HIDDEN for act in ACTS}
    built.app.browsing.look(me, MatchFilters())
    for key in [built.join(taste) for taste in built.victims]:
        for why, (go, come) in HIDDEN.items():
            go(built.app.people, me, key)
            for act, do in ACTS.items():
                pairs[why, act].append(tuple(_asked(built, do, me, one) for one in (key, str(uuid4()))))
            come(built.app.people, me, key)
    return {case: advantage(views) for case, views in pairs.items()}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("why", HIDDEN)
def test_the_id_of_one_who_hides_is_as_good_as_nobodys(told_apart, why, act):
    """The same answer, after the same questions to the database with as many rows found: hence as soon."""
    assert told_apart[why, act] <= MOST


def _asked(town, act, me, key):
    with town.statements() as told:
        answer = seen(lambda: act(town.app, me, key))
    return answer, tuple(told)
