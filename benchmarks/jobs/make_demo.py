"""Makes the demo in a folder: synthetic world, trained towers, candidates."""

import os
from typing import Any

from rich.console import Console

from wiring.jobs.demo import Recipe, prepare
from wiring.settings import read_settings


def answer(request: dict[str, Any]) -> dict[str, Any]:
    os.environ["EARSHOT_HOME"] = request["home"]  # the steps of the demo are processes of their own
    prepare(read_settings(), Recipe(request["n_listeners"], request["seed"]), Console(stderr=True))
    return {}
