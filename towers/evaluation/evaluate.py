"""Evaluation of towers, pipeline and baselines on held-out listeners."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.domain.audio import AudioSummary
from matcher.domain.profile import ListenerProfile
from matcher.domain.vectors import Floats
from matcher.errors import InputError
from matcher.pipeline import Pipeline
from matcher.ports import Progress, Report, silent
from matcher.scoring.audio_similarity import moments
from matcher.scoring.components import WeighedProfile, column
from towers.config import TowerConfig
from towers.evaluation.baselines import BASELINES, Baseline
from towers.evaluation.exposure import exposure_of
from towers.evaluation.protocols import (
    Figures,
    by_thirds,
    friend_figures,
    friendships,
    mainstreamness,
    same_label_at_10,
    same_person,
    spread,
)
from towers.evaluation.scale import scale_figures
from towers.features.feature_maker import audio_figures
from towers.metrics import Scores
from towers.serving.bundle import pipeline_of
from towers.training.ranker import components_of
from towers.training.splits import ItemMetadata, SplitHalves, playlists_of, split_halves
from towers.training.train_model import train_bundle

MAX_TESTED = 2_000
TESTED_SHARE = 0.3
MIN_MULTI = 100
"""Fewest listeners of several playlists for halves by playlist (P2, else P1)."""
MIN_TESTED = 2
FEW_ITEMS = (3, 5, 10)
PIPELINE = "pipeline"

System = Callable[[Sequence[ListenerProfile], Sequence[ListenerProfile]], Scores]


@dataclass(frozen=True, slots=True)
class EvaluationData:
    """Data and settings of an evaluation; each seed has one split and one training.

    `friends` are pairs of listener ids; `labels`, such as a subgenre, are by listener id.
    """

    profiles: Sequence[ListenerProfile]
    friends: Sequence[tuple[str, str]] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    metadata: ItemMetadata = field(default_factory=ItemMetadata)
    config: TowerConfig = field(default_factory=TowerConfig)
    seeds: Sequence[int] = (0, 1, 2, 3, 4)


def evaluate(data: EvaluationData, report: Report = silent) -> dict[str, Any]:
    """Run all protocols that the data allows.

    The JSON-ready result has mean and standard deviation of each figure over the seeds, by protocol and
    system, and the figures of every seed.
    """
    by_seed = []
    for done, seed in enumerate(data.seeds, start=1):
        by_seed.append(_evaluate_seed(data, seed))
        report(Progress("evaluate", done, len(data.seeds)))
    protocols = {
        name: {system: spread([figures[name][system] for figures in by_seed]) for system in systems}
        for name, systems in by_seed[0].items()
    }
    return {
        "n_listeners": len(data.profiles),
        "seeds": list(data.seeds),
        "protocols": protocols,
        "by_seed": by_seed,
    }


def split(
    profiles: Sequence[ListenerProfile], seed: int
) -> tuple[list[ListenerProfile], list[ListenerProfile], bool]:
    """Training listeners, test listeners, and whether halves are split by playlist.

    Half of the listeners with two or more playlists are tested, if there are enough of them; otherwise 30 %
    of those with six or more items, at most 2,000.
    """
    several = [row for row, profile in enumerate(profiles) if len(playlists_of(profile)) >= 2]
    by_playlist = len(several) >= MIN_MULTI
    rng = np.random.default_rng(seed)
    if by_playlist:
        chosen = set(rng.permutation(several)[: len(several) // 2].tolist())
    else:
        n = min(MAX_TESTED, int(len(profiles) * TESTED_SHARE))
        testable = [
            row for row, profile in enumerate(profiles) if max(len(profile.tracks), len(profile.artists)) >= 6
        ]
        chosen = set(rng.permutation(testable)[:n].tolist())
    known = [profile for row, profile in enumerate(profiles) if row not in chosen]
    return known, [profiles[row] for row in sorted(chosen)], by_playlist


def _evaluate_seed(data: EvaluationData, seed: int) -> dict[str, dict[str, Figures]]:
    known, tested, by_playlist = split(data.profiles, seed)
    if len(tested) < MIN_TESTED:
        raise InputError("there are too few listeners to evaluate on: two need six items or more each")
    pipeline = pipeline_of(train_bundle(known, replace(data.config, seed=seed), data.metadata))
    own = _own_systems(pipeline)
    systems = {**own, **_baselines(known)}
    rng = np.random.default_rng(seed + 1_000)
    drawn = [split_halves(profile, rng, data.metadata, by_playlist=by_playlist) for profile in tested]
    pairs = [halves for halves in drawn if halves is not None]
    figures = _same_person(systems, pairs, known, "P2" if by_playlist else "P1")
    figures["P4"] = _few_items(systems, pairs, data.metadata, rng)
    if data.friends:
        figures["P3"] = _friends(systems, tested, data.friends)
    audio = _audio_only(pipeline, data)
    if audio:
        figures["P6"] = audio
    figures["P8"] = {PIPELINE: scale_figures(pipeline, tested, pairs)}
    figures["exposure"] = exposure_of(own, tested)
    figures["promises"] = _promises(pipeline, pairs)
    return figures


def _own_systems(pipeline: Pipeline) -> dict[str, System]:
    def towers(queries: Sequence[ListenerProfile], candidates: Sequence[ListenerProfile]) -> Scores:
        return pipeline.embedder.embed(queries).query @ pipeline.embedder.embed(candidates).stored.T

    return {PIPELINE: pipeline.scores, "towers": towers}


def _baselines(known: Sequence[ListenerProfile]) -> dict[str, System]:
    baselines: dict[str, Baseline] = {name: make() for name, make in BASELINES.items()}
    for baseline in baselines.values():
        baseline.fit(known)
    return {name: baseline.score for name, baseline in baselines.items()}


def _same_person(
    systems: Mapping[str, System], pairs: Sequence[SplitHalves], known: Sequence[ListenerProfile], name: str
) -> dict[str, dict[str, Figures]]:
    """P1 or P2, and P5 of the same scores."""
    first, second = [half for half, _ in pairs], [half for _, half in pairs]
    mainstream = mainstreamness(first, known)
    same: dict[str, Figures] = {}
    thirds: dict[str, Figures] = {}
    for system, score in systems.items():
        scores = score(first, second)
        same[system] = same_person(scores)
        by_third = by_thirds(scores, mainstream)
        thirds[system] = {f"{third} mrr": figures["mrr"] for third, figures in by_third.items()}
    return {name: same, "P5": thirds}


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
    systems: Mapping[str, System], tested: Sequence[ListenerProfile], pairs: Sequence[tuple[str, str]]
) -> dict[str, Figures]:
    """P3: friends."""
    friends = friendships(pairs, [profile.listener_id for profile in tested])
    return {name: friend_figures(score(tested, tested), friends) for name, score in systems.items()}


def _audio_only(pipeline: Pipeline, data: EvaluationData) -> dict[str, Figures]:
    """P6: profiles with audio summaries only. The labels are not used in training."""
    audio_only = [
        ListenerProfile(profile.listener_id, profile.source, audio=profile.audio)
        for profile in data.profiles
        if profile.audio is not None and profile.listener_id in data.labels
    ]
    if len(audio_only) < MIN_TESTED:
        return {}
    labels = [data.labels[profile.listener_id] for profile in audio_only]
    unit = _mean_vectors([profile.audio for profile in audio_only if profile.audio])
    vectors = pipeline.embedder.embed(audio_only)
    scored = {
        "audio likeness": components_of(pipeline, audio_only, audio_only)[..., column("audio")],
        "towers, ids hidden": vectors.query @ vectors.stored.T,
        "plain mean": unit @ unit.T,
        "random": np.random.default_rng(0).random((len(labels), len(labels))),
    }
    return {name: {"precision@10": same_label_at_10(scores, labels)} for name, scores in scored.items()}


def _mean_vectors(summaries: Sequence[AudioSummary]) -> NDArray[np.float64]:
    """[n, n_attributes] unit vectors of standardised means; unknown means are 0."""
    means = audio_figures(summaries)[:, :, 0]
    centre, variance = moments(means)
    scaled = np.where(np.isnan(means), 0.0, means - centre) / np.maximum(np.sqrt(variance), 1e-9)
    return np.asarray(scaled / np.maximum(np.linalg.norm(scaled, axis=1, keepdims=True), 1e-9))


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
