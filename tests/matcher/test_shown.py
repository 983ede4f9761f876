import numpy as np
import pytest

from matcher.consent import Sharing
from matcher.discovery import Taste
from matcher.listening import Hearing, Listening, Part, Source
from matcher.profile import build_profile
from matcher.shown import as_shown, keeps_back, shown_profile
from tests.matcher.test_service import FakeEmbedder

OPEN, CLOSED = "playlists:open", "playlists:closed"


def heard(artist, song, facet, plays=1.0):
    return Hearing(Part.PLAYLISTS, artist, track_name=song, facet_id=facet, facet_name=facet, plays=plays)


PROFILE = build_profile(
    Listening(
        "ada",
        Source.TABLE,
        (
            heard("Low", "A", "open"),
            heard("Low", "B", "open", 2.0),
            heard("Low", "A", "closed", 40.0),
            heard("Can", "C", "closed"),
        ),
        {"low": {"slow": 1.0}},
    )
)


def test_where_nothing_is_kept_back_it_is_the_very_profile():
    assert shown_profile(PROFILE, Sharing()) is PROFILE
    assert shown_profile(PROFILE, Sharing(hidden_facets=frozenset({"playlists:gone"}))) is PROFILE
    assert not keeps_back(Sharing(profile_link=False, cards=True))


def test_a_hidden_playlist_counts_for_nothing_where_its_music_is_shown_elsewhere_either():
    shown = shown_profile(PROFILE, Sharing(hidden_facets=frozenset({CLOSED})))
    assert shown.artists == {"low": 3.0}
    assert shown.tracks == {"low|a": 1.0, "low|b": 2.0}
    assert set(shown.facets) == {OPEN}
    assert shown.tags == {}
    assert shown.audio is None


def test_without_tracks_there_are_artists_and_how_much_they_are_heard():
    shown = shown_profile(PROFILE, Sharing(tracks=False))
    assert shown.artists == PROFILE.artists
    assert shown.tracks == {}
    assert shown.tags == PROFILE.tags


def test_without_artists_there_is_nothing_that_names_one():
    shown = shown_profile(PROFILE, Sharing(artists=False))
    assert shown.is_empty
    assert shown.words == shown.facets == {}
    assert shown.tags == PROFILE.tags


def test_without_tags_there_are_none():
    assert shown_profile(PROFILE, Sharing(tags=False)).tags == {}


@pytest.mark.parametrize(
    "sharing", [Sharing(artists=False), Sharing(hidden_facets=frozenset({OPEN, CLOSED}))]
)
def test_who_shows_nothing_lies_in_the_middle_of_everything(sharing):
    (taste,) = as_shown(
        [Taste("ada", PROFILE, np.ones(8, np.float32))], {"ada": sharing}, "me", FakeEmbedder()
    )
    assert not taste.stored.any()


def test_ones_own_taste_is_whole_and_those_who_show_all_keep_their_vector():
    mine, theirs = (Taste(key, PROFILE, np.ones(8, np.float32)) for key in ("me", "ada"))
    embedder = FakeEmbedder()
    assert as_shown([mine, theirs], {"ada": Sharing()}, "me", embedder) == [mine, theirs]
    assert embedder.n_embedded == 0


def test_the_vector_is_that_of_what_is_shown():
    sharing, embedder = Sharing(hidden_facets=frozenset({CLOSED})), FakeEmbedder()
    (taste,) = as_shown([Taste("ada", PROFILE, np.ones(8, np.float32))], {"ada": sharing}, "me", embedder)
    expected = embedder.embed([shown_profile(PROFILE, sharing)]).stored[0]
    np.testing.assert_allclose(taste.stored, expected, atol=1e-3)
