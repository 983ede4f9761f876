"""The local Spotify as one Starlette application."""

import time
from collections.abc import Callable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from emulator.accounts import routes as accounts
from emulator.errors import ApiError, AuthorizeError, TokenError, answer_api_error
from emulator.scrobbling import lastfm, lastfm_sign_in, listenbrainz
from emulator.server import admin
from emulator.server.middleware import FaultGate, Recorder, SizeLimit
from emulator.settings import EmulatorSettings
from emulator.state.context import Emulator
from emulator.webapi import reccobeats
from emulator.webapi import routes as webapi
from emulator.world.music import World

__all__ = ["EmulatorSettings", "create_app"]

_DEFAULTS = EmulatorSettings()


def create_app(
    world: World, settings: EmulatorSettings = _DEFAULTS, *, clock: Callable[[], float] = time.time
) -> Starlette:
    """Create the emulator: accounts, Web API, ListenBrainz, Last.fm and admin endpoints of one world.

    The admin endpoints check the caller's address, so the server must not trust forwarded headers (see
    ``emulator.server.running``). ``clock`` returns seconds since 1970; codes and tokens expire by it.
    """
    emulator = Emulator(world, settings, clock)
    app = Starlette(
        routes=[
            *accounts.ROUTES,
            *webapi.ROUTES,
            *reccobeats.ROUTES,
            *listenbrainz.ROUTES,
            *lastfm.ROUTES,
            *lastfm_sign_in.ROUTES,
            *admin.ROUTES,
        ],
        middleware=[Middleware(part, emulator=emulator) for part in (Recorder, FaultGate, SizeLimit)],
        exception_handlers={
            ApiError: answer_api_error,
            TokenError: answer_api_error,
            HTTPException: answer_api_error,
            Exception: answer_api_error,
            AuthorizeError: accounts.answer_authorize_error,
        },
    )
    app.router.redirect_slashes = False
    app.state.emulator = emulator
    return app
