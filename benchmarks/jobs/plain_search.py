"""Plain searches over vectors in files: numpy, scikit-learn, TFRS brute force."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.jobs.search import check, plain_searches
from benchmarks.timing import latencies_ms, time_calls
from matcher.domain.vectors import Floats


@dataclass(frozen=True, slots=True)
class PlainQuery:
    """A query's vector."""

    vector: Floats

    def fresh(self) -> "PlainQuery":
        """Itself: nothing is kept in it."""
        return self


def answer(request: dict[str, Any]) -> dict[str, Any]:
    folder = Path(request["folder"])
    queries = [PlainQuery(row) for row in np.load(folder / "queries.npy")]
    plain = plain_searches(np.load(folder / "vectors.npy"))
    for query in queries:
        check([search(query) for search in plain.values()])
    return {"measured": latencies_ms(time_calls(plain, queries, request["repeats"], PlainQuery.fresh))}
