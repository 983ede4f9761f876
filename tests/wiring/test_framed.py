"""Whose pages may be shown inside ours: nobody's, and in live mode those of Spotify's player."""

import pytest

from wiring.gateway.headers import PLAYER, security_headers, streamlit_page


def policy(*framed: str) -> str:
    found = security_headers(streamlit_page([], "https://earshot.example", *framed), https=True)
    return found["Content-Security-Policy"]


def test_without_a_player_nothing_is_framed():
    assert "frame-src" not in policy()
    assert "default-src 'none'" in policy()


def test_with_it_only_its_origin_is():
    assert "frame-src https://open.spotify.com;" in policy(PLAYER) + ";"


@pytest.mark.parametrize("name", ["script-src", "connect-src", "img-src", "style-src"])
def test_nothing_else_of_spotify_is_let_in(name: str):
    (found,) = (one for one in policy(PLAYER).split("; ") if one.startswith(name))
    assert "spotify" not in found
