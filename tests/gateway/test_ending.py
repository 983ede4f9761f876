"""Earshot ends when it is told to, and starts with one sentence when it cannot."""

import signal
import subprocess
import threading
from urllib.parse import urlsplit

import pytest
import requests

from harness.stack import command, free_port, new_stack
from tests.gateway.conftest import LISTENER, earshot


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT], ids=lambda told: told.name)
def test_it_ends_within_ten_seconds_while_spotify_is_slow_and_tabs_are_open(tmp_path, told):
    with earshot(tmp_path) as front:
        cookie = front.session()
        body = {"kind": "slow", "path": "/api/token", "times": 1000, "retry_after": 60}
        requests.post(
            f"{front.stack.emulator_url}/_emulator/faults", json=body, timeout=60
        ).raise_for_status()
        coming_back = threading.Thread(target=sign_in, args=(front,), daemon=True)
        with front.tab(cookie=cookie):
            coming_back.start()
            coming_back.join(2)
            assert coming_back.is_alive()  # it waits for Spotify
            front.process.send_signal(told)
            front.process.wait(10)


def sign_in(front):
    try:
        front.sign_in(LISTENER)
    except requests.RequestException:
        return  # hung up on


def serve(stack, **settings):
    """How `earshot serve` ends by itself."""
    env = {**stack.env, **settings}
    return subprocess.run(command("serve"), env=env, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def stack(tmp_path):
    return new_stack(tmp_path)


def assert_one_sentence(ended, *words):
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    said = " ".join(ended.stderr.split())
    assert said.startswith("earshot: ")
    for word in words:
        assert word in said


@pytest.mark.parametrize("port", ["70000", "0", "-1", "http", ""])
def test_a_port_that_is_none_is_one_sentence(stack, port):
    assert_one_sentence(serve(stack, EARSHOT_PORT=port), "EARSHOT_PORT")


@pytest.mark.parametrize("name", ["EARSHOT_PUBLIC_URL", "EARSHOT_EMULATOR_URL"])
@pytest.mark.parametrize("port", ["70000", "abc", "0", "-1"])
def test_an_address_with_a_port_that_is_none_is_one_sentence(stack, name, port):
    assert_one_sentence(serve(stack, **{name: f"http://127.0.0.1:{port}"}), name, "port")


def test_a_port_that_is_taken_is_one_sentence(stack):
    import socket

    with socket.socket() as other:
        other.bind(("127.0.0.1", urlsplit(stack.app_url).port))
        other.listen()
        assert_one_sentence(serve(stack), str(urlsplit(stack.app_url).port), "EARSHOT_PORT")


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid", "999.1.1.1"])
def test_a_host_that_is_not_this_machine_is_one_sentence(stack, host):
    assert_one_sentence(serve(stack, EARSHOT_HOST=host), "EARSHOT_HOST")


@pytest.mark.parametrize("value", ["https://a.example/earshot", "https://me@a.example"])
def test_a_public_address_is_host_and_port_alone(stack, value):
    assert_one_sentence(serve(stack, EARSHOT_PUBLIC_URL=value), "EARSHOT_PUBLIC_URL")


@pytest.mark.parametrize("value", ["*", "proxy", "10.0.0.0/99"])
def test_trusted_proxies_are_addresses(stack, value):
    assert_one_sentence(serve(stack, EARSHOT_TRUSTED_PROXIES=value), "EARSHOT_TRUSTED_PROXIES")


def test_the_local_spotify_says_as_much_of_its_port(stack):
    import socket

    with socket.socket() as other:
        port = free_port()
        other.bind(("127.0.0.1", port))
        other.listen()
        ended = subprocess.run(
            command("emulator", "--listeners", "5", "--port", str(port)),
            env=stack.env,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert_one_sentence(ended, str(port))
