"""Evaluation of towers, pipeline and baselines on held-out listeners."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.domain.profile import ListenerProfile
from matcher.domain.vectors import Floats
from matcher.errors import InputError
from matcher.pipeline import Pipeline
from matcher.ports import Embedder, Progress, Report, silent
from matcher.scoring.components import WeighedProfile
from towers.config import TowerConfig
from towers.evaluation.audio_alone import audio_alone
from towers.evaluation.bootstrap import Weights, interval, resample, resampling_weights
from towers.evaluation.exposure import exposure_of
from towers.evaluation.held_out import FRIENDS, HALVES, MIN_TESTED, halves_of, split, tuning_split
from towers.evaluation.leads import PIPELINE, TOWERS, UNTRAINED, leads
from towers.evaluation.protocols import (
    Figures,
    Sample,
    by_thirds,
    friend_figures,
    friend_samples,
    friendships,
    mainstreamness,
    same_person,
    same_person_samples,
    spread,
)
from towers.evaluation.rivals.tuning import Choice, System, tuned_rivals
from towers.evaluation.scale import scale_figures
from towers.evaluation.truth import TrueTastes, truth_figures
from towers.metrics import Scores
from towers.serving.bundle import pipeline_of
from towers.serving.embedder import LiteRtEmbedder
from towers.training.splits import ItemMetadata, SplitHalves
from towers.training.train_model import hold_out, train_bundle
from towers.training.train_towers import train_towers

FEW_ITEMS = (3, 5, 10)


@dataclass(frozen=True, slots=True)
class EvaluationData:
    """Data and settings of an evaluation; each seed has one split and one training.

    `friends` are pairs of listener ids; `labels`, such as a subgenre, are by listener id; `truth` has a
    row for each of `profiles`, in their order.
    """

    profiles: Sequence[ListenerProfile]
    friends: Sequence[tuple[str, str]] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    metadata: ItemMetadata = field(default_factory=ItemMetadata)
    config: TowerConfig = field(default_factory=TowerConfig)
    seeds: Sequence[int] = (0, 1, 2, 3, 4)
    truth: TrueTastes | None = None


@dataclass(frozen=True, slots=True)
class _SeedResult:
    """Results of one seed.

    Attributes:
        figures: by protocol, system and figure.
        resampled: bootstrap resamples, [N_RESAMPLES], by protocol, system and figure.
        chosen: settings and tuning figure, by task and rival.
    """

    figures: dict[str, dict[str, Figures]]
    resampled: dict[str, dict[str, dict[str, NDArray[np.float64]]]]
    chosen: dict[str, dict[str, dict[str, Any]]]


def evaluate(data: EvaluationData, report: Report = silent) -> dict[str, Any]:
    """Run all protocols that the data allows.

    The JSON-ready result has mean and standard deviation of each figure over the seeds, by protocol and
    system, and the figures of every seed; 95 % bootstrap intervals of both (see `bootstrap.interval`); what
    tuning chose for the rivals; and by how much others are ahead of ours (see `leads.leads`).
    """
    weights = resampling_weights(len(data.profiles))
    results = []
    for done, seed in enumerate(data.seeds, start=1):
        results.append(_evaluate_seed(data, seed, weights))
        report(Progress("evaluate", done, len(data.seeds)))
    by_seed = [result.figures for result in results]
    protocols = {
        name: {system: spread([figures[name][system] for figures in by_seed]) for system in systems}
        for name, systems in by_seed[0].items()
    }
    compared = [name for name, systems in by_seed[0].items() if name.startswith("P") and TOWERS in systems]
    return {
        "n_listeners": len(data.profiles),
        "seeds": list(data.seeds),
        "protocols": protocols,
        "by_seed": by_seed,
        "intervals": _intervals(results),
        "intervals_by_seed": [_intervals([result]) for result in results],
        "chosen": [result.chosen for result in results],
        "leads": {name: leads([figures[name] for figures in by_seed]) for name in compared},
    }


def _intervals(results: Sequence[_SeedResult]) -> dict[str, Any]:
    return {
        protocol: {
            system: {
                figure: interval([result.resampled[protocol][system][figure] for result in results])
                for figure in figures
            }
            for system, figures in systems.items()
        }
        for protocol, systems in results[0].resampled.items()
    }


def _evaluate_seed(data: EvaluationData, seed: int, weights: Weights) -> _SeedResult:
    known, tested, by_playlist = split(data.profiles, seed)
    if len(tested) < MIN_TESTED:
        raise InputError("there are too few listeners to evaluate on: two need six items or more each")
    config = replace(data.config, seed=seed)
    pipeline = pipeline_of(train_bundle(known, config, data.metadata))
    ours = {**_own_systems(pipeline), UNTRAINED: _untrained_towers(known, config, data.metadata)}
    tuning = tuning_split(known, data.metadata, data.friends, seed, by_playlist=by_playlist)
    rivals = tuned_rivals(known, tuning.fitted_on, tuning.tasks)
    systems = {**ours, **rivals[HALVES].systems}
    rng = np.random.default_rng(seed + 1_000)
    pairs = halves_of(tested, rng, data.metadata, by_playlist=by_playlist)
    rows = {profile.listener_id: row for row, profile in enumerate(data.profiles)}
    halves_weights = weights[:, [rows[first.listener_id] for first, _ in pairs]]
    name = "P2" if by_playlist else "P1"
    figures, resampled = _same_person(systems, pairs, known, name, halves_weights)
    figures["P4"] = _few_items(systems, pairs, data.metadata, rng)
    if data.friends:
        tested_weights = weights[:, [rows[profile.listener_id] for profile in tested]]
        friends_systems = {**ours, **rivals[FRIENDS].systems}
        figures["P3"], resampled["P3"] = _friends(friends_systems, tested, data.friends, tested_weights)
    audio = audio_alone(pipeline, data.profiles, data.labels, tested, tuning.halves)
    if audio.figures:
        figures["P6"] = dict(audio.figures)
    if data.truth is not None:
        unseen = {profile.listener_id for profile in tested}
        figures["P7"], figures["truth"] = truth_figures(data.truth, systems, data.profiles, unseen)
    among = {name: ours[name](tested, tested) for name in (PIPELINE, TOWERS)}
    figures["P8"] = {PIPELINE: scale_figures(pipeline, among[PIPELINE], pairs)}
    figures["exposure"] = exposure_of(among)
    figures["promises"] = _promises(pipeline, pairs)
    chosen = {task: _chosen(found.choices) for task, found in rivals.items()}
    if audio.choices:
        chosen["audio alone"] = _chosen(audio.choices)
    return _SeedResult(figures, resampled, chosen)


def _own_systems(pipeline: Pipeline) -> dict[str, System]:
    return {PIPELINE: pipeline.scores, TOWERS: cosine_of(pipeline.embedder)}


def _untrained_towers(
    known: Sequence[ListenerProfile], config: TowerConfig, metadata: ItemMetadata
) -> System:
    """The towers with table and heads as initialised, on the listeners that the trained ones had."""
    refitted = len(known) < config.refit_below
    listeners = known if refitted else hold_out(known, config.seed)[0]
    untrained = train_towers(
        listeners,
        replace(config, epochs=0),
        artist_tags=metadata.artist_tags,
        attributes=metadata.attributes,
    )
    return cosine_of(LiteRtEmbedder(untrained.artefact))


def cosine_of(embedder: Embedder) -> System:
    """The system of an embedder's vectors alone."""

    def cosine(queries: Sequence[ListenerProfile], candidates: Sequence[ListenerProfile]) -> Scores:
        return embedder.embed(queries).query @ embedder.embed(candidates).stored.T

    return cosine


def _chosen(choices: Mapping[str, Choice]) -> dict[str, dict[str, Any]]:
    return {
        name: {"settings": {**choice.fitted, **choice.scored}, "figure": choice.figure}
        for name, choice in choices.items()
    }


def _same_person(
    systems: Mapping[str, System],
    pairs: Sequence[SplitHalves],
    known: Sequence[ListenerProfile],
    name: str,
    weights: Weights,
) -> tuple[dict[str, dict[str, Figures]], dict[str, dict[str, dict[str, NDArray[np.float64]]]]]:
    """P1 or P2, and P5 of the same scores; and the resamples of P1 or P2."""
    first, second = [half for half, _ in pairs], [half for _, half in pairs]
    mainstream = mainstreamness(first, known)
    same: dict[str, Figures] = {}
    thirds: dict[str, Figures] = {}
    resampled = {}
    for system, score in systems.items():
        scores = score(first, second)
        same[system] = same_person(scores)
        resampled[system] = _resampled(same_person_samples(scores), weights)
        by_third = by_thirds(scores, mainstream)
        thirds[system] = {f"{third} mrr": figures["mrr"] for third, figures in by_third.items()}
    return {name: same, "P5": thirds}, {name: resampled}


def _resampled(samples: Mapping[str, Sample], weights: Weights) -> dict[str, NDArray[np.float64]]:
    return {name: resample(sample, weights) for name, sample in samples.items()}


def _few_items(
    systems: Mapping[str, System],
    pairs: Sequence[SplitHalves],
    metadata: ItemMetadata,
    rng: np.random.Generator,
) -> dict[str, Figures]:
    """P4: the first half has few items."""
    second = [half for _, half in pairs]
    cut = {n: [_cut(half, n, metadata, rng) for half, _ in pairs] for n in FEW_ITEMS}
    return {
        system: {f"{n} items mrr": same_person(score(cut[n], second))["mrr"] for n in FEW_ITEMS}
        for system, score in systems.items()
    }


def _cut(
    profile: ListenerProfile, n: int, metadata: ItemMetadata, rng: np.random.Generator
) -> ListenerProfile:
    chosen = rng.permutation(len(profile.items))[:n]
    return metadata.part(profile, [profile.items[index] for index in chosen])


def _friends(
    systems: Mapping[str, System],
    tested: Sequence[ListenerProfile],
    pairs: Sequence[tuple[str, str]],
    weights: Weights,
) -> tuple[dict[str, Figures], dict[str, dict[str, NDArray[np.float64]]]]:
    """P3: friends; and its resamples."""
    friends = friendships(pairs, [profile.listener_id for profile in tested])
    figures, resampled = {}, {}
    for name, score in systems.items():
        scores = score(tested, tested)
        figures[name] = friend_figures(scores, friends)
        resampled[name] = _resampled(friend_samples(scores, friends), weights)
    return figures, resampled


def _promises(pipeline: Pipeline, pairs: Sequence[SplitHalves], n_checked: int = 200) -> dict[str, Figures]:
    """Checks of symmetry, sum of components and unbatched vectors."""
    first, second = [half for half, _ in pairs], [half for _, half in pairs]
    scores = pipeline.scores(first, second)
    queries, candidates = pipeline.weigh(first), pipeline.weigh(second)
    rows = range(min(n_checked, len(pairs)))
    gaps = [_gaps(pipeline, queries[row], candidates[-row - 1], scores[row, -row - 1]) for row in rows]
    alone = [_cosine(pipeline.weigh([first[row]])[0].stored, queries[row].stored) for row in rows]
    return {
        PIPELINE: {
            "symmetry gap": max(symmetry for symmetry, _ in gaps),
            "sum gap": max(gap for _, gap in gaps),
            "incremental cosine": min(alone),
        }
    }


def _cosine(a: Floats, b: Floats) -> float:
    return float(a @ b) / float(np.linalg.norm(a) * np.linalg.norm(b))


def _gaps(
    pipeline: Pipeline, query: WeighedProfile, candidate: WeighedProfile, score: float
) -> tuple[float, float]:
    """Gap between the sums of both directions, and between sum and score."""
    forward = sum(pipeline.ranker.parts(query, candidate).values())
    backward = sum(pipeline.ranker.parts(candidate, query).values())
    return abs(forward - backward), abs(forward - score)
