"""Finding a browser: a Chromium on this machine, else Playwright's own."""

import os
import shutil
from pathlib import Path

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium():
    """The path of a Chromium on this machine (EARSHOT_CHROMIUM first), or None."""
    named = os.environ.get("EARSHOT_CHROMIUM")
    if named and Path(named).is_file():
        return named
    return next((path for name in NAMES if (path := shutil.which(name))), None)
