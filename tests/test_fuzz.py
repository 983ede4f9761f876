"""`make fuzz` ends by itself when its time is used, and at the first round that fails."""

from itertools import count

from tests.fuzz import ROOT, main


def ticking(seconds):
    """A clock that goes on so many seconds each time it is read."""
    times = count(step=seconds)
    return lambda: next(times)


def test_rounds_have_seeds_of_their_own_until_the_time_is_used(capsys):
    seeds = []
    assert main(60, lambda seed: not seeds.append(seed), ticking(20)) == 0
    assert len(set(seeds)) == 2
    told = capsys.readouterr().out
    assert all(str(seed) in told for seed in seeds)
    assert "2 rounds passed in 60 s" in told


def test_the_first_round_that_fails_is_the_last_and_says_how_to_keep_what_broke_it(capsys):
    seeds = []
    assert main(60, lambda seed: bool(seeds.append(seed)), ticking(1)) == 1
    assert len(seeds) == 1
    told = capsys.readouterr().out
    assert f"The seed was {seeds[0]}." in told
    assert "tests/sources/exports/corpus" in told


def test_every_submission_is_fuzzed_for_a_minute():
    calls = (ROOT / ".ci" / "run").read_text().splitlines()
    assert calls.index("make test") < calls.index("make fuzz")
    assert "\nFUZZ_SECONDS ?= 60\n" in (ROOT / "Makefile").read_text()


def test_rounds_from_a_first_seed_are_the_same_each_time():
    seeds = []
    assert main(60, lambda seed: not seeds.append(seed), ticking(20), first=7) == 0
    assert seeds == [7, 8]
