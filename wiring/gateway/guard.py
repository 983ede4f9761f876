"""Put the gateway in front of the application."""

from collections.abc import Callable

from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from wiring.bootstrap import application
from wiring.gateway.middleware import Gateway
from wiring.gateway.pages import Pages
from wiring.settings import settings
from wiring.web import ROUTES


def guarded(app: ASGIApp, pages: Callable[[bool], Pages]) -> ASGIApp:
    """Wrap `app` (Streamlit with our routes) in the gateway.

    `pages` makes the gateway's page data; its argument is whether this is the demo.

    Raises:
        SettingsError: a setting is missing or wrong.
    """
    config = settings()
    own = frozenset(route.path for route in ROUTES)
    gateway = Gateway(app, pages(config.demo), config, own, _listener_of)
    if not config.proxies:
        return gateway
    return ProxyHeadersMiddleware(gateway, config.proxies)  # type: ignore[arg-type, return-value]


def _listener_of(token: str) -> str | None:
    return application().sessions.listener_of(token)
