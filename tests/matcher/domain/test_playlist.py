import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.playlist import JointTrack, playlist_csv, playlist_m3u

TRACK = JointTrack("low|sunflower", "Sunflower", "Low", ("me", "you"), {"me": 1.0, "you": 0.8})
ALIASES = {"me": "Quiet Fox 1", "you": "Velvet Heron 2"}
LINK = {"low|sunflower": "https://open.spotify.com/track/1"}
texts = st.text(max_size=30)


def rows_of(text):
    return list(csv.reader(io.StringIO(text, newline="")))


def test_the_csv_attributes_and_links_every_track():
    rows = rows_of(playlist_csv([TRACK], ALIASES, LINK))
    assert rows[0] == ["position", "title", "artist", "from", "link"]
    assert rows[1] == ["1", "Sunflower", "Low", "Quiet Fox 1, Velvet Heron 2", LINK["low|sunflower"]]


def test_the_m3u_attributes_and_links_every_track():
    text = playlist_m3u([TRACK], ALIASES, LINK, "Both of us")
    assert text.splitlines() == [
        "#EXTM3U",
        "#PLAYLIST:Both of us",
        "#EXTINF:-1,Low - Sunflower",
        "# from Quiet Fox 1, Velvet Heron 2",
        LINK["low|sunflower"],
    ]


def test_a_track_without_a_link_has_none():
    assert rows_of(playlist_csv([TRACK], ALIASES))[1][-1] == ""
    assert len(playlist_m3u([TRACK], ALIASES).splitlines()) == 3


@given(texts, texts)
def test_whatever_a_title_holds_the_csv_keeps_its_shape_and_begins_no_formula(title, artist):
    rows = rows_of(playlist_csv([JointTrack("k", title, artist, ("me",), {})], ALIASES))
    assert [len(row) for row in rows] == [5, 5]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in rows[1])


@given(texts, texts)
def test_whatever_a_title_holds_the_m3u_has_as_many_lines(title, artist):
    text = playlist_m3u([JointTrack("k", title, artist, ("me",), {})], ALIASES, {"k": "https://x"})
    assert len(text.splitlines()) == 4
    assert text.splitlines()[-1] == "https://x"


def test_owners_without_an_alias_are_not_named():
    assert rows_of(playlist_csv([TRACK], {"me": "Quiet Fox 1"}))[1][3] == "Quiet Fox 1"
