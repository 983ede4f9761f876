"""Reads a streaming history as an upload, up to the profile."""

import resource
import sys
from pathlib import Path
from typing import Any

from matcher.domain.library import build_library
from matcher.ports import silent
from wiring.doors.reading_apart import read_apart


def answer(request: dict[str, Any]) -> dict[str, Any]:
    library = build_library(read_apart([Path(request["path"])], silent))
    profile = library.profile()
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return {
        "of which the process that reads the files, MiB": peak / unit,
        "facts by track and month": float(len(library.rows)),
        "tracks": float(len(profile.tracks)),
    }
