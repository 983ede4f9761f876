import os
import subprocess
import sys

import numpy as np

from benchmarks.actions import round_of_all
from benchmarks.app_process import _children, _family, _kib
from benchmarks.blended_candidates import N_RARE_ITEMS, Bases, blend
from benchmarks.pages import BROWSED, SIGNED_IN, measured_of
from benchmarks.run import LONGER, SUBJECTS, subjects_of
from benchmarks.synthetic_profiles import catalogue, make_listeners
from tests.matcher.taste.test_service import PIPELINE


def test_a_smoke_run_leaves_out_what_takes_longer_unless_it_is_asked_for():
    assert {"pages", "first_sight"} == LONGER
    assert subjects_of(None, quick=True) == [one for one in SUBJECTS if one not in LONGER]
    assert subjects_of(None, quick=False) == list(SUBJECTS)
    assert subjects_of("pages", quick=True) == ["pages"]


def test_every_timed_action_has_a_name_of_its_own():
    names = [one.name for one in round_of_all(0) if one.name]
    assert len(set(names)) == len(names)
    assert {"matches", "open a match", "filter by a tag", "next page", "sort", "my taste"} <= set(names)
    assert {"leave out", "undo", "map", "groups", "privacy", "share card"} <= set(names)


def test_memory_is_that_of_a_process_and_what_it_began():
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()'])"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE) as child:
        while not (grand := _children().get(child.pid)):
            pass
        family = set(_family(os.getpid(), _children()))
        assert {os.getpid(), child.pid, *grand} <= family
        assert _kib(child.pid, "status", "VmRSS") > 1_000
        child.communicate(b"\n")
    assert _kib(child.pid, "status", "VmRSS") == 0


def test_listeners_can_be_blended_whoever_they_are():
    profiles = list(make_listeners(30, "base", 1, catalogue().with_audio))
    bases = Bases.among(PIPELINE, profiles, [3] * len(profiles), seed=1)
    batch = blend(bases, PIPELINE, 10, 0, seed=2)
    assert len(batch.contents) == 10
    assert batch.rare_items.shape == (10, N_RARE_ITEMS)
    np.testing.assert_allclose(np.linalg.norm(batch.stored, axis=1), 1.0, atol=1e-2)


def test_figures_have_every_repeat_the_slow_end_and_the_memory():
    held, after = ({"application_mib": mib, "whole_mib": mib + 90.0} for mib in (200.0, 220.0))
    times = {"timings_ms": {"map": [1.0, 2.0, 3.0]}, "plain_ms": {"plain": [4.0]}}
    found = measured_of({**times, "signed_in": held, "browsed": after})
    assert found["plain"] == {"time, ms": [4.0]}
    assert found["Earshot: map"]["time, ms"] == [1.0, 2.0, 3.0]
    assert 2.5 < found["Earshot: map"]["95th percentile, ms"][0] <= 3.0
    assert found[SIGNED_IN] == {"without PostgreSQL, MiB": [200.0], "with PostgreSQL, MiB": [290.0]}
    assert found[BROWSED]["with PostgreSQL, MiB"] == [310.0]
