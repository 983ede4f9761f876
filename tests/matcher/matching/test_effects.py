"""What a shared item adds: what the likeness really loses when the item is left out of the taste."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.domain.calibration import Calibration
from matcher.domain.exclusions import Exclusion, Kind
from matcher.domain.listening import Hearing, Listening, Part, Source
from matcher.domain.vectors import TowerVectors
from matcher.errors import UnknownListener
from matcher.matching.service import MatchingService
from matcher.pipeline import Pipeline
from matcher.ports import Account
from matcher.taste.service import Tastes
from tests.fakes.stores import FakeAttributeStore, FakeListenerStore
from tests.fakes.tastes import FakeTasteStore
from tests.matcher.matching.test_service import NOW
from tests.matcher.scoring.test_ranker import ATTRIBUTES, DIM, RANKER, TAGS
from towers.serving.kmeans import SeededKMeans

EXCLUDED = {"artists": Kind.ARTIST, "tracks": Kind.TRACK}


class DirectionEmbedder:
    """A direction for every artist, track and tag, the same for both towers."""

    model_version, dim = "v1", DIM

    def embed(self, profiles):
        rows = np.array([self._row(one) for one in profiles], np.float32).reshape(-1, DIM)
        return TowerVectors(rows, rows)

    def _row(self, profile):
        keyed = (*profile.artists.items(), *profile.tracks.items(), *profile.tags.items())
        rows = [n * np.random.default_rng([*key.encode()]).normal(size=DIM) for key, n in keyed]
        total = np.sum([np.ones(DIM) / 10, *rows], axis=0)
        return total / np.linalg.norm(total)


PIPELINE = Pipeline(DirectionEmbedder(), RANKER, Calibration())


class Shelf:
    def __init__(self, rows):
        self.rows = rows

    def fetch(self, listener_id, report, so_far=None):
        return listening(self.rows, listener_id)


def listening(rows, listener_id="x"):
    hearings = tuple(
        Hearing(
            Part.PLAYLISTS,
            f"Artist {name}",
            track_name=f"Song {song}",
            plays=plays,
            facet_id=facet,
            release_year=1970 + 10 * song,
        )
        for name, song, plays, facet in rows
    )
    return Listening(listener_id, Source.TABLE, hearings, TAGS)


@pytest.fixture(name="two")
def _two():
    return two


def two(mine, theirs):
    """The use cases, and the ids of two listeners who hear this."""
    store, attributes = FakeListenerStore(), FakeAttributeStore()
    attributes.known = {f"key:{key}": values for key, values in ATTRIBUTES.items()}
    tastes = Tastes(FakeTasteStore(store), lambda: PIPELINE, SeededKMeans(), lambda: NOW, least=1)
    service = MatchingService(
        store, lambda: PIPELINE, attributes, lambda: NOW, random.Random(1), tastes=tastes
    )
    me = service.connect_listener(Account("spotify:me")).listener_id
    service.refresh_listener(me, Shelf(mine))
    service.import_candidates([listening(theirs, "them")], lambda one: Account("table:them"))
    return service, me, str(service.owner_of(Account("table:them")))


def shared_items(match):
    kinds = ("artists", "tracks", "tags")
    return [(kind, item.key) for kind in kinds for item in getattr(match.explanation, kind)]


def really(service, me, them, kind, key):
    """The likeness, and the one that there is once the item has been left out; it is put back again."""
    rule = Exclusion(EXCLUDED[kind], key)
    before = service.find_match(me, them).matches[0].score
    service.tastes.leave_out(me, rule)
    after = service.find_match(me, them).matches[0].score
    service.tastes.undo(me, rule)
    return before, after


heard = st.lists(
    st.tuples(
        st.sampled_from("abcdef"), st.integers(1, 3), st.floats(0.5, 50), st.sampled_from(["loud", "sleep"])
    ),
    min_size=3,
    max_size=12,
)


@settings(max_examples=40, deadline=None)
@given(heard, heard)
def test_the_effect_is_what_the_likeness_loses_once_the_item_is_left_out(mine, theirs):
    mine, theirs = [*mine, ("a", 1, 3.0, "loud"), ("b", 2, 2.0, "sleep")], [*theirs, ("a", 1, 5.0, "loud")]
    service, me, them = two(mine, theirs)
    shared = [one for one in shared_items(service.find_match(me, them).matches[0]) if one[0] != "tags"]
    effects = service.effects(me, them, shared)
    for kind, key in shared:
        before, after = really(service, me, them, kind, key)
        assert sum(effects[kind, key].values()) == pytest.approx(before - after, abs=1e-9)


def test_what_was_left_out_already_stays_left_out(two):
    mine = [("a", 1, 3.0, "loud"), ("a", 2, 1.0, "sleep"), ("b", 1, 9.0, "sleep"), ("c", 1, 2.0, "loud")]
    service, me, them = two(mine, mine)
    service.tastes.leave_out(me, Exclusion(Kind.FACET, "playlists:sleep"))
    assert ("artists", "artist b") not in shared_items(service.find_match(me, them).matches[0])
    effect = service.effects(me, them, [("artists", "artist c")])["artists", "artist c"]
    before, after = really(service, me, them, "artists", "artist c")
    assert sum(effect.values()) == pytest.approx(before - after, abs=1e-9)


def test_effects_in_points_written_out(two):
    mine = [("a", 1, 3.0, "loud"), ("b", 1, 4.0, "loud"), ("b", 2, 2.0, "loud"), ("c", 1, 9.0, "loud")]
    theirs = [("a", 1, 1.0, "loud"), ("b", 1, 4.0, "loud"), ("c", 2, 5.0, "loud"), ("f", 2, 4.0, "loud")]
    service, me, them = two(mine, theirs)
    # an artist goes with both of their tracks, so it counts more than one of them
    expected = {("artists", "artist b"): 13.94, ("tracks", "artist b|song 1"): 12.37, ("tags", "folk"): 0.52}
    effects = service.effects(me, them, list(expected))
    found = {item: round(100 * sum(parts.values()), 2) for item, parts in effects.items()}
    assert found == expected


def test_without_a_tag_the_other_tags_keep_their_proportions(two):
    mine = [("a", 1, 3.0, "loud"), ("c", 1, 2.0, "loud")]
    service, me, _ = two(mine, mine)
    (rest,) = service.tastes.without_each(me, [("tags", "folk")])
    whole = service.store.profile(me)
    assert set(whole.tags) == {"folk", "doom", "techno"}
    assert set(rest.tags) == {"doom", "techno"}
    assert sum(rest.tags.values()) == pytest.approx(1.0)
    assert rest.tags["doom"] / rest.tags["techno"] == pytest.approx(whole.tags["doom"] / whole.tags["techno"])
    assert (rest.items, rest.audio) == (whole.items, whole.audio)


def test_nothing_is_stored_and_no_pace_is_used_up(two):
    mine = [("a", 1, 3.0, "loud"), ("c", 1, 2.0, "loud")]
    service, me, them = two(mine, mine)
    before = service.store.profile(me), service.tastes.store.exclusions(me)
    service.effects(me, them, [("artists", "artist a")])
    assert (service.store.profile(me), service.tastes.store.exclusions(me)) == before


def test_without_a_library_nothing_can_be_left_out(two):
    mine = [("a", 1, 3.0, "loud"), ("c", 1, 2.0, "loud")]
    service, me, them = two(mine, mine)
    service.tastes.store._libraries.clear()
    assert service.effects(me, them, [("artists", "artist a")]) == {}


def test_who_cannot_be_seen_has_no_effects(two):
    mine = [("a", 1, 3.0, "loud"), ("c", 1, 2.0, "loud")]
    service, me, _ = two(mine, mine)
    with pytest.raises(UnknownListener):
        service.effects(me, "nobody", [("artists", "artist a")])
