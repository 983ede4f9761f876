"""`earshot evaluate`: towers and pipeline beside the rivals, on listeners nobody has seen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.audio import AudioSummary
from matcher.errors import InputError
from matcher.likeness import moments
from matcher.pipeline import Pipeline
from matcher.ports import Progress, Report, silent
from matcher.profile import ListenerProfile
from matcher.rank import COMPONENTS
from matcher.vectors import Floats
from towers.config import TowerConfig
from towers.evaluation.baselines import RIVALS, Rival
from towers.evaluation.exposure import components_of, exposure_of
from towers.evaluation.protocols import (
    Figures,
    by_thirds,
    expected_calibration_error,
    friends_found,
    friendships,
    mainstreamness,
    same_label_at_10,
    same_person,
    spread,
)
from towers.features.feature_maker import audio_figures
from towers.metrics import Scores
from towers.serving.bundle import pipeline_of
from towers.training.splits import Context, Halves, halves_of, playlists_of
from towers.training.train_model import train_whole

MOST_TESTED = 2_000
TESTED_SHARE = 0.3
FEWEST_MULTI = 100
"""From so many listeners with several playlists on, halves are of whole playlists (P2), else of items."""
FEWEST_TESTED = 2
THIN = (3, 5, 10)
SCORED = "pipeline"

System = Callable[[Sequence[ListenerProfile], Sequence[ListenerProfile]], Scores]


@dataclass(frozen=True, slots=True)
class Examination:
    """What is evaluated on.

    Attributes:
        profiles: every listener.
        friends: pairs of listener ids; none where there are none.
        labels: a label by listener id, such as a subgenre; none where there are none.
        context: tags and audio attributes.
        config: of the towers.
        seeds: each is another split and another training.
    """

    profiles: Sequence[ListenerProfile]
    friends: Sequence[tuple[str, str]] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    context: Context = field(default_factory=Context)
    config: TowerConfig = field(default_factory=TowerConfig)
    seeds: Sequence[int] = (0, 1, 2, 3, 4)


def evaluate(exam: Examination, report: Report = silent) -> dict[str, Any]:
    """Run every protocol that the data allows.

    Returns:
        JSON-ready: by protocol and system, each figure's mean and standard deviation over the seeds, and the
        figures of every seed.
    """
    rounds = []
    for done, seed in enumerate(exam.seeds):
        rounds.append(_examine(exam, seed))
        report(Progress("evaluate", done + 1, len(exam.seeds)))
    protocols = {
        name: {system: spread([one[name][system] for one in rounds]) for system in rounds[0][name]}
        for name in rounds[0]
    }
    return {
        "n_listeners": len(exam.profiles),
        "seeds": list(exam.seeds),
        "protocols": protocols,
        "by_seed": rounds,
    }


def split(
    profiles: Sequence[ListenerProfile], seed: int
) -> tuple[list[ListenerProfile], list[ListenerProfile], bool]:
    """Training listeners, test listeners, and whether halves are made of playlists.

    Half of the listeners with two playlists or more are tested where there are enough of them; else three in
    ten of those with six items or more, at most 2,000.
    """
    multi = [place for place, profile in enumerate(profiles) if len(playlists_of(profile)) >= 2]
    by_playlist = len(multi) >= FEWEST_MULTI
    rng = np.random.default_rng(seed)
    if by_playlist:
        chosen = set(rng.permutation(multi)[: len(multi) // 2].tolist())
    else:
        n = min(MOST_TESTED, int(len(profiles) * TESTED_SHARE))
        able = [place for place, one in enumerate(profiles) if max(len(one.tracks), len(one.artists)) >= 6]
        chosen = set(rng.permutation(able)[:n].tolist())
    known = [profile for place, profile in enumerate(profiles) if place not in chosen]
    return known, [profiles[place] for place in sorted(chosen)], by_playlist


def _examine(exam: Examination, seed: int) -> dict[str, dict[str, Figures]]:
    known, tested, by_playlist = split(exam.profiles, seed)
    if len(tested) < FEWEST_TESTED:
        raise InputError("there are too few listeners to evaluate on: two need six items or more each")
    artefact = train_whole(known, replace(exam.config, seed=seed), exam.context)
    pipeline = pipeline_of(artefact)
    systems = {**_ours(pipeline), **_rivals(known)}
    rng = np.random.default_rng(seed + 1_000)
    drawn = [halves_of(one, rng, exam.context, by_playlist=by_playlist) for one in tested]
    pairs = [one for one in drawn if one is not None]
    found = _halves(systems, pairs, known, "P2" if by_playlist else "P1")
    found["P4"] = _thin(systems, pairs, exam.context, rng)
    if exam.friends:
        found["P3"] = _friends(systems, tested, exam.friends)
    audio = _audio_alone(pipeline, exam)
    if audio:
        found["P6"] = audio
    found["exposure"] = exposure_of(pipeline, tested, pairs, exam.friends)
    found["promises"] = _promises(pipeline, pairs)
    return found


def _ours(pipeline: Pipeline) -> dict[str, System]:
    def whole(queries: Sequence[ListenerProfile], candidates: Sequence[ListenerProfile]) -> Scores:
        return pipeline.ranker.scores(components_of(pipeline, queries, candidates))

    def towers(queries: Sequence[ListenerProfile], candidates: Sequence[ListenerProfile]) -> Scores:
        one, other = pipeline.embedder.embed(queries), pipeline.embedder.embed(candidates)
        return one.query @ other.stored.T

    return {SCORED: whole, "towers": towers}


def _rivals(known: Sequence[ListenerProfile]) -> dict[str, System]:
    rivals: dict[str, Rival] = {name: make() for name, make in RIVALS.items()}
    for rival in rivals.values():
        rival.fit(known)
    return {name: rival.score for name, rival in rivals.items()}


def _halves(
    systems: Mapping[str, System], pairs: Sequence[Halves], known: Sequence[ListenerProfile], name: str
) -> dict[str, dict[str, Figures]]:
    """P1 or P2, and P5 of the same scores."""
    ones, others = [one for one, _ in pairs], [other for _, other in pairs]
    mainstream = mainstreamness(ones, known)
    found: dict[str, dict[str, Figures]] = {name: {}, "P5": {}}
    for system, score in systems.items():
        scores = score(ones, others)
        found[name][system] = same_person(scores)
        thirds = by_thirds(scores, mainstream)
        found["P5"][system] = {f"{third} mrr": figures["mrr"] for third, figures in thirds.items()}
    return found


def _thin(
    systems: Mapping[str, System], pairs: Sequence[Halves], context: Context, rng: np.random.Generator
) -> dict[str, Figures]:
    others = [other for _, other in pairs]
    cut = {n: [_cut(one, n, context, rng) for one, _ in pairs] for n in THIN}
    return {
        system: {f"{n} items mrr": same_person(score(cut[n], others))["mrr"] for n in THIN}
        for system, score in systems.items()
    }


def _cut(profile: ListenerProfile, n: int, context: Context, rng: np.random.Generator) -> ListenerProfile:
    places = rng.permutation(len(profile.items))[:n]
    return context.part(profile, [profile.items[place] for place in places])


def _friends(
    systems: Mapping[str, System], tested: Sequence[ListenerProfile], pairs: Sequence[tuple[str, str]]
) -> dict[str, Figures]:
    friends = friendships(pairs, [one.listener_id for one in tested])
    return {name: friends_found(score(tested, tested), friends) for name, score in systems.items()}


def _audio_alone(pipeline: Pipeline, exam: Examination) -> dict[str, Figures]:
    """P6: audio summaries alone, and the towers with every id hidden. Labels are never trained on."""
    able = [one for one in exam.profiles if one.audio is not None and one.listener_id in exam.labels]
    if len(able) < FEWEST_TESTED:
        return {}
    labels = [exam.labels[one.listener_id] for one in able]
    hidden = [ListenerProfile(one.listener_id, one.source, audio=one.audio) for one in able]
    unit = _plain_means([one.audio for one in able if one.audio])
    pool = pipeline.pool(hidden)
    values = np.array([pool.components(one) for one in pipeline.weigh(hidden)])
    vectors = pipeline.embedder.embed(hidden)
    scored = {
        "audio likeness": values[..., COMPONENTS.index("audio")],
        "towers, ids hidden": vectors.query @ vectors.stored.T,
        "plain mean": unit @ unit.T,
        "random": np.random.default_rng(0).random((len(able), len(able))),
    }
    return {name: {"precision@10": same_label_at_10(scores, labels)} for name, scores in scored.items()}


def _plain_means(summaries: Sequence[AudioSummary]) -> NDArray[np.float64]:
    """[n, n_attributes] standardised means, rows of unit length; the average where one is not known."""
    means = audio_figures(summaries)[:, :, 0]
    centre, variance = moments(means)
    scaled = np.where(np.isnan(means), 0.0, means - centre) / np.maximum(np.sqrt(variance), 1e-9)
    return np.asarray(scaled / np.maximum(np.linalg.norm(scaled, axis=1, keepdims=True), 1e-9))


def _promises(pipeline: Pipeline, pairs: Sequence[Halves], n_looked_at: int = 200) -> dict[str, Figures]:
    """Symmetry, sums, calibration, and the incremental vector, on held-out halves."""
    ones, others = pipeline.weigh([one for one, _ in pairs]), pipeline.weigh([other for _, other in pairs])
    pool = pipeline.pool([other for _, other in pairs])
    scores = pipeline.ranker.scores(np.array([pool.components(one) for one in ones]))
    looked_at = range(min(n_looked_at, len(pairs)))
    gaps = [_gaps(pipeline, ones[row], others[-row - 1], scores[row, -row - 1]) for row in looked_at]
    alone = [_cosine(pipeline.weigh([pairs[row][0]])[0].stored, ones[row].stored) for row in looked_at]
    return {
        SCORED: {
            "symmetry gap": max(gap for gap, _ in gaps),
            "sum gap": max(gap for _, gap in gaps),
            "incremental cosine": min(alone),
            "calibration error": _calibration_error(pipeline, scores),
        }
    }


def _cosine(one: Floats, other: Floats) -> float:
    return float(one @ other) / float(np.linalg.norm(one) * np.linalg.norm(other))


def _gaps(pipeline: Pipeline, one: Any, other: Any, score: float) -> tuple[float, float]:
    there, back = pipeline.ranker.parts(one, other), pipeline.ranker.parts(other, one)
    return abs(sum(there.values()) - sum(back.values())), abs(sum(there.values()) - score)


def _calibration_error(pipeline: Pipeline, scores: NDArray[np.float64]) -> float:
    same = np.eye(len(scores), dtype=bool)
    chances = pipeline.calibration.chance(scores.ravel())
    return expected_calibration_error(chances, same.ravel())
