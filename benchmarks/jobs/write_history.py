"""Writes an invented extended streaming history, as Spotify packs it."""

import json
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

YEARS, FIRST_YEAR = 10, 2014
N_TRACKS, N_ARTISTS = 20_000, 3_000
STEEPNESS = 3.0
"""The most heard hundredth of tracks has a fifth of the plays."""


def answer(request: dict[str, Any]) -> dict[str, Any]:
    rng = np.random.default_rng(request["seed"])
    n, n_bytes = request["n"], 0
    step = timedelta(days=365 * YEARS) / n
    places = (N_TRACKS * rng.random(n) ** STEEPNESS).astype(int)
    with zipfile.ZipFile(request["out"], "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for year, some in enumerate(np.array_split(np.arange(n), YEARS)):
            name = (
                f"Spotify Extended Streaming History/Streaming_History_Audio_{FIRST_YEAR + year}_{year}.json"
            )
            with archive.open(name, "w", force_zip64=True) as file:
                for at, play in enumerate(some.tolist()):
                    row = json.dumps(_row(int(places[play]), play * step)).encode()
                    n_bytes += file.write((b"[" if at == 0 else b",") + row)
                file.write(b"]")
    return {"n_bytes": n_bytes}


def _row(track: int, since: timedelta) -> dict[str, Any]:
    return {
        "ts": (datetime(FIRST_YEAR, 1, 1, tzinfo=UTC) + since).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "platform": "android",
        "ms_played": 180_000 + track,
        "master_metadata_track_name": f"Song Number {track}",
        "master_metadata_album_artist_name": f"Artist Number {track % N_ARTISTS}",
        "spotify_track_uri": f"spotify:track:{track:022d}",
        "reason_end": "trackdone",
        "skipped": False,
    }
