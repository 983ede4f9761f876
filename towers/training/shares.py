"""What each component carries of what is shown."""

from collections.abc import Mapping, Sequence

import numpy as np

from matcher.domain.profile import ListenerProfile
from matcher.pipeline import Pipeline
from matcher.scoring.candidates import Candidates
from matcher.scoring.components import COMPONENTS

FLOORS = {"towers": 0.30, "audio": 0.05}
"""Shares below which training warns: matches then rest on little but names in common, or not on sound."""
N_SHOWN = 10
N_QUERIES = 200
N_CANDIDATES = 2_000


def shares_of_shown(
    pipeline: Pipeline, profiles: Sequence[ListenerProfile], rng: np.random.Generator
) -> dict[str, float]:
    """Share of each component in the positive parts of the shown top tens.

    Measured for `N_QUERIES` listeners among `N_CANDIDATES`, drawn at random. The shares sum to 1; they are
    all 0 where nobody is shown anything.
    """
    with_music = [profile for profile in profiles if not profile.is_empty]
    drawn = [with_music[row] for row in rng.permutation(len(with_music))[:N_CANDIDATES]]
    weighed = pipeline.weigh(drawn)
    pool = Candidates([str(row) for row in range(len(drawn))], weighed)
    total = np.zeros(len(COMPONENTS))
    for row, query in enumerate(weighed[:N_QUERIES]):
        for key, _ in pool.rank(pipeline.ranker, query, N_SHOWN, exclude=str(row)):
            parts = pipeline.ranker.parts(query, weighed[int(key)])
            total += np.maximum([parts[name] for name in COMPONENTS], 0.0)
    shares = total / max(float(total.sum()), 1e-12)
    return {name: round(float(share), 4) for name, share in zip(COMPONENTS, shares, strict=True)}


def below_floor(shares: Mapping[str, float], *, has_audio: bool) -> list[str]:
    """Components that carry less than their floor; audio only if there is any."""
    return [name for name, floor in FLOORS.items() if shares[name] < floor and (name != "audio" or has_audio)]
