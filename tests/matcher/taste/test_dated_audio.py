"""Profiles that were stored before audio summaries had moments."""

from dataclasses import replace

import numpy as np
import pytest

from matcher.domain.audio import AudioAttributes
from matcher.domain.exclusions import Exclusion, Kind
from matcher.domain.library import build_library
from matcher.domain.listening import Hearing, Listening, Part, Source
from matcher.ports import KeptTaste
from matcher.scoring.audio_space import N_MOMENTS, AudioSpace
from matcher.taste.service import Tastes
from tests.fakes.stores import FakeListenerStore
from tests.fakes.tastes import FakeTasteStore
from tests.matcher.taste.test_service import NOON, PIPELINE
from towers.serving.kmeans import SeededKMeans

ATTRIBUTES = {
    "low|lullaby": AudioAttributes({"energy": 0.2, "tempo": 80.0}),
    "can|vitamin c": AudioAttributes({"energy": 0.8, "tempo": 120.0}),
}
HEARINGS = (
    Hearing(Part.SAVED, "Low", track_name="Lullaby"),
    Hearing(Part.SAVED, "Can", track_name="Vitamin C"),
)
LIBRARY = build_library(Listening("x", Source.TABLE, HEARINGS), ATTRIBUTES)
SPACE = AudioSpace(np.zeros(N_MOMENTS), np.eye(N_MOMENTS))


@pytest.fixture
def tastes():
    pipeline = replace(PIPELINE, ranker=replace(PIPELINE.ranker, space=SPACE))
    store = FakeTasteStore(FakeListenerStore())
    return Tastes(store, lambda: pipeline, SeededKMeans(), lambda: NOON, least=1)


def dated(profile):
    return replace(profile, audio=replace(profile.audio, moments=()))


def shown(tastes, profile, library, exclusions=frozenset()):
    return tastes.show(KeptTaste(exclusions, lambda: library, profile=lambda: profile))


def test_it_is_placed_as_one_read_today_while_its_library_is_kept(tastes):
    profile = LIBRARY.profile()
    old, new = (shown(tastes, one, LIBRARY) for one in (dated(profile), profile))
    assert old.packed == new.packed


def test_what_was_left_out_is_not_heard(tastes):
    without_can = frozenset({Exclusion(Kind.ARTIST, "can")})
    profile = LIBRARY.without(without_can)
    old, new = (shown(tastes, one, LIBRARY, without_can) for one in (dated(profile), profile))
    assert old.packed == new.packed


def test_without_a_library_its_sound_is_unknown_and_the_rest_stays(tastes):
    profile = LIBRARY.profile()
    old, silent = (shown(tastes, one, None) for one in (dated(profile), replace(profile, audio=None)))
    assert old.packed == silent.packed
    np.testing.assert_array_equal(old.stored, silent.stored)


def test_the_library_is_not_read_for_a_profile_of_today(tastes):
    def read():
        raise AssertionError

    profile = LIBRARY.profile()
    assert tastes.show(KeptTaste(frozenset(), read, profile=lambda: profile)).profile == profile
