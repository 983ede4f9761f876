"""Starting the two servers: the app and the local Spotify."""

from pathlib import Path

import uvicorn

from matcher.errors import SettingsError
from wiring.settings import settings

APP_FOLDER = Path(__file__).resolve().parent.parent


def serve_app() -> None:
    """Run the app until it is stopped.

    Raises:
        SettingsError: a setting is missing or wrong.
    """
    config = settings()
    uvicorn.run(
        "app:app",
        host=config.host,
        port=config.port,
        app_dir=str(APP_FOLDER),
        log_level="warning",
        access_log=False,  # addresses on the way back from Spotify carry codes
    )


def serve_emulator(world: Path | None, n_listeners: int, seed: int, host: str, port: int) -> None:
    """Run the local Spotify until it is stopped.

    Raises:
        SettingsError: the world cannot be read.
    """
    from emulator.app import create_app
    from emulator.server import serve
    from emulator.world import synthetic_world, table_world

    try:
        made = table_world(world) if world else synthetic_world(n_listeners, seed)
    except (ValueError, OSError) as error:
        raise SettingsError(f"the world cannot be read: {error}") from error
    serve(create_app(made), host, port)
