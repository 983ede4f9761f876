"""Starting the two servers: the app and the local Spotify."""

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
GRACE_S = 2
"""Seconds that requests under way have when the app is told to end."""
LAST_RESORT_S = 8.0
"""Seconds after which the process ends in any case; ten is what is promised."""
APP_FOLDER = Path(__file__).resolve().parents[2]


class _PunctualServer(uvicorn.Server):
    """A server that ends some seconds after it was told to, whatever does not return.

    A request that waits for Spotify sits on a thread that nothing can interrupt, and Python waits for it.
    """

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end."""
        last_resort = Timer(LAST_RESORT_S, os._exit, [0])
        last_resort.daemon = True
        last_resort.start()
        super().handle_exit(sig, frame)


def serve_app() -> None:
    """Run the app until it is stopped.

    Raises:
        SettingsError: a setting is missing or wrong, or the port cannot be listened on.
        EarshotError: something that must be there before anybody is served is not, such as the database.
    """
    config = read_once()
    share_arenas()
    calculate_alone()
    from wiring.bootstrap import application  # after memory and threads are set; the local Spotify needs none
    from wiring.jobs.reindexing import warn_of_stale_rows

    require_port(config.host, config.port, "EARSHOT_HOST and EARSHOT_PORT")
    app = application()  # what is wrong is told here, in one sentence, and not to the first who comes
    Thread(target=warn_of_stale_rows, args=[app], daemon=True).start()
    sys.path.insert(0, str(APP_FOLDER))
    server = uvicorn.Config(
        "app:app",
        host=config.host,
        port=config.port,
        log_level="warning",
        access_log=False,  # addresses on the way back from Spotify carry codes
        server_header=False,
        proxy_headers=False,  # the gateway believes those proxies that the settings name, and no others
        ws_max_size=MOST_BYTES,
        ws_max_queue=4,
        timeout_graceful_shutdown=GRACE_S,
    )
    _PunctualServer(server).run()


def serve_emulator(
    world: Path | None, n_listeners: int, seed: int, host: str, port: int, behaviour: Mapping[str, Any]
) -> None:
    """Run the local Spotify until it is stopped.

    Args:
        world: a listening table as its world; None for a synthetic one.
        n_listeners: of the synthetic world.
        seed: of the synthetic world.
        host: address to listen on.
        port: port to listen on.
        behaviour: fields of `emulator.settings.EmulatorSettings`.

    Raises:
        InputError: the table cannot be read.
        SettingsError: the behaviour or the seed makes no sense, or the port cannot be used.
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
