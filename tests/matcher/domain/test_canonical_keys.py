import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.canonical_keys import artist_key, artist_of, normalise, track_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Björk", "bjork"),
        ("The Beatles", "Beatles"),
        ("Simon & Garfunkel", "Simon and Garfunkel"),
        ("AC/DC", "ac dc"),
        ("Ｓｉｇｕｒ Rós", "sigur ros"),
    ],
)
def test_spellings_of_one_artist_meet(one, other):
    assert artist_key(one) == artist_key(other)


@pytest.mark.parametrize(
    "title",
    [
        "Heroes - 2017 Remaster",
        "Heroes (Remastered 2017)",
        "Heroes [2017 Remastered Version]",
        "Heroes - Remastered",
        "Heroes (Single Version)",
        "Heroes (feat. Somebody Else)",
        "Heroes ft. Somebody",
    ],
)
def test_editions_of_one_recording_meet(title):
    assert track_key(title, "david bowie") == track_key("Heroes", "david bowie")


@pytest.mark.parametrize("title", ["Heroes (Live)", "Heroes - Club Remix", "Heroes, Part 2"])
def test_other_recordings_stay_apart(title):
    assert track_key(title, "david bowie") != track_key("Heroes", "david bowie")


def test_a_name_of_punctuation_keeps_its_characters():
    assert artist_key("!!!") == "!!!"


def test_an_article_alone_is_still_a_name():
    assert artist_key("The The") == "the"
    assert artist_key("The") == "the"


def test_a_title_of_noise_only_is_kept():
    assert track_key("(Remastered 2011)", "x") == "x|remastered 2011"


def test_an_opaque_id_is_the_key_where_names_are_missing():
    assert artist_key("", "42") == "#42"
    assert track_key("", "", "aotm:1") == "#aotm:1"
    assert track_key("Title without artist", "", "7") == "#7"


def test_nothing_has_no_key():
    assert (artist_key(), track_key()) == ("", "")


@given(st.text())
def test_normalising_twice_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(min_size=1), st.text(min_size=1))
def test_the_artist_can_be_read_from_a_track_key(name, title):
    artist = artist_key(name)
    key = track_key(title, artist)
    if artist and key:
        assert artist_of(key) == artist


def test_an_opaque_track_has_no_artist():
    assert artist_of("#lfm:72") == ""
