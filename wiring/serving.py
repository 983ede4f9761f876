"""Starting the two servers: the app and the local Spotify."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import uvicorn

from matcher.errors import SettingsError
from wiring.checks import require_port
from wiring.memory import share_arenas
from wiring.settings import settings as read_once
from wiring.threads import calculate_alone

APP_FOLDER = Path(__file__).resolve().parent.parent


def serve_app() -> None:
    """Run the app until it is stopped.

    Raises:
        SettingsError: a setting is missing or wrong, or the port cannot be listened on.
        EarshotError: something that must be there before anybody is served is not, such as the database.
    """
    config = read_once()
    share_arenas()
    calculate_alone()
    from wiring.build import application  # after memory and threads are set; the local Spotify needs none

    require_port(config.host, config.port, "EARSHOT_HOST and EARSHOT_PORT")
    application()  # what is wrong is told here, in one sentence, and not to the first who comes
    uvicorn.run(
        "app:app",
        host=config.host,
        port=config.port,
        app_dir=str(APP_FOLDER),
        log_level="warning",
        access_log=False,  # addresses on the way back from Spotify carry codes
    )


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
        InputError: the world would grow beyond measure.
        SettingsError: the world cannot be read, the behaviour makes no sense, or the port cannot be used.
    """
    from emulator.app import EmulatorSettings, create_app
    from emulator.server import serve
    from emulator.world import synthetic_world, table_world
    from sources.frames import require_bounded

    require_port(host, port, "--host and --port")
    try:
        settings = EmulatorSettings(**behaviour)
    except ValueError as error:
        raise SettingsError(f"the local Spotify cannot behave so: {error}") from error
    if world:
        require_bounded(world)
    try:
        made = table_world(world) if world else synthetic_world(n_listeners, seed)
    except (ValueError, OSError) as error:
        raise SettingsError(f"the world cannot be read: {error}") from error
    serve(create_app(made, settings), host, port)
