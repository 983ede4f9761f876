import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.audio import SUMMARISED, AudioAttributes, summarise_audio
from matcher.domain.json_codec import profile_from_json, profile_to_json
from matcher.domain.library import build_profile
from matcher.domain.listening import Hearing, Listening, Part, Source, require_trainable
from matcher.domain.profile import words_of
from matcher.errors import UntrainableSource
from tests.matcher.strategies import attributes, listenings, profiles


def listening(*hearings, **kwargs):
    return Listening("me", Source.TABLE, hearings, **kwargs)


def test_an_artist_is_as_strong_as_all_its_tracks():
    profile = build_profile(
        listening(
            Hearing(Part.PLAYS, artist_name="Low", track_name="Lullaby", plays=3),
            Hearing(Part.PLAYS, artist_name="Low", track_name="Words", plays=2),
        )
    )
    assert profile.artists == {"low": 5.0}
    assert profile.tracks == {"low|lullaby": 3.0, "low|words": 2.0}


def test_one_recording_under_two_ids_is_one_track():
    profile = build_profile(
        listening(
            Hearing(Part.SAVED, artist_name="Low", track_name="Words", track_id="1"),
            Hearing(Part.SAVED, artist_name="LOW", track_name="Words (Remastered)", track_id="2"),
        )
    )
    assert profile.tracks == {"low|words": 2.0}
    assert profile.evidence.n_tracks == 1


def test_names_are_kept_as_first_written():
    profile = build_profile(listening(Hearing(Part.PLAYS, artist_name="Sigur Rós")))
    assert profile.names == {"sigur ros": "Sigur Rós"}


def test_playlists_give_words_and_facets():
    profile = build_profile(
        listening(
            Hearing(Part.PLAYLISTS, "Low", facet_id="p1", facet_name="Slow winter mornings"),
            Hearing(Part.PLAYLISTS, "Low", facet_id="p2", facet_name="Winter"),
        )
    )
    assert profile.words == {"slow": 1.0, "winter": 2.0, "mornings": 1.0}
    assert set(profile.facets) == {"playlists:p1", "playlists:p2"}
    assert profile.evidence.n_playlists == 2


def test_tags_come_from_artists_and_sum_to_one():
    rows = (Hearing(Part.PLAYS, "Low", plays=9), Hearing(Part.PLAYS, "Drexciya", plays=1))
    tags = {"low": {"slowcore": 3.0, "indie": 1.0}, "drexciya": {"electro": 1.0}}
    profile = build_profile(listening(*rows, artist_tags=tags))
    assert sum(profile.tags.values()) == pytest.approx(1)
    assert profile.tags["slowcore"] > profile.tags["electro"] > profile.tags["indie"]


def test_decades_are_shares_of_what_is_dated():
    rows = (
        Hearing(Part.PLAYS, "A", release_year=1994, plays=3),
        Hearing(Part.PLAYS, "B", release_year=2003, plays=1),
        Hearing(Part.PLAYS, "C", plays=5),
    )
    assert build_profile(listening(*rows)).decades == {1990: 0.75, 2000: 0.25}


def test_audio_coverage_counts_tracks_without_attributes():
    rows = [Hearing(Part.PLAYS, "A", track_name=str(n)) for n in range(4)]
    profile = build_profile(listening(*rows), {"a|0": AudioAttributes({"energy": 0.4})})
    assert profile.evidence.audio_coverage == 0.25
    assert profile.audio.attributes["energy"].mean == pytest.approx(0.4)
    assert "tempo" not in profile.audio.attributes


def test_without_any_attribute_there_is_no_audio_summary():
    assert build_profile(listening(Hearing(Part.PLAYS, "A", track_name="x"))).audio is None


def test_an_empty_listening_gives_an_empty_profile():
    assert build_profile(listening()).is_empty


def test_words_that_say_nothing_are_left_out():
    assert words_of("My Mix of the Best Songs vol. 2") == ("best",)


@given(listenings(), st.randoms())
def test_the_order_of_facts_makes_no_difference(found, rng):
    shuffled = list(found.hearings)
    rng.shuffle(shuffled)
    one, other = build_profile(found), build_profile(replace(found, hearings=tuple(shuffled)))
    assert [(i.artist, i.track, i.facet, i.decade) for i in one.items] == [
        (i.artist, i.track, i.facet, i.decade) for i in other.items
    ]
    assert [i.plays for i in one.items] == pytest.approx([i.plays for i in other.items])


@given(profiles)
def test_a_profile_survives_json_exactly(profile):
    text = json.dumps(profile_to_json(profile))
    assert profile_from_json("x", json.loads(text)) == profile


@given(profiles)
def test_weights_are_above_zero(profile):
    assert all(
        weight > 0 for bag in (profile.artists, profile.tracks, profile.words) for weight in bag.values()
    )


@pytest.mark.parametrize("plays", [0, -1, float("nan"), float("inf")])
def test_a_fact_needs_a_positive_strength(plays):
    with pytest.raises(ValueError, match="plays"):
        Hearing(Part.PLAYS, "A", plays=plays)


def test_a_fact_needs_something_to_name():
    with pytest.raises(ValueError, match="at least one"):
        Hearing(Part.PLAYS, track_name="a title alone")


@pytest.mark.parametrize(("name", "value"), [("energy", 1.2), ("tempo", -1), ("loudness", 9), ("vibe", 0.5)])
def test_attributes_out_of_range_are_refused(name, value):
    with pytest.raises(ValueError, match=name):
        AudioAttributes({name: value})


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0.1, 10)), min_size=1, max_size=20))
def test_an_audio_summary_lies_within_its_values(pairs):
    found = summarise_audio((AudioAttributes({"energy": v}), w) for v, w in pairs).attributes["energy"]
    low, high = min(v for v, _ in pairs), max(v for v, _ in pairs)
    assert low - 1e-9 <= found.mean <= high + 1e-9
    assert list(found.quantiles) == sorted(found.quantiles)
    assert low <= found.quantiles[0]
    assert found.quantiles[-1] <= high


@given(st.lists(st.tuples(attributes(), st.floats(0.1, 10)), min_size=1, max_size=12))
def test_what_is_unknown_of_some_tracks_moves_no_figure_of_the_others(tracks):
    found = summarise_audio(tracks)
    for name in SUMMARISED:
        pairs = [(one.values[name], weight) for one, weight in tracks if name in one.values]
        if not pairs:
            assert found is None or name not in found.attributes
            continue
        values, weights = np.array(pairs).T
        mean = np.average(values, weights=weights)
        spread = np.sqrt(np.average((values - mean) ** 2, weights=weights))
        alone = summarise_audio((AudioAttributes({name: value}), weight) for value, weight in pairs)
        summary = found.attributes[name]
        assert (summary.mean, summary.spread) == pytest.approx((mean, spread), rel=1e-9, abs=1e-7)
        assert summary.quantiles == pytest.approx(alone.attributes[name].quantiles)
        assert summary.coverage == len(pairs) / len(tracks)


def test_rows_from_the_web_api_may_not_be_trained_on():
    with pytest.raises(UntrainableSource):
        require_trainable(Source.SPOTIFY_API)


@pytest.mark.parametrize("source", [one for one in Source if one is not Source.SPOTIFY_API])
def test_every_other_source_may_be_trained_on(source):
    require_trainable(source)
