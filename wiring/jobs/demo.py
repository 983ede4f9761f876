"""The demo: a whole Earshot on one machine, without keys, all data synthetic."""

import json
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit

import fasteners  # type: ignore[import-untyped]
from rich.console import Console
from rich.text import Text

from matcher.errors import EarshotError, SettingsError
from towers.serving.artefact import FORMAT
from wiring.checks import make_home, require_port
from wiring.settings import Mode, Settings, settings

WORLD_VERSION = 6  # raise it when the synthetic world or its tables change: the demo is then rebuilt


TRAINING = '{"refit_below": 0}'  # train once: refitting on the held-out listeners is not worth the wait here


WAIT_S = "1800"  # longest wait of the import for the model, in seconds


@dataclass(frozen=True, slots=True)
class WorldFiles:
    """The synthetic world as tables."""

    folder: Path

    @property
    def listening(self) -> Path:
        """Listening table."""
        return self.folder / "listening.parquet"

    @property
    def attributes(self) -> Path:
        """Table of audio attributes."""
        return self.folder / "attributes.parquet"

    @property
    def training(self) -> Path:
        """Configuration of the training."""
        return self.folder / "training.json"

    @property
    def tags(self) -> Path:
        """Table of tags."""
        return self.folder / "tags.parquet"

    @property
    def truth(self) -> Path:
        """Table of true tastes; only evaluation reads it."""
        return self.folder / "truth.parquet"


@dataclass(frozen=True, slots=True)
class Recipe:
    """Parameters of a prepared demo; with others it is rebuilt."""

    n_listeners: int
    seed: int
    world_version: int = WORLD_VERSION
    artefact_format: int = FORMAT


def run_demo(n_listeners: int, seed: int, console: Console) -> None:
    """Prepare the demo if necessary, start both servers, and wait.

    Child processes are stopped when this process ends, unless it is killed.

    Raises:
        SettingsError: the mode is live, another demo uses the same home, or a port is taken.
        EarshotError: a step failed; its own output says why.
    """
    config = settings()
    if config.mode is not Mode.DEMO:
        raise SettingsError("EARSHOT_MODE is live; the demo needs no keys: unset it")
    make_home(config)
    with _only_one(config):
        _require_ports(config)
        recipe = Recipe(n_listeners, seed)
        # the local Spotify makes its world while the demo is prepared
        with _running(_emulator(config, recipe)) as servers:
            if not _is_ready(config, recipe):
                prepare(config, recipe, console)
            _run_servers(config, servers, console)


@contextmanager
def _only_one(config: Settings) -> Iterator[None]:
    """Lock the home: two demos would overwrite each other's files."""
    lock = fasteners.InterProcessLock(config.home / "demo.lock")
    if not lock.acquire(blocking=False):
        lock.lockfile.close()  # the library leaves it open
        raise SettingsError(
            f"a demo is running or being prepared in {config.home} already: use that one at "
            f"{config.public_url}, or stop it; for a second one set EARSHOT_HOME, EARSHOT_PORT, "
            "EARSHOT_PUBLIC_URL and EARSHOT_EMULATOR_URL"
        )
    try:
        yield
    finally:
        lock.release()


def prepare(config: Settings, recipe: Recipe, console: Console) -> None:
    """Generate the world, train on it, and import its listeners as candidates."""
    from emulator.world import (
        synthetic_world,
        write_attributes_table,
        write_listening_table,
        write_tags_table,
        write_truth_table,
    )

    _marker(config).unlink(missing_ok=True)
    files = WorldFiles(config.home / "world")
    files.folder.mkdir(parents=True, exist_ok=True)
    console.print(f"[bold]1/3[/bold] Inventing {recipe.n_listeners:,} synthetic listeners")
    world = synthetic_world(recipe.n_listeners, recipe.seed)
    write_listening_table(world, files.listening)
    write_attributes_table(world, files.attributes)
    write_tags_table(world, files.tags)
    write_truth_table(world, files.truth)
    console.print("[bold]2/3[/bold] Training the two towers")
    tables = ["--attributes", str(files.attributes), "--tags", str(files.tags)]
    for folder in (config.model_folder, config.home / "models"):  # the new model is adopted
        shutil.rmtree(folder, ignore_errors=True)
    files.training.write_text(TRAINING)
    training = ("--listening", str(files.listening), *tables, "--config", str(files.training))
    candidates = (str(files.listening), *tables, "--synthetic", "--local-accounts", "--wait-s", WAIT_S)
    # the import reads its tables during the training
    with _running(("import", *candidates), ("train", *training, "--out", str(config.model_folder))) as steps:
        _finish("train", steps[1])
        console.print("[bold]3/3[/bold] Embedding the candidates")
        _finish("import", steps[0])
    _marker(config).write_text(json.dumps(asdict(recipe)))


def _require_ports(config: Settings) -> None:
    """Check that both ports are free and that the public URL leads to the app."""
    emulator, public = urlsplit(config.emulator_url), urlsplit(config.public_url)
    require_port(config.host, config.port, "EARSHOT_PORT with EARSHOT_PUBLIC_URL")
    require_port(emulator.hostname or "127.0.0.1", emulator.port or 80, "EARSHOT_EMULATOR_URL")
    if public.scheme == "http" and (public.port or 80) != config.port:
        raise SettingsError(
            f"EARSHOT_PUBLIC_URL leads to port {public.port or 80} and EARSHOT_PORT is {config.port}: set "
            "both to the same"
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


@contextmanager
def _running(*commands: tuple[str, ...]) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Run commands as child processes; stop those still running at the end."""
    processes: list[subprocess.Popen[bytes]] = []
    try:
        for arguments in commands:
            processes.append(subprocess.Popen(_earshot(*arguments)))  # noqa: S603
        yield processes
    finally:
        _stop(processes)


def _finish(name: str, step: subprocess.Popen[bytes]) -> None:
    if step.wait():
        raise EarshotError(f"preparing the demo stopped at `earshot {name}`; see above")


def _emulator(config: Settings, recipe: Recipe) -> tuple[str, ...]:
    address = urlsplit(config.emulator_url)
    place = ("--host", address.hostname or "127.0.0.1", "--port", str(address.port or 80))
    return ("emulator", "--listeners", str(recipe.n_listeners), "--seed", str(recipe.seed), *place)


def _run_servers(config: Settings, started: list[subprocess.Popen[bytes]], console: Console) -> None:
    """Start the app beside the servers already started, and wait until one stops."""
    with _running(("serve",)) as app, suppress(KeyboardInterrupt):
        servers = [*started, *app]
        _wait_for(config.emulator_url + "/_emulator/health", servers)
        _wait_for(config.public_url + "/healthz", servers)
        ready = Text.assemble("\nEarshot is ready: ", (config.public_url, "bold"), "   (Ctrl-C stops it)\n")
        console.print(ready, soft_wrap=True)
        _wait_until_one_stops(servers)


def _wait_for(address: str, servers: list[subprocess.Popen[bytes]], limit_s: float = 180) -> None:
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


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    for one in processes:
        one.terminate()  # no effect if it has ended
    for one in processes:
        try:
            one.wait(timeout=10)
        except subprocess.TimeoutExpired:
            one.kill()
            one.wait()
