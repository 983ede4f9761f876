"""The scripted server of the tests of `spotify_client`, for services that are asked over HTTP."""

from tests.spotify_client.conftest import _server, clock, script

__all__ = ["_server", "clock", "script"]
