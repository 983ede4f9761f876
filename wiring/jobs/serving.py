"""Start the two servers: the app and the local Spotify."""

import logging
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from threading import Thread, Timer
from types import FrameType
from typing import Any

import uvicorn

from matcher.errors import SettingsError
from wiring.checks import require_port
from wiring.gateway.sockets import MOST_BYTES
from wiring.process import calculate_alone, share_arenas
from wiring.settings import settings as read_once

_LOG = logging.getLogger(__name__)
GRACE_S = 2  # seconds for open requests to finish at shutdown
LAST_RESORT_S = 8.0  # seconds until the process exits in any case; ten are promised
APP_FOLDER = Path(__file__).resolve().parents[2]


class _PunctualServer(uvicorn.Server):
    """A server that exits `LAST_RESORT_S` after its stop signal at the latest."""

    # A request that waits for Spotify blocks a thread that cannot be interrupted, and Python waits for it.
    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        last_resort = Timer(LAST_RESORT_S, os._exit, [0])
        last_resort.daemon = True
        last_resort.start()
        super().handle_exit(sig, frame)


def serve_app() -> None:
    """Run the app until it is stopped.

    Raises:
        SettingsError: a setting is missing or wrong, or the port cannot be listened on.
        EarshotError: something required at start is missing, such as the database.
    """
    config = read_once()
    share_arenas()
    calculate_alone()
    from wiring.bootstrap import application  # after memory and threads are set up
    from wiring.jobs.model_changes import warn_of_stale_rows

    require_port(config.host, config.port, "EARSHOT_HOST and EARSHOT_PORT")
    app = application()  # fail here with one sentence, not at the first visitor
    Thread(target=warn_of_stale_rows, args=[app], daemon=True).start()
    sys.path.insert(0, str(APP_FOLDER))
    server = uvicorn.Config(
        "app:app",
        host=config.host,
        port=config.port,
        log_level="warning",
        access_log=False,  # callback URLs contain authorisation codes
        server_header=False,
        proxy_headers=False,  # the gateway trusts only the proxies in the settings
        ws_max_size=MOST_BYTES,
        ws_max_queue=4,
        timeout_graceful_shutdown=GRACE_S,
    )
    _PunctualServer(server).run()


def serve_emulator(
    world: Path | None, n_listeners: int, seed: int, host: str, port: int, behaviour: Mapping[str, Any]
) -> None:
    """Run the local Spotify until it is stopped.

    Its world is the listening table `world`, or else a synthetic one of `n_listeners` and `seed`. `behaviour`
    holds fields of `emulator.settings.EmulatorSettings`.

    Raises:
        InputError: the table is malformed.
        SettingsError: behaviour or seed are invalid, or the port cannot be listened on.
    """
    from emulator.server.app import EmulatorSettings, create_app
    from emulator.server.running import serve
    from emulator.world import synthetic_world, table_world

    require_port(host, port, "--host and --port")
    try:
        settings = EmulatorSettings(**behaviour)
        made = table_world(world) if world else synthetic_world(n_listeners, seed)
    except ValueError as error:
        raise SettingsError(f"the local Spotify cannot behave so: {error}") from error
    if made.problems:
        _LOG.warning("%d rows left out, such as %s", len(made.problems), made.problems[0])
    serve(create_app(made, settings), host, port)
