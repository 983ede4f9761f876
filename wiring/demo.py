"""The demo: a whole Earshot on one machine, without keys, everything in it synthetic."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit

from rich.console import Console

from matcher.errors import EarshotError, SettingsError
from wiring.settings import Mode, Settings, settings

WORLD_VERSION = 4
"""Raise it when the synthetic world, or what is made of it, changes: the demo then builds itself anew."""


TRAINING = '{"refit_below": 0}'
"""How the demo trains: once. A second training on the held-out listeners too is not worth the wait here."""


WAIT_S = "1800"
"""Longest wait of the candidates for the towers, in seconds."""


@dataclass(frozen=True, slots=True)
class WorldFiles:
    """The synthetic world as tables."""

    folder: Path

    @property
    def listening(self) -> Path:
        """The listening table."""
        return self.folder / "listening.parquet"

    @property
    def attributes(self) -> Path:
        """The table of audio attributes."""
        return self.folder / "attributes.parquet"

    @property
    def training(self) -> Path:
        """The configuration of the training."""
        return self.folder / "training.json"

    @property
    def tags(self) -> Path:
        """The table of tags."""
        return self.folder / "tags.parquet"


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a prepared demo was made of; another recipe means making it anew."""

    n_listeners: int
    seed: int
    world_version: int = WORLD_VERSION


def run_demo(n_listeners: int, seed: int, console: Console) -> None:
    """Prepare whatever is not prepared yet, start both servers, and wait.

    Raises:
        SettingsError: settings ask for live mode, or a port is taken.
        EarshotError: a step failed; its own output says why.
    """
    config = settings()
    _check(config)
    config.home.mkdir(parents=True, exist_ok=True)
    recipe = Recipe(n_listeners, seed)
    if not _is_ready(config, recipe):
        prepare(config, recipe, console)
    _run_servers(config, recipe, console)


def prepare(config: Settings, recipe: Recipe, console: Console) -> None:
    """Make the world, train on it, and import its listeners as candidates, each in a process of its own."""
    from emulator.world import (
        synthetic_world,
        write_attributes_table,
        write_listening_table,
        write_tags_table,
    )

    _marker(config).unlink(missing_ok=True)
    files = WorldFiles(config.home / "world")
    files.folder.mkdir(parents=True, exist_ok=True)
    console.print(f"[bold]1/3[/bold] Inventing {recipe.n_listeners:,} synthetic listeners")
    world = synthetic_world(recipe.n_listeners, recipe.seed)
    write_listening_table(world, files.listening)
    write_attributes_table(world, files.attributes)
    write_tags_table(world, files.tags)
    console.print("[bold]2/3[/bold] Training the two towers")
    tables = ["--attributes", str(files.attributes), "--tags", str(files.tags)]
    shutil.rmtree(config.model_folder, ignore_errors=True)
    files.training.write_text(TRAINING)
    training = ("--listening", str(files.listening), *tables, "--config", str(files.training))
    candidates = (str(files.listening), *tables, "--synthetic", "--local-accounts", "--wait-s", WAIT_S)
    with _begun("import", *candidates) as importing:  # reads its tables while the towers are trained
        _finish("train", _begin("train", *training, "--out", str(config.model_folder)))
        console.print("[bold]3/3[/bold] Embedding the candidates")
        _finish("import", importing)
    _marker(config).write_text(json.dumps(asdict(recipe)))


def _check(config: Settings) -> None:
    if config.mode is not Mode.DEMO:
        raise SettingsError("EARSHOT_MODE is live; the demo needs no keys: unset it")
    emulator = urlsplit(config.emulator_url)
    for host, port in ((config.host, config.port), (emulator.hostname, emulator.port)):
        with socket.socket() as probe:
            if probe.connect_ex((host or "127.0.0.1", port or 80)) == 0:
                raise SettingsError(
                    f"port {port} is taken: stop what listens there, or set EARSHOT_PORT with "
                    "EARSHOT_PUBLIC_URL, or EARSHOT_EMULATOR_URL"
                )


def _is_ready(config: Settings, recipe: Recipe) -> bool:
    try:
        made_of = json.loads(_marker(config).read_text())
    except (OSError, ValueError):
        return False
    return bool(made_of == asdict(recipe)) and config.model_folder.is_dir()


def _marker(config: Settings) -> Path:
    return config.home / "demo.json"


def _earshot(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "wiring.cli", *arguments]


def _begin(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(_earshot(*arguments))  # noqa: S603


@contextmanager
def _begun(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A step that goes on beside others; it is stopped when one of them fails."""
    step = _begin(*arguments)
    try:
        yield step
    finally:
        _stop([step])


def _finish(name: str, step: subprocess.Popen[bytes]) -> None:
    if step.wait():
        raise EarshotError(f"preparing the demo stopped at `earshot {name}`; see above")


def _run_servers(config: Settings, recipe: Recipe, console: Console) -> None:
    port = str(urlsplit(config.emulator_url).port or 80)
    world = ("--listeners", str(recipe.n_listeners), "--seed", str(recipe.seed), "--port", port)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    servers = [
        subprocess.Popen(_earshot(*arguments), env=os.environ)  # noqa: S603
        for arguments in (("emulator", *world), ("serve",))
    ]
    try:
        _wait_for(config.emulator_url + "/_emulator/health", servers)
        _wait_for(config.public_url + "/healthz", servers)
        console.print(f"\nEarshot is ready: [bold]{config.public_url}[/bold]   (Ctrl-C stops it)\n")
        _wait_until_one_stops(servers)
    except KeyboardInterrupt:
        pass
    finally:
        _stop(servers)


def _wait_for(address: str, servers: list[subprocess.Popen[bytes]], limit_s: float = 60) -> None:
    until = time.monotonic() + limit_s
    while time.monotonic() < until:
        if any(server.poll() is not None for server in servers):
            raise EarshotError("a server of the demo stopped while starting; see above")
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise EarshotError(f"{address} did not answer within {limit_s:.0f} s")


def _wait_until_one_stops(servers: list[subprocess.Popen[bytes]]) -> None:
    while all(server.poll() is None for server in servers):
        time.sleep(0.5)
    raise EarshotError("a server of the demo stopped; see above")


def _stop(servers: list[subprocess.Popen[bytes]]) -> None:
    for server in servers:
        server.terminate()
    for server in servers:
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()
