"""Put the gateway in front of the application."""

from collections.abc import Callable, Sequence

from starlette.routing import Route
from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from wiring.bootstrap import application
from wiring.doors.forms import door_routes
from wiring.doors.names import name_routes
from wiring.doors.picked_artists import pick_routes
from wiring.doors.spotify import spotify_routes
from wiring.doors.web import ROUTES
from wiring.gateway.middleware import Gateway
from wiring.gateway.pages import Pages
from wiring.settings import settings

MakePages = Callable[[bool, str, bool, Callable[[], bool], str], Pages]


def guarded(app: Callable[[Sequence[Route]], ASGIApp], pages: MakePages) -> ASGIApp:
    """Make the application with our routes, and wrap it in the gateway.

    `app` makes Streamlit with these routes. `pages` makes the gateway's page data, from whether this is the
    demo, where the local Spotify has files to bring, whether Spotify is a door, and what says whether artists
    can be picked, and the public URL.

    Raises:
        SettingsError: a setting is missing or wrong.
    """
    config = settings()
    made = pages(config.demo, config.samples_url, config.spotify, _has_picking, config.public_url)
    per_hour = config.uploads_per_hour
    doors = (*door_routes(made, per_hour), *name_routes(made, per_hour), *pick_routes(made, per_hour))
    routes = [*ROUTES, *doors, *spotify_routes(made)]
    own = frozenset(route.path for route in routes)
    forms = frozenset(route.path for route in routes if "POST" in (route.methods or ()))
    gateway = Gateway(app(routes), made, config, own, _listener_of, forms)
    if not config.proxies:
        return gateway
    return ProxyHeadersMiddleware(gateway, config.proxies)  # type: ignore[arg-type, return-value]


def _has_picking() -> bool:
    return application().models.has_picking()


def _listener_of(token: str) -> str | None:
    return application().sessions.listener_of(token)
