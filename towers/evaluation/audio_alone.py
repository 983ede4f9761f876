"""P6: do listeners of one label sound alike, all else hidden?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from matcher.domain.audio import AudioSummary
from matcher.domain.profile import ListenerProfile
from matcher.pipeline import Pipeline
from matcher.scoring.audio_similarity import Doubles, audio_similarity, measure_scale, moments
from matcher.scoring.components import column
from towers.evaluation.held_out import MIN_TESTED
from towers.evaluation.protocols import Figures, same_label_at_10, same_person
from towers.evaluation.rivals.bags import Profiles
from towers.evaluation.rivals.tuning import Choice, Settings
from towers.features.feature_maker import audio_figures
from towers.metrics import Scores
from towers.training.ranker import components_of
from towers.training.splits import SplitHalves

FIGURES: Mapping[str, slice] = {
    "mean": slice(0, 1),
    "mean and spread": slice(0, 2),
    "quantiles": slice(2, None),
    "all": slice(None),
}
"""Figures of each attribute that a plain rival may use."""
WHITENING = (0.0, 0.25, 0.5, 1.0)
"""Powers by which principal components are divided by their spread."""

Summaries = Sequence[AudioSummary | None]
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class AudioAlone:
    """Figures by system, and what tuning chose for the rival, if there was anything to tune on."""

    figures: Mapping[str, Figures]
    choices: Mapping[str, Choice]


def audio_alone(
    pipeline: Pipeline,
    profiles: Profiles,
    labels: Mapping[str, str],
    tested: Profiles,
    tuning: Sequence[SplitHalves],
) -> AudioAlone:
    """Precision@10 of a tested listener's label among all who have one, by their audio alone.

    The pipeline was trained without the tested listeners, and no system sees a label. The tuned rival is
    chosen and fitted on the halves in `tuning`, which are of training listeners.
    """
    there = [one for one in profiles if one.audio is not None and one.listener_id in labels]
    ids = {one.listener_id for one in tested}
    asked = np.array([row for row, one in enumerate(there) if one.listener_id in ids], np.int64)
    if len(there) < MIN_TESTED or not len(asked):
        return AudioAlone({}, {})
    summaries = [one.audio for one in there]
    heard = [(a.audio, b.audio) for a, b in tuning if a.audio is not None and b.audio is not None]
    choice = tune_figures(heard)
    systems = {
        **_own_systems(pipeline, there),
        "summaries": _by_summary(summaries),
        "plain mean": _cosines(*2 * [_figure_vectors(summaries, summaries, {"figures": "mean"})]),
        "random": np.random.default_rng(0).random((len(there), len(there))),
    }
    if choice is not None:
        fitted_on = [half for halves in heard for half in halves]
        systems["tuned figures"] = _cosines(*2 * [_figure_vectors(summaries, fitted_on, choice.scored)])
    names = [labels[one.listener_id] for one in there]
    figures = {
        name: {"precision@10": same_label_at_10(scores, names, asked)} for name, scores in systems.items()
    }
    return AudioAlone(figures, {} if choice is None else {"tuned figures": choice})


def _own_systems(pipeline: Pipeline, profiles: Profiles) -> dict[str, Scores]:
    bare = [ListenerProfile(one.listener_id, one.source, audio=one.audio) for one in profiles]
    vectors = pipeline.embedder.embed(bare)
    return {
        "audio likeness": components_of(pipeline, bare, bare)[..., column("audio")],
        "towers, ids hidden": vectors.query @ vectors.stored.T,
    }


def _by_summary(summaries: Summaries) -> Scores:
    """Similarity of the summaries' figures, as the ranker has it without an audio space."""
    scale = measure_scale(summaries)
    rows = np.array([scale.standardise(one) for one in summaries])
    return np.array([audio_similarity(row, rows) for row in rows])


def tune_figures(halves: Sequence[tuple[AudioSummary, AudioSummary]]) -> Choice | None:
    """The figures and whitening by which halves find each other best; None with too few halves."""
    if len(halves) < MIN_TESTED:
        return None
    first, second = [half for half, _ in halves], [half for _, half in halves]
    fitted_on = [*first, *second]
    best = Choice()
    for figures, whitening in product(FIGURES, WHITENING):
        settings: Settings = {"figures": figures, "whitening": whitening}
        scores = _cosines(*(_figure_vectors(part, fitted_on, settings) for part in (first, second)))
        found = Choice(scored=settings, figure=same_person(scores)["mrr"])
        best = max(best, found, key=lambda one: one.figure)
    return best


def _figure_vectors(summaries: Summaries, fitted_on: Summaries, settings: Settings) -> Doubles:
    """[n, n_figures] of the summaries, standardised and whitened as `fitted_on`; unknown ones are 0."""
    wanted = FIGURES[str(settings["figures"])]
    rows, known = (
        audio_figures(part)[:, :, wanted].reshape(len(part), -1) for part in (summaries, fitted_on)
    )
    centre, variance = moments(known)
    width = np.maximum(np.sqrt(variance), _TINY)
    rows, known = (np.where(np.isnan(part), 0.0, part - centre) / width for part in (rows, known))
    power = float(settings.get("whitening", 0.0))
    if power:
        variances, axes = np.linalg.eigh(known.T @ known / len(known))
        rows = rows @ axes / np.maximum(variances, _TINY * variances.max()) ** (power / 2)
    return np.asarray(rows)


def _cosines(one: Doubles, other: Doubles) -> Scores:
    units = [rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), _TINY) for rows in (one, other)]
    return np.asarray(units[0] @ units[1].T)
