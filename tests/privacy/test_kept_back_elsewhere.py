"""What victims keep back, looked for on the map, in groups, discoveries, playlists and on cards.

In matches and on their pages it is looked for in `test_kept_back_in_matches`.
"""

import pytest

from tests.privacy.advantage import MOST
from tests.privacy.channels import ELSEWHERE, channels_of
from tests.privacy.scene import SECRETS

CASES = [(name, one) for name, secret in SECRETS.items() for one in channels_of(secret) if one in ELSEWHERE]


@pytest.mark.parametrize(("secret", "channel"), CASES)
def test_what_is_kept_back_cannot_be_told(gained, secret: str, channel: str):
    assert gained(secret, channel) <= MOST


def test_every_channel_is_looked_through():
    assert {channel for _, channel in CASES} == set(ELSEWHERE)
