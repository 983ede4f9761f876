"""Learns the cohort that cosines are normalised against."""

from collections.abc import Sequence
from itertools import islice

import numpy as np

from matcher.domain.profile import ListenerProfile
from matcher.domain.vectors import query_of
from matcher.ports import Embedder
from matcher.scoring.cohort import Cohort

MAX_VECTORS = 1_000
MAX_SAMPLE = 6_000
"""Most training listeners that the vectors are means of."""
MEMBERS = 5
"""Listeners in each mean, so that no vector is a person's."""
MIN_LISTENERS = 4 * MEMBERS


def learn_cohort(
    embedder: Embedder, profiles: Sequence[ListenerProfile], rng: np.random.Generator
) -> Cohort | None:
    """Means of a training listener and their nearest ones, of unit length; None with too few listeners.

    Nearest ones and not any five: the mean of any five lies in the middle, near to nobody's own taste.
    """
    drawn = (profiles[row] for row in rng.permutation(len(profiles)))
    sample = list(islice((profile for profile in drawn if not profile.is_empty), MAX_SAMPLE))
    if len(sample) < MIN_LISTENERS:
        return None
    stored = embedder.embed(sample).stored
    scores = query_of(stored[:MAX_VECTORS]) @ stored.T
    nearest = np.argpartition(-scores, MEMBERS - 1, axis=1)[:, :MEMBERS]
    means = stored[nearest].mean(axis=1)
    return Cohort(means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-9))
