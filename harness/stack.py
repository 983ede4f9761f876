"""A whole Earshot for tests: the servers as processes of their own, in a folder of their own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass
class Stack:
    """Addresses and folder of a running Earshot."""

    app_url: str
    emulator_url: str
    home: Path
    env: dict
    log: Path

    def earshot(self, *arguments, check=True):
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


def command(*arguments):
    return [sys.executable, "-m", "wiring.cli", *arguments]


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def new_stack(home):
    """A stack with ports of its own; nothing is started yet."""
    app, emulator = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EARSHOT_")}
    env = {
        **kept,
        "EARSHOT_HOME": str(home),
        "EARSHOT_PUBLIC_URL": app,
        "EARSHOT_PORT": app.rpartition(":")[2],
        "EARSHOT_EMULATOR_URL": emulator,
        "PYTHONPATH": str(ROOT),
    }
    home.mkdir(parents=True, exist_ok=True)
    return Stack(app, emulator, home, env, home / "servers.log")


@contextmanager
def server(stack, *arguments, ready):
    """Run a command as a server until the block ends; `ready` is the address that says it is up."""
    with stack.log.open("ab") as log:
        process = subprocess.Popen(
            command(*arguments), env=stack.env, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
        )
        try:
            wait_for(ready, process, stack.log)
            yield process
        finally:
            stop(process)


def wait_for(address, process, log, limit_s=240):
    until = time.monotonic() + limit_s
    while time.monotonic() < until:
        if process.poll() is not None:
            raise AssertionError("the server stopped:\n" + log.read_text()[-4000:])
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"{address} did not come up:\n" + log.read_text()[-4000:])


def stop(process):
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(5)
