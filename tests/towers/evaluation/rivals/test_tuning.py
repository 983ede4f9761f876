"""Tuning: the best point of a grid, chosen on training listeners who were not fitted on."""

import numpy as np
import pytest

from towers.evaluation.rivals.baselines import ARTISTS_ALONE, BASELINES, baselines_for
from towers.evaluation.rivals.tuning import GRIDS, Grid, tune, tuned_rivals


def naming(settings):
    """A task that asks the system for one of its settings."""
    return lambda system: float(getattr(system.__self__, settings))


def names_of(grid):
    return {name for settings in grid.fitted for name in settings} | set(grid.scored)


@pytest.mark.parametrize("name", GRIDS)
def test_every_hyper_parameter_of_a_grid_is_one_of_the_rival(name):
    rival = BASELINES[name]()
    assert all(hasattr(rival, setting) for setting in names_of(GRIDS[name]))


def test_a_grid_is_all_combinations():
    points = list(Grid(scored={"a": (1, 2), "b": ("x", "y")}).points())
    assert points == [{"a": 1, "b": "x"}, {"a": 1, "b": "y"}, {"a": 2, "b": "x"}, {"a": 2, "b": "y"}]


def test_the_best_point_is_chosen_for_each_task(profiles):
    tasks = {"most": naming("idf_power"), "least": lambda system: -naming("idf_power")(system)}
    best = tune("overlap", profiles[:40], tasks)
    assert best["most"].scored["idf_power"] == best["most"].figure == 2.0
    assert best["least"].scored["idf_power"] == -best["least"].figure == 0.5


def test_of_equally_good_points_the_first_is_chosen(profiles):
    chosen = tune("overlap", profiles[:40], {"any": lambda system: 0.0})["any"]
    assert chosen.scored == {"plays": "log", "idf_power": 1.0, "norm_power": 1.0}


def test_each_task_gets_the_system_it_chose_fitted_on_all(profiles):
    tasks = {"most": naming("alpha"), "least": lambda system: -naming("alpha")(system)}
    rivals = tuned_rivals(profiles[:60], profiles[:40], {task: _als_only(run) for task, run in tasks.items()})
    for task, alpha in (("most", 160.0), ("least", 10.0)):
        expected = BASELINES["als"](**{**rivals[task].choices["als"].fitted})
        expected.fit(profiles[:60])
        assert expected.alpha == alpha
        np.testing.assert_allclose(
            rivals[task].systems["als"](profiles[:5], profiles[:9]),
            expected.score(profiles[:5], profiles[:9]),
            atol=1e-6,
        )


def _als_only(task):
    return lambda system: task(system) if hasattr(system.__self__, "alpha") else 0.0


def test_artists_alone_are_a_rival_only_where_tracks_are_known_too(profiles):
    assert ARTISTS_ALONE in baselines_for(profiles)
    assert ARTISTS_ALONE not in baselines_for([])
