"""P7: how alike in truth are the listeners that a system shows to each other?

Only a synthetic world knows the truth; docs/synthetic-world.md describes its file.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matcher.domain.profile import ListenerProfile
from matcher.domain.vectors import Floats
from towers.evaluation.protocols import Figures
from towers.evaluation.rivals.tuning import System
from towers.metrics import Scores

N_SHOWN = 10
GROUPS = ("all", "unseen")


@dataclass(frozen=True, slots=True, eq=False)
class TrueTastes:
    """True tastes of the listeners of a synthetic world.

    Attributes:
        listener_ids: [n_listeners], unique.
        scenes: [n_listeners, n_scenes], share of each scene in what a listener hears; rows sum to 1.
        sound: [n_listeners, n_tastes], liking within a scene, such as of fast tracks; 0 is no preference.

    Raises:
        ValueError: the rows of the parts differ in number, an id stands twice, or a listener has no scene.
    """

    listener_ids: Sequence[str]
    scenes: Floats
    sound: Floats

    def __post_init__(self) -> None:
        n_listeners = len(self.listener_ids)
        if not n_listeners == len(set(self.listener_ids)) == len(self.scenes) == len(self.sound):
            raise ValueError("true tastes need one row per listener in every part")
        if not (self.scenes.sum(axis=1) > 0).all():
            raise ValueError("every listener with a true taste needs a scene")

    def of(self, listener_ids: Sequence[str]) -> "TrueTastes":
        """The true tastes of some listeners, in their order.

        Raises:
            ValueError: one of them has none.
        """
        row_of = {key: row for row, key in enumerate(self.listener_ids)}
        n_missing = sum(key not in row_of for key in listener_ids)
        if n_missing:
            raise ValueError(f"{n_missing:,} of {len(listener_ids):,} listeners have no true taste")
        rows = [row_of[key] for key in listener_ids]
        return TrueTastes(listener_ids, self.scenes[rows], self.sound[rows])


def truth_figures(
    truth: TrueTastes,
    systems: Mapping[str, System],
    profiles: Sequence[ListenerProfile],
    unseen: Collection[str],
) -> tuple[dict[str, Figures], dict[str, Figures]]:
    """P7 by system, among all `profiles`; and beside it the other figures of `true_likeness`."""
    found = {
        name: true_likeness(truth, shown_by(score(profiles, profiles), truth.listener_ids), unseen)
        for name, score in systems.items()
    }
    main = {name: {key: row[key] for key in GROUPS} for name, row in found.items()}
    return main, {name: {key: row[key] for key in row if key not in GROUPS} for name, row in found.items()}


def shown_by(scores: Scores, listener_ids: Sequence[str]) -> dict[str, list[str]]:
    """Ids of the ten best others of each listener, best first, by scores [n, n]."""
    others = np.asarray(scores, np.float64).copy()
    np.fill_diagonal(others, -np.inf)
    nearest = np.argsort(-others, axis=1, kind="stable")[:, : min(N_SHOWN, len(others) - 1)]
    return {key: [listener_ids[one] for one in row] for key, row in zip(listener_ids, nearest, strict=True)}


def true_likeness(truth: TrueTastes, shown: Mapping[str, Sequence[str]], unseen: Collection[str]) -> Figures:
    """Mean true likeness of the first ten listeners shown, for all and for those a model never saw.

    Listeners without a true taste are skipped, as queries and among the shown; so is who is shown to
    themselves. A query without anybody left counts as 0. A figure is left out if nobody is asked about.

    Args:
        truth: the true tastes.
        shown: the ids shown to a listener, best first, by the listener's id.
        unseen: ids of listeners that the model was not trained on.

    Returns:
        for "all" and "unseen": the cosine of the scenes ("all"), the same of the best possible ten
        ("all, possible") and of ten at random ("all, random"), and the mean distance in liking of sound
        ("all, sound").
    """
    row_of = {key: row for row, key in enumerate(truth.listener_ids)}
    asked = [key for key in shown if key in row_of]
    groups = dict(zip(GROUPS, (asked, [key for key in asked if key in unseen]), strict=True))
    figures: Figures = {}
    for name, keys in groups.items():
        rows = [_figures_of(truth, row_of, key, shown[key]) for key in keys]
        for figure in rows[0] if rows else ():
            values = [row[figure] for row in rows if not np.isnan(row[figure])]
            if values:
                figures[f"{name}{figure}"] = float(np.mean(values))
    return figures


def _figures_of(truth: TrueTastes, row_of: Mapping[str, int], key: str, shown: Sequence[str]) -> Figures:
    me = row_of[key]
    rows = [row_of[other] for other in shown if other in row_of and other != key][:N_SHOWN]
    cosines = np.delete(_cosines(truth.scenes, me), me)
    best = np.sort(cosines)[::-1][:N_SHOWN]
    distances = np.linalg.norm(truth.sound[rows] - truth.sound[me], axis=1)
    return {
        "": float(_cosines(truth.scenes, me)[rows].mean()) if rows else 0.0,
        ", possible": float(best.mean()) if len(best) else np.nan,
        ", random": float(cosines.mean()) if len(cosines) else np.nan,
        ", sound": float(distances.mean()) if rows else np.nan,
    }


def _cosines(scenes: Floats, row: int) -> Floats:
    cosines: Floats = scenes @ scenes[row] / (np.linalg.norm(scenes, axis=1) * np.linalg.norm(scenes[row]))
    return cosines
