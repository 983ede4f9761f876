"""Do a few picked artists find whom a real library finds?

python -m benchmarks.picking LISTENING [--tags FILE] [--seeds N] [--out FILE]

Listeners are split as by `earshot evaluate`, and the listeners who are tested are halved. Somebody who knows
the artists of one half picks: they first search for their most played ones, then look through screens of the
grid and tap all they know, and search for what is still missing after ten screens. Their picks are matched
against all other halves, as five random items are in P4. The mean reciprocal rank (MRR) of their own other
half is told beside that of the random items; the pipeline is what the app shows, the towers a part of it.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from matcher.domain.library import build_profile
from matcher.domain.profile import ListenerProfile
from matcher.domain.vectors import Floats
from matcher.picking.artists import FEWEST, MOST, Doubles, PickableArtists
from matcher.picking.grid import ArtistGrid
from matcher.picking.service import Artist
from matcher.pipeline import Pipeline
from matcher.ports import silent
from matcher.scoring.candidates import Candidates
from towers.config import TowerConfig
from towers.evaluation.held_out import halves_of, split
from towers.evaluation.protocols import same_person
from towers.serving.bundle import picking_of, pipeline_of
from towers.training.splits import ItemMetadata, SplitHalves
from towers.training.train_model import train_bundle
from wiring.doors.picked_artists import PickedArtists
from wiring.jobs.training import Corpus, read_corpus

N_RANDOM = 5  # items of a real listener, as in P4
SCREENS = 10  # of the grid, until somebody searches for what is missing
OURS, RANDOM = "variance · idf² (Earshot)", "random, 5"
SEARCHED = (0, 1, 3)  # favourites somebody searches for before they look at the grid


@dataclass(frozen=True, eq=False)
class Rival(ArtistGrid):
    """A grid that chooses by another worth: of the grid and p, the probability that they hear each artist."""

    worth: Callable[["Rival", Doubles], Doubles]

    def _worth(self, groups: Doubles) -> Doubles:
        return self.worth(self, groups @ self._hearing)

    @cached_property
    def at_random(self) -> Doubles:
        """[n_artists] > 0, the same for everybody."""
        return np.random.default_rng(0).random(len(self.artists.keys)) + 1e-9


GRIDS: Mapping[str, Callable[[PickableArtists], ArtistGrid]] = {
    "most popular": lambda artists: Rival(artists, lambda grid, _: grid._everywhere.copy()),
    "at random": lambda artists: Rival(artists, lambda grid, _: grid.at_random.copy()),
    "most likely": lambda artists: Rival(artists, lambda _, p: p),
    "variance p (1 - p)": lambda artists: Rival(artists, lambda _, p: p * (1 - p)),
    "variance · idf": lambda artists: Rival(artists, lambda grid, p: p * (1 - p) * grid._idf),
    "variance · idf³": lambda artists: Rival(artists, lambda grid, p: p * (1 - p) * grid._idf**3),
    OURS: ArtistGrid,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """Means over the tested listeners: MRR of pipeline and towers, screens seen, share tapped in the grid."""

    pipeline: float
    towers: float
    screens: float = 0.0
    tapped: float = 0.0


Outcomes = dict[str, Outcome]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.picking", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("listening", type=Path)
    parser.add_argument("--tags", type=Path)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args(arguments)
    # a tag of one tagger may be a tested listener's own
    corpus = read_corpus([asked.listening], tags=asked.tags, single_taggers=False)
    found = [_of_seed(corpus, seed) for seed in range(asked.seeds)]
    table = "\n".join(table_of(found)) + "\n"
    sys.stdout.write(table)
    if asked.out:
        asked.out.write_text(table, "utf-8")


def _of_seed(corpus: Corpus, seed: int) -> Outcomes:
    metadata = ItemMetadata(corpus.artist_tags, corpus.attributes)
    known, tested, by_playlist = split(corpus.profiles, seed)
    artefact = train_bundle(known, replace(TowerConfig(), seed=seed), metadata)
    artists = picking_of(artefact)
    if artists is None:
        raise SystemExit("there are too few artists with a name and five listeners to pick from")
    pairs = halves_of(tested, np.random.default_rng(seed + 1_000), metadata, by_playlist=by_playlist)
    return outcomes(pipeline_of(artefact), artists, pairs, metadata, seed)


def outcomes(
    pipeline: Pipeline,
    artists: PickableArtists,
    pairs: Sequence[SplitHalves],
    metadata: ItemMetadata,
    seed: int,
) -> Outcomes:
    """Outcomes of random items, and of picks by every grid, by their names in the table."""
    exam = _Exam(pipeline, artists, pairs)
    ours = GRIDS[OURS](artists)
    found = {
        "random, 5, tags known": exam.of(_random(pairs, metadata, seed)),
        RANDOM: exam.of(_random(pairs, ItemMetadata(), seed)),
        f"random, {MOST}": exam.of(_random(pairs, ItemMetadata(), seed, MOST)),
    }
    for n_picks in (FEWEST, MOST):
        for n_searched in (*SEARCHED, n_picks):
            found[f"{OURS}, {n_searched} searched, {n_picks}"] = exam.picked(ours, n_searched, n_picks)
        for name in (one for one in GRIDS if one != OURS):
            found[f"{name}, 1 searched, {n_picks}"] = exam.picked(GRIDS[name](artists), 1, n_picks)
    return found


def _random(
    pairs: Sequence[SplitHalves], metadata: ItemMetadata, seed: int, n: int = N_RANDOM
) -> list[ListenerProfile]:
    rng = np.random.default_rng(seed)
    drawn = [(first, rng.permutation(len(first.items))[:n]) for first, _ in pairs]
    return [metadata.part(first, [first.items[place] for place in places]) for first, places in drawn]


@dataclass(frozen=True)
class _Exam:
    pipeline: Pipeline
    artists: PickableArtists
    pairs: Sequence[SplitHalves]

    def of(self, queries: Sequence[ListenerProfile], screens: float = 0.0, tapped: float = 0.0) -> Outcome:
        """How well queries, one of each pair, find the second halves."""
        ranker, weighed = self.pipeline.ranker, self.pipeline.weigh(queries)
        scores = np.array([self._others.scores(ranker, query) for query in weighed])
        vectors = self.pipeline.embedder.embed(queries).query @ self._vectors.T
        mrr = [same_person(one)["mrr"] for one in (scores, vectors)]
        return Outcome(*mrr, screens=screens, tapped=tapped)

    def picked(self, grid: ArtistGrid, n_searched: int, n_picks: int) -> Outcome:
        """The same of picks."""
        people = [_Person.of(first, self.artists) for first, _ in self.pairs]
        found = [person.pick(grid, n_searched, n_picks) for person in people]
        queries = [_profile_of(self.artists, rows) for rows, _, _ in found]
        screens = float(np.mean([n for _, n, _ in found]))
        tapped = float(np.mean([n / max(1, len(rows)) for rows, _, n in found]))
        return self.of(queries, screens, tapped)

    @cached_property
    def _others(self) -> Candidates:
        return self.pipeline.pool([half for _, half in self.pairs])

    @cached_property
    def _vectors(self) -> Floats:
        return self.pipeline.embedder.embed([half for _, half in self.pairs]).stored


@dataclass(frozen=True, slots=True)
class _Person:
    """Somebody who knows these artists (rows), most played first."""

    known: Sequence[int]

    @classmethod
    def of(cls, profile: ListenerProfile, artists: PickableArtists) -> "_Person":
        heard = sorted(profile.artists.items(), key=lambda pair: (-pair[1], pair[0]))
        return cls([artists.row_of[key] for key, _ in heard if key in artists.row_of])

    def pick(self, grid: ArtistGrid, n_searched: int, n_picks: int) -> tuple[list[int], int, int]:
        """Rows of the picks; screens seen; and how many were tapped on them."""
        picked, seen, known = list(self.known[:n_searched]), list[int](), set(self.known)
        n_screens = n_tapped = 0
        while len(picked) < n_picks and n_screens < SCREENS and len(picked) < len(known):
            screen = grid.next_screen(picked, seen)
            tapped = [row for row in screen if row in known][: n_picks - len(picked)]
            picked, seen = [*picked, *tapped], [*seen, *screen]
            n_screens, n_tapped = n_screens + 1, n_tapped + len(tapped)
        rest = [row for row in self.known if row not in set(picked)]
        return [*picked, *rest[: n_picks - len(picked)]], n_screens, n_tapped


def _profile_of(artists: PickableArtists, rows: Sequence[int]) -> ListenerProfile:
    """The profile that the door makes of picks."""
    source = PickedArtists([Artist(artists.keys[row], artists.names[row]) for row in rows])
    return build_profile(source.fetch("picker", silent))


def table_of(by_seed: Sequence[Outcomes]) -> Iterator[str]:
    """Lines of a Markdown table: means and standard deviations over seeds, and shares of random items."""
    yield "| picks | MRR pipeline | of random | MRR towers | of random | screens | tapped |"
    yield "|---|---|---|---|---|---|---|"
    random = _means(by_seed, RANDOM)
    for name in by_seed[0]:
        mean = _means(by_seed, name)
        apart = np.std([(one[name].pipeline, one[name].towers) for one in by_seed], axis=0)
        yield (
            f"| {name} | {mean.pipeline:.3f} ± {apart[0]:.3f} | {mean.pipeline / random.pipeline:.2f} "
            f"| {mean.towers:.3f} ± {apart[1]:.3f} | {mean.towers / random.towers:.2f} "
            f"| {mean.screens:.1f} | {mean.tapped:.0%} |"
        )


def _means(by_seed: Sequence[Outcomes], name: str) -> Outcome:
    rows = [(one[name].pipeline, one[name].towers, one[name].screens, one[name].tapped) for one in by_seed]
    return Outcome(*map(float, np.mean(rows, axis=0)))


if __name__ == "__main__":
    main()
