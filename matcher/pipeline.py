"""The pipeline in memory: embed, retrieve, rank, calibrate; without a database."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from matcher.domain.calibration import Calibration, Percent
from matcher.domain.profile import ListenerProfile
from matcher.picking.service import ArtistPicker
from matcher.ports import Embedder
from matcher.scoring.audio_similarity import Doubles
from matcher.scoring.candidates import RETRIEVED, Candidates
from matcher.scoring.components import WeighedProfile
from matcher.scoring.ranker import Ranker
from matcher.scoring.taste_map import TasteMap


@dataclass(frozen=True, slots=True)
class Ranked:
    """One match of a query: rank from 1, likeness as score and in per cent.

    Ids are those of the input files.
    """

    query_id: str
    candidate_id: str
    rank: int
    score: float
    percent: Percent


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A complete trained model; the taste map and picker are optional."""

    embedder: Embedder
    ranker: Ranker
    calibration: Calibration
    taste_map: TasteMap | None = None
    picker: ArtistPicker | None = None

    def weigh(self, profiles: Sequence[ListenerProfile]) -> list[WeighedProfile]:
        """Embed profiles and prepare them for ranking, in order."""
        stored = self.embedder.embed(profiles).stored
        return [self.ranker.weigh(one, row) for one, row in zip(profiles, stored, strict=True)]

    def pool(self, profiles: Sequence[ListenerProfile]) -> Candidates:
        """Candidates in memory."""
        return Candidates([one.listener_id for one in profiles], self.weigh(profiles))

    def scores(self, queries: Sequence[ListenerProfile], candidates: Sequence[ListenerProfile]) -> Doubles:
        """[n_queries, n_candidates] likeness of every query with every candidate."""
        pool = self.pool(candidates)
        found = [pool.scores(self.ranker, query) for query in self.weigh(queries)]
        return np.array(found).reshape(len(queries), len(candidates))

    def match(
        self, queries: Sequence[ListenerProfile], candidates: Candidates, top_n: int
    ) -> Iterator[Ranked]:
        """At most `top_n` matches of each query, best first.

        Listeners never match themselves; empty profiles get no match.
        """
        for profile, weighed in zip(queries, self.weigh(queries), strict=True):
            if profile.is_empty:
                continue
            found = candidates.rank(
                self.ranker, weighed, top_n, exclude=profile.listener_id, k=max(RETRIEVED, top_n)
            )
            for rank, (key, score) in enumerate(found, start=1):
                n_theirs = candidates.n_items(key)
                percent = self.calibration.percent(score, weighed.n_items, n_theirs)
                yield Ranked(profile.listener_id, key, rank, score, percent)
