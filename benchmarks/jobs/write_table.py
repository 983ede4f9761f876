"""Writes invented listeners as a listening table."""

from typing import Any

import pandas as pd

from benchmarks.synthetic_profiles import table_rows

COLUMNS = ["listener_id", "artist_name", "track_name", "playlist_id", "plays"]


def answer(request: dict[str, Any]) -> dict[str, Any]:
    rows = list(table_rows(request["n"], request["group"], request["seed"]))
    pd.DataFrame(rows, columns=COLUMNS).to_parquet(request["out"], index=False)
    return {"n_rows": len(rows)}
