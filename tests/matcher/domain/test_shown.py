"""The shown view: nothing that is made of it can tell what is switched off."""

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.audio import AudioAttributes, summarise_audio
from matcher.domain.calibration import Calibration
from matcher.domain.consent import Sharing
from matcher.domain.json_codec import profile_to_json
from matcher.domain.listening import Part, PartStatus, Source
from matcher.domain.profile import Facet, Item, ListenerProfile, restrict
from matcher.domain.shown import LEAST, n_evidence, shown_profile
from matcher.domain.vectors import TowerVectors
from matcher.embedding import embed_views
from matcher.pipeline import Pipeline
from storage.stores.listeners.profiles import content_of
from tests.matcher.scoring.test_ranker import DIM, RANKER

OPEN, HIDDEN = ("playlists:open", "saved"), ("playlists:hidden", "top")
FACETS = {
    "playlists:open": Facet(Part.PLAYLISTS, "Rainy mornings"),
    "saved": Facet(Part.SAVED),
    "playlists:hidden": Facet(Part.PLAYLISTS, "Nobody must know"),
    "top": Facet(Part.TOP_TRACKS),
}
NAMES = [f"artist {name}" for name in "abcdefgh"]
ARTIST_TAGS = {name: {"folk": 1.0 + n, f"tag {n}": 2.0} for n, name in enumerate(NAMES)}
ATTRIBUTES = {
    f"{artist}|song {n}": AudioAttributes({"energy": n / 9, "tempo": 70.0 + 9 * n})
    for artist in NAMES
    for n in range(4)
}
SHARINGS = st.builds(
    Sharing,
    artists=st.booleans(),
    tracks=st.booleans(),
    tags=st.booleans(),
    hidden_facets=st.sampled_from([frozenset(), frozenset(HIDDEN)]),
)


@st.composite
def items(draw, facets=OPEN, max_size=12):
    artist, song = draw(st.sampled_from(NAMES)), draw(st.integers(0, 3))
    track = f"{artist}|song {song}" if song else ""
    plays, decade = draw(st.floats(0.1, 1e3)), draw(st.sampled_from([None, 1980, 2010]))
    return Item(artist, track, plays, draw(st.sampled_from(facets)), decade)


def many(facets=OPEN):
    return st.lists(items(facets), max_size=12).map(_distinct)


def _distinct(rows):
    return tuple({(one.artist, one.track, one.facet): one for one in rows}.values())


def profile_of(rows, parts=PartStatus.OK):
    """A profile as `build_profile` makes it of such items."""
    bare = ListenerProfile(
        "x",
        Source.SPOTIFY_API,
        facets=FACETS,
        names={key: key.title() for one in rows for key in (one.artist, one.track) if key},
        parts={Part.SAVED: parts},
    )
    return restrict(bare, rows, ARTIST_TAGS, ATTRIBUTES)


LOUD = summarise_audio([(AudioAttributes({"energy": 0.9}), 1.0)])


class HeardEmbedder:
    """A small embedder that any difference in a profile moves."""

    model_version, dim = "v1", DIM

    def embed(self, profiles):
        rows = []
        for one in profiles:
            whole = repr((one.items, one.facets, one.tags, one.audio, one.words, one.decades))
            rng = random.Random(whole)
            row = [rng.gauss(0, 1) for _ in range(self.dim)]
            length = sum(value * value for value in row) ** 0.5
            rows.append([value / length for value in row])
        array = np.array(rows, np.float32).reshape(-1, self.dim)
        return TowerVectors(array, array)


MODEL = Pipeline(HeardEmbedder(), RANKER, Calibration(noise=30))


@st.composite
def twins(draw):
    """What somebody switches on and off, and two profiles that differ only in what is off."""
    sharing, rows = draw(SHARINGS), draw(many())
    hidden = (draw(many(HIDDEN)), draw(many(HIDDEN))) if sharing.hidden_facets else ((), ())
    first, second = profile_of(rows + hidden[0]), profile_of(rows + hidden[1], PartStatus.FAILED)
    if not sharing.artists and not sharing.hidden_facets:
        second = replace(profile_of(draw(many())), tags=first.tags)
    elif not sharing.tracks:
        second = replace(second, items=tuple(map(_of_another_track, second.items)), audio=LOUD)
    if not sharing.tags:
        second = replace(second, tags=draw(st.dictionaries(st.sampled_from("xy"), st.floats(0.1, 1))))
    return sharing, first, second if sharing != Sharing() else first


def _of_another_track(item):
    return replace(item, track=item.track and f"{item.artist}|{item.track[::-1]}", decade=1950)


@given(twins())
def test_profiles_that_differ_only_in_what_is_off_are_shown_as_one(pair):
    sharing, one, other = pair
    first, second = (shown_profile(each, sharing, ARTIST_TAGS, ATTRIBUTES) for each in (one, other))
    assert repr(profile_to_json(first)) == repr(profile_to_json(second))
    assert content_of(first) == content_of(second)
    assert kept_of(one, first) == kept_of(other, second)


def kept_of(own, shown):
    """Vector and packed profile by which somebody is found."""
    stored, packed, found = embed_views(MODEL, own, shown, least=1)
    if found is not None:
        stored, packed = found.stored, found.packed
    return stored if stored is None else stored.tobytes(), packed


@given(many(OPEN + HIDDEN).map(profile_of))
def test_with_everything_on_the_shown_view_is_the_own_view(profile):
    assert shown_profile(profile, Sharing(profile_link=False, cards=True)) is profile


@given(many(OPEN + HIDDEN).map(profile_of))
def test_what_stands_elsewhere_too_counts_with_its_open_plays_alone(profile):
    shown = shown_profile(profile, Sharing(hidden_facets=frozenset(HIDDEN)), ARTIST_TAGS, ATTRIBUTES)
    assert all(item.facet in OPEN for item in shown.items)
    assert shown.items == tuple(item for item in profile.items if item.facet in OPEN)
    assert not shown.facets.keys() & set(HIDDEN)
    assert "Nobody must know" not in repr(shown)


@given(many(OPEN).map(profile_of))
def test_a_facet_hidden_in_vain_takes_no_tag_and_no_sound(profile):
    shown = shown_profile(profile, Sharing(hidden_facets=frozenset(HIDDEN)), ARTIST_TAGS, ATTRIBUTES)
    assert (shown.tags, shown.audio) == (profile.tags, profile.audio)


@given(many(OPEN + HIDDEN).map(profile_of))
def test_without_the_tags_of_artists_a_hidden_facet_leaves_no_tags_and_no_sound(profile):
    shown = shown_profile(profile, Sharing(hidden_facets=frozenset(HIDDEN)))
    assert (shown.tags, shown.audio) == ({}, None)


@given(many(OPEN).map(profile_of))
def test_without_artists_nothing_that_names_music_is_left(profile):
    shown = shown_profile(profile, Sharing(artists=False))
    assert (shown.artists, shown.tracks, shown.audio, shown.words, shown.decades) == ({}, {}, None, {}, {})
    assert (shown.names, shown.tags) == ({}, profile.tags)


@given(many(OPEN).map(profile_of))
def test_without_tracks_artists_keep_their_plays(profile):
    shown = shown_profile(profile, Sharing(tracks=False))
    assert shown.artists == pytest.approx(dict(profile.artists))
    assert (shown.tracks, shown.audio, shown.decades) == ({}, None, {})


def test_it_takes_five_artists_to_be_matched():
    assert LEAST == 5


@pytest.mark.parametrize(
    ("n_artists", "n_tracks", "n_tags", "expected"), [(3, 9, 9, 3), (0, 4, 9, 4), (0, 0, 6, 6), (0, 0, 0, 0)]
)
def test_evidence_is_artists_else_tracks_else_tags(n_artists, n_tracks, n_tags, expected):
    rows = [Item(f"artist {n}", "", 1.0, "saved") for n in range(n_artists)]
    rows += [Item("", f"track {n}", 1.0, "saved") for n in range(n_tracks)]
    tags = {f"tag {n}": 1.0 / n_tags for n in range(n_tags)}
    profile = ListenerProfile("x", Source.TABLE, tuple(rows), {"saved": Facet(Part.SAVED)}, tags)
    assert n_evidence(profile) == expected


def test_who_shows_too_little_is_not_found_and_asks_all_the_same():
    profile = profile_of([Item(name, "", 1.0, "saved") for name in NAMES])
    stored, _, shown = embed_views(MODEL, profile, shown_profile(profile, Sharing(artists=False, tags=False)))
    assert shown is not None
    assert shown.stored is None
    assert shown.packed.rare_items == ()
    assert stored.tobytes() == embed_views(MODEL, profile, profile)[0].tobytes()


@pytest.mark.parametrize(
    ("sharing", "named"),
    [
        (Sharing(hidden_facets=frozenset(HIDDEN)), {OPEN[0]}),
        (Sharing(tracks=False), {OPEN[0], HIDDEN[0]}),
        (Sharing(tags=False), {OPEN[0], HIDDEN[0]}),
    ],
)
def test_a_shown_profile_names_the_facets_that_its_items_stand_in_and_no_others(sharing, named):
    rows = (Item(NAMES[0], "", 1.0, OPEN[0], None), Item(NAMES[1], "", 1.0, HIDDEN[0], None))
    assert set(shown_profile(profile_of(rows), sharing, ARTIST_TAGS, ATTRIBUTES).facets) == named
