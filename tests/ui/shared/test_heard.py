"""Play buttons: a link where one is known, and Spotify's player for its own tracks alone."""

import pytest

from ui.html import EMPTY
from ui.shared.heard import play

TRACK = "https://open.spotify.com/track/4uLU6hMCjMI75M1A2tKUQC"


def test_without_a_link_there_is_no_button():
    assert play("X", "Moss Choir", "") == EMPTY


def test_a_button_says_what_it_plays_and_opens_a_new_tab():
    drawn = play("X", "Moss Choir", TRACK)
    assert 'aria-label="Play \u2068X – Moss Choir\u2069 on Spotify"' in drawn
    assert f'href="{TRACK}" target="_blank" rel="noopener"' in drawn


def test_a_search_is_not_called_playing():
    assert "Find \u2068X\u2069 on Spotify" in play("X", "", "https://open.spotify.com/search/X/tracks")


def test_a_track_of_spotify_has_its_player():
    assert 'data-embed="4uLU6hMCjMI75M1A2tKUQC"' in play("X", "", TRACK)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:8765/open/track/4uLU6hMCjMI75M1A2tKUQC",
        "https://open.spotify.com/artist/4uLU6hMCjMI75M1A2tKUQC",
        "https://open.spotify.com/track/../../4uLU6hMCjMI75M1A2tK",
        "https://open.spotify.com.example/track/4uLU6hMCjMI75M1A2tKUQC",
        "https://open.spotify.com/search/X/tracks",
    ],
)
def test_nothing_else_has(address: str):
    assert "data-embed" not in play("X", "", address)


def test_a_hostile_name_stays_a_label():
    drawn = play('" onclick="alert(1)', "<b>", TRACK)
    assert "&lt;b&gt;" in drawn
    assert 'onclick="' not in drawn
