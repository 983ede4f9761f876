"""Serving in the background of a program."""

import httpx
import pytest

from emulator.server.app import create_app
from emulator.server.running import running


def test_a_server_is_gone_when_its_block_ends(world):
    with running(create_app(world)) as base:
        assert httpx.get(f"{base}/_emulator/health").status_code == 200
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{base}/_emulator/health")
