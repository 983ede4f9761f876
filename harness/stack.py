"""A complete Earshot: servers as processes, with their own folder and ports."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass
class Stack:
    """Addresses, folder, environment and log of an Earshot."""

    app_url: str
    emulator_url: str
    home: Path
    env: dict[str, str]
    log: Path

    def earshot(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run the command line with this stack's settings."""
        return subprocess.run(
            command(*arguments),
            env=self.env,
            cwd=ROOT,
            check=check,
            capture_output=True,
            text=True,
            timeout=280,
        )


def command(*arguments: str) -> list[str]:
    """The command line of `earshot`."""
    return [sys.executable, "-m", "wiring.cli", *arguments]


def free_port() -> int:
    """A port that no process listens on."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


def new_stack(home: Path) -> Stack:
    """A stack with free ports; no server is started."""
    app, emulator = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("EARSHOT_")}
    env = {
        **inherited,
        "EARSHOT_HOME": str(home),
        "EARSHOT_PUBLIC_URL": app,
        "EARSHOT_PORT": app.rpartition(":")[2],
        "EARSHOT_EMULATOR_URL": emulator,
        "EARSHOT_SIGN_INS_PER_MINUTE": "10000",  # everybody comes from one address here
        "EARSHOT_CONNECTIONS_PER_ADDRESS": "1000",
        "EARSHOT_UPLOADS_PER_HOUR": "10000",
        "PYTHONPATH": str(ROOT),
    }
    home.mkdir(parents=True, exist_ok=True)
    return Stack(app, emulator, home, env, home / "servers.log")


@contextmanager
def server(stack: Stack, *arguments: str, ready: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the block ends; it is up once the address `ready` answers."""
    with stack.log.open("ab") as log:
        process = subprocess.Popen(
            command(*arguments), env=stack.env, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
        )
        try:
            wait_for(ready, process, stack.log)
            yield process
        finally:
            stop(process)


def wait_for(address: str, process: subprocess.Popen[bytes], log: Path, limit_s: float = 240) -> None:
    """Wait until a server answers.

    Raises:
        AssertionError: it stopped, or did not answer in time.
    """
    until_s = time.monotonic() + limit_s
    while time.monotonic() < until_s:
        if process.poll() is not None:
            raise AssertionError("the server stopped:\n" + log.read_text()[-4000:])
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"{address} did not come up:\n" + log.read_text()[-4000:])


def stop(process: subprocess.Popen[bytes]) -> None:
    """Terminate a server; kill its process group if it does not end."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(5)
