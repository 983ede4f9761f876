"""What victims keep back, looked for in the list of matches, on their pages and on cards of two.

These are the attacks by place in the list (a probe made for one artist, leaving out, one playlist alone) and
by parts of the score.
"""

import pytest

from matcher.browsing.history import Reason
from matcher.browsing.service import MatchFilters
from tests.privacy.advantage import MOST, advantage
from tests.privacy.channels import IN_MATCHES, channels_of
from tests.privacy.scene import HIDDEN, SECRETS
from tests.privacy.town import Heard

CASES = [(name, one) for name, secret in SECRETS.items() for one in channels_of(secret) if one in IN_MATCHES]


@pytest.mark.parametrize(("secret", "channel"), CASES)
def test_what_is_kept_back_cannot_be_told(gained, secret: str, channel: str):
    assert gained(secret, channel) <= MOST


def test_every_channel_is_looked_through():
    assert {channel for _, channel in CASES} == set(IN_MATCHES)


def test_what_changed_since_the_last_look_does_not_tell_that_a_hidden_playlist_did(town):
    """One's own library is changed between the looks, so that every match has moved, and reasons are told."""
    me = town.join(town.others[0])

    def hear(key, taste, step):
        town.read(key, (*taste, Heard(f"Hidden {step}", "Song 0", 5.0, HIDDEN)))

    def why(key, taste, step):
        town.read(me, (*taste, Heard(f"Mine {step}", "Song 0", 100.0 * step)))
        changed = town.app.browsing.look(me, MatchFilters(20)).changed
        return [one.reasons for one in changed.changes if one.other_id == key]

    town.app.browsing.look(me, MatchFilters(20))
    pairs = []
    for taste in town.victims:
        key = town.join()
        hear(key, taste, 0)
        town.hide(key, HIDDEN)
        why(key, taste, 1)
        same = why(key, taste, 2)
        hear(key, taste, 1)
        pairs.append((same, why(key, taste, 3)))
    n_moved = sum(bool(one and other) for one, other in pairs)
    assert n_moved > len(pairs) / 2, "of those who have not moved no reasons are told"
    assert advantage([tuple(_of_theirs(one) for one in pair) for pair in pairs]) <= MOST


def _of_theirs(told):
    """Whether it is said that the other's taste changed; of those who have not moved nothing is."""
    return any(Reason.THEIR_TASTE in reasons for reasons in told)
