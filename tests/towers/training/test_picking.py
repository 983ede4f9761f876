from collections import Counter

import numpy as np
import pytest

from matcher.domain.canonical_keys import artist_key
from matcher.domain.library import build_profile
from matcher.domain.listening import Hearing, Listening, Part, Source
from matcher.domain.vectors import TowerVectors
from matcher.picking.artists import LEAST_LISTENERS
from towers.training.picking import FEWEST_ARTISTS, LISTENERS_PER_GROUP, learn_picking


class ByFirstArtist:
    """Embeds listeners by the number in their id."""

    model_version, dim = "v1", 4

    def embed(self, profiles):
        rows = np.eye(4, dtype=np.float32)[[int(one.listener_id) % 2 for one in profiles]]
        return TowerVectors(rows, rows)


def listener(number, names, ids=()):
    hearings = [Hearing(Part.PLAYS, artist_name=name) for name in names]
    hearings += [Hearing(Part.PLAYS, artist_id=one) for one in ids]
    return build_profile(Listening(str(number), Source.TABLE, tuple(hearings)))


MANY = [f"Artist {n}" for n in range(FEWEST_ARTISTS)]


@pytest.fixture(scope="module")
def artists():
    """Of a hundred and ten listeners, even ones hear all of MANY, odd ones a few others."""
    profiles = []
    for number in range(2 * LISTENERS_PER_GROUP + 10):
        names = (
            [*MANY, "R\u00c9M" if number % 3 else "rem"]
            if number % 2 == 0
            else ["Odd Ones", "White Noise Babies"]
        )
        names = [*names, "White Noise for Babies", "Various Artists"]
        names += ["Rare"] if number < 2 * (LEAST_LISTENERS - 1) and number % 2 else []
        names += ["Enough"] if number < LEAST_LISTENERS else []
        profiles.append(listener(number, names, ids=["opaque"]))
    return learn_picking(ByFirstArtist(), profiles, seed=0)


def test_an_artist_of_too_few_listeners_cannot_be_picked(artists):
    assert "rare" not in artists.row_of
    assert artists.counts[artists.row_of["enough"]] == LEAST_LISTENERS


def test_a_group_with_too_few_listeners_of_an_artist_counts_none(artists):
    # three in one group hear it, two in the other
    assert artists.hearing[:, artists.row_of["enough"]].tolist() == [0, 0]


def test_groups_are_of_alike_listeners(artists):
    assert artists.sizes.tolist() == [55, 55]
    assert sorted(artists.hearing[:, artists.row_of["odd ones"]].tolist()) == [0, 55]


def test_what_is_no_artist_or_no_taste_cannot_be_picked(artists):
    assert not {"various artists", "", "white noise for babies", "#opaque"} & {*artists.keys}


def test_the_most_usual_spelling_is_the_name_and_leads_to_the_key(artists):
    assert artists.names[artists.row_of["rem"]] == "R\u00c9M"
    assert [artist_key(name) for name in artists.names] == list(artists.keys)


def test_the_most_heard_stand_first(artists):
    assert sorted(artists.counts.tolist(), reverse=True) == artists.counts.tolist()


def test_too_few_artists_are_no_choice():
    profiles = [listener(number, MANY[:-1]) for number in range(20)]
    assert learn_picking(ByFirstArtist(), profiles, seed=0) is None
    assert learn_picking(ByFirstArtist(), [], seed=0) is None


def test_the_same_listeners_give_the_same_artists(profiles, world):
    one, other = (learn_picking(_Towers(world), profiles, seed=3) for _ in range(2))
    assert one is not None
    assert {name: rows.tolist() for name, rows in one.to_arrays().items()} == {
        name: rows.tolist() for name, rows in other.to_arrays().items()
    }
    heard = Counter(key for profile in profiles for key in profile.artists)
    assert one.counts.tolist() == [heard[key] for key in one.keys]


class _Towers:
    model_version, dim = "v1", 16

    def __init__(self, world):
        self.world = world

    def embed(self, profiles):
        rows = np.eye(16, dtype=np.float32)[[self.world.community_of[one.listener_id] for one in profiles]]
        return TowerVectors(rows, rows)
