"""Does discovery find what a listener likes, and is a joint playlist fair?

python -m benchmarks.discovery LISTENING [--tags FILE] [--seed N]     prints a table

Three in ten listeners are held out. Discovery: each one's items are halved at random; the pipeline finds the
three nearest of the training listeners for the first half, and what those have that is not in the first half
is ranked. A hit is an item of the second half. Fairness: groups of held-out listeners drawn at random, a
joint playlist of 30 tracks each; needs a table with tracks.
"""

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from matcher.domain.profile import ListenerProfile
from matcher.groups.discovery import ItemSpace, Taste, appeal, nearness, rarity, strongest
from matcher.groups.fair_choice import choose_by_average, choose_fairly, satisfaction
from matcher.groups.joint_playlist import TRACKS, offer_of
from matcher.pipeline import Pipeline
from matcher.scoring.audio_similarity import Doubles
from towers.config import TowerConfig
from towers.serving.bundle import pipeline_of
from towers.training.splits import ItemMetadata, split_halves
from towers.training.train_model import train_bundle
from wiring.jobs.training import Corpus, read_corpus

NEAREST = 3
MAX_TESTED = 250
FEWEST_OFFERED = 10
GROUPS_EACH = 20
SIZES = (3, 5, 10)

Ranking = Callable[["Case"], Doubles]


@dataclass(frozen=True)
class Case:
    """One listener before another's music.

    Attributes:
        hits: [n] whether an item on offer is in the hidden half.
        near, strength, rare, chance: [n] figures of the items on offer.
    """

    hits: np.ndarray
    near: Doubles
    strength: Doubles
    rare: Doubles
    chance: Doubles


RANKINGS: dict[str, Ranking] = {
    "at random": lambda case: case.chance,
    "most heard by them (plain baseline)": lambda case: case.strength,
    "most common": lambda case: -case.rare,
    "towers alone": lambda case: case.near,
    "Earshot": lambda case: appeal(case.near, case.strength, case.rare),
    "Earshot, surprise ½": lambda case: appeal(case.near, case.strength, case.rare, 0.5),
    "Earshot, surprise 1": lambda case: appeal(case.near, case.strength, case.rare, 1.0),
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.discovery", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("listening", type=Path)
    parser.add_argument("--tags", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args(arguments)
    corpus = read_corpus([asked.listening], tags=asked.tags)
    known, tested = _split(corpus, asked.seed)
    metadata = ItemMetadata(corpus.artist_tags, corpus.attributes)
    pipeline = pipeline_of(train_bundle(known, TowerConfig(seed=asked.seed), metadata))
    kind = "tracks" if known[0].tracks else "artists"
    cases = list(_cases(pipeline, known, tested, metadata, kind, asked.seed))
    print("\n".join(_table(cases, kind)))
    if kind == "tracks":
        print("\n".join(_fairness(pipeline, tested, asked.seed)))


def _split(corpus: Corpus, seed: int) -> tuple[list[ListenerProfile], list[ListenerProfile]]:
    able = [n for n, one in enumerate(corpus.profiles) if max(len(one.tracks), len(one.artists)) >= 10]
    n_tested = min(1_000, int(len(corpus.profiles) * 0.3))
    chosen = set(np.random.default_rng(seed).permutation(able)[:n_tested].tolist())
    known = [one for place, one in enumerate(corpus.profiles) if place not in chosen]
    return known, [corpus.profiles[place] for place in sorted(chosen)]


def _cases(
    pipeline: Pipeline,
    known: Sequence[ListenerProfile],
    tested: Sequence[ListenerProfile],
    metadata: ItemMetadata,
    kind: str,
    seed: int,
) -> Iterator[Case]:
    rng, pool = np.random.default_rng(seed), pipeline.pool(known)
    space, by_id = ItemSpace(pipeline.embedder), {one.listener_id: one for one in known}
    for whole in tested[:MAX_TESTED]:
        halves = split_halves(whole, rng, metadata, by_playlist=False)
        if halves is None:
            continue
        weighed = pipeline.weigh([halves[0]])[0]
        me = Taste(whole.listener_id, halves[0], weighed.stored)
        hidden = getattr(halves[1], kind)
        for other, _ in pool.rank(pipeline.ranker, weighed, NEAREST, exclude=whole.listener_id):
            theirs = by_id[other]
            keys = strongest(theirs, kind, len(getattr(theirs, kind)), getattr(me.profile, kind))
            hits = np.array([key in hidden for key in keys], bool)
            if len(keys) >= FEWEST_OFFERED and hits.any():
                strength = np.log1p([getattr(theirs, kind)[key] for key in keys])
                rare = rarity(keys, kind, pipeline.ranker.frequencies)
                near = nearness(me, keys, kind, space, theirs)
                yield Case(hits, near, strength, rare, rng.random(len(keys)))


def _table(cases: Sequence[Case], kind: str) -> Iterator[str]:
    n_items = sum(len(case.hits) for case in cases)
    yield f"{kind}: {len(cases)} pairs, {n_items:,} items on offer\n"
    yield "| ranking | hits among the first 10 | AUC | mean idf of the first 10 |\n|---|---|---|---|"
    for name, ranking in RANKINGS.items():
        figures = np.mean([_figures(case, ranking(case)) for case in cases], axis=0)
        yield f"| {name} | {figures[0]:.3f} | {figures[1]:.3f} | {figures[2]:.2f} |"


def _figures(case: Case, scores: Doubles) -> tuple[float, float, float]:
    order = np.lexsort((case.chance, -scores))
    place = np.empty(len(order))
    place[order] = np.arange(len(order))
    misses = place[~case.hits]
    auc = float((place[case.hits][:, None] < misses[None]).mean()) if len(misses) else 0.5
    return float(case.hits[order[:10]].mean()), auc, float(case.rare[order[:10]].mean())


def _fairness(pipeline: Pipeline, tested: Sequence[ListenerProfile], seed: int) -> Iterator[str]:
    rng, space = np.random.default_rng(seed), ItemSpace(pipeline.embedder)
    rich = [one for one in tested if len(one.tracks) >= 20]
    yield f"\ngroups of listeners with 20 tracks or more, {GROUPS_EACH} of each size, {TRACKS} tracks\n"
    yield "| members | strategy | least satisfied | mean |\n|---|---|---|---|"
    for size in SIZES:
        found: dict[str, list[tuple[float, float]]] = {"least misery first": [], "plain average": []}
        for _ in range(GROUPS_EACH):
            profiles = [rich[place] for place in rng.choice(len(rich), size, replace=False)]
            rows = pipeline.weigh(profiles)
            members = [Taste(p.listener_id, p, w.stored) for p, w in zip(profiles, rows, strict=True)]
            liking = offer_of(members, space, pipeline.ranker.frequencies).liking
            choices = (choose_fairly(liking, TRACKS), choose_by_average(liking, TRACKS))
            for name, choice in zip(found, choices, strict=True):
                gained = satisfaction(liking, choice, TRACKS)
                found[name].append((float(gained.min()), float(gained.mean())))
        for name, rows_of_name in found.items():
            least, mean = np.mean(rows_of_name, axis=0)
            yield f"| {size} | {name} | {least:.3f} | {mean:.3f} |"


if __name__ == "__main__":
    main()
