"""Starting the emulator from the command line."""

import socket

import httpx
import pytest

from emulator.__main__ import main
from emulator.server.app import create_app
from emulator.server.running import running


def test_a_server_is_gone_when_its_block_ends(world):
    with running(create_app(world)) as base:
        assert httpx.get(f"{base}/_emulator/health").status_code == 200
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{base}/_emulator/health")


def test_a_taken_port_is_an_error_with_exit_status_1(capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert main(["--port", str(taken.getsockname()[1]), "--listeners", "0"]) == 1
    assert "cannot start" in capsys.readouterr().err


def test_a_missing_table_is_an_error_with_exit_status_1(tmp_path, capsys):
    assert main(["--world", str(tmp_path / "none.csv")]) == 1
    assert "cannot start" in capsys.readouterr().err
