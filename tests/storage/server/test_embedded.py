"""The embedded server: shared, killed, kept in odd places."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from matcher.errors import SettingsError, StorageUnreachable
from storage.server import embedded
from storage.server.database import Database, open_database
from storage.server.embedded import pgexec
from storage.server.migrate import upgrade

OPEN_AND_ASK = """
import sys, pathlib
from storage.server.database import open_database
from storage.server.migrate import upgrade
database = open_database(None, pathlib.Path(sys.argv[1]))
upgrade(database)
with database.transaction() as connection:
    print(connection.exec_driver_sql("SELECT count(*) FROM listeners").scalar())
print("ready", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="earshot-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


def ask(database: Database) -> int:
    with database.transaction() as connection:
        return connection.exec_driver_sql("SELECT 1").scalar_one()


def server_pid(folder: Path) -> int:
    return int((folder / "data" / "postmaster.pid").read_text().split()[0])


def kill_with_all_backends(folder: Path) -> None:
    """Kill the server, and wait for its backends to notice: one of them may answer once more, and then go."""
    backends = psutil.Process(server_pid(folder)).children()
    os.kill(server_pid(folder), signal.SIGKILL)
    assert psutil.wait_procs(backends, timeout=60)[1] == []


def start_process(folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-W", "error", "-c", OPEN_AND_ASK, str(folder)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_a_killed_server_is_started_again(folder: Path):
    database = open_database(None, folder)
    assert ask(database) == 1
    kill_with_all_backends(folder)
    start = threading.Barrier(4)

    def ask_at_once(_: int) -> int:
        start.wait(timeout=60)
        return ask(database)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask_at_once, range(4))) == [1] * 4
    database.close()


@pytest.mark.slow
def test_a_server_killed_before_the_start_is_started_again(folder: Path):
    first = start_process(folder)
    assert [first.stdout.readline(), first.stdout.readline()] == ["0\n", "ready\n"]
    server = server_pid(folder)
    first.kill()
    first.communicate()
    os.kill(server, signal.SIGKILL)
    database = open_database(None, folder)
    assert ask(database) == 1
    database.close()
    assert not (folder / "data" / "postmaster.pid").exists()


@pytest.mark.slow
def test_processes_that_start_at_once_share_one_server_until_the_last_has_gone(folder: Path):
    processes = [start_process(folder) for _ in range(3)]
    for process in processes:
        assert [process.stdout.readline(), process.stdout.readline()] == ["0\n", "ready\n"]
    server = server_pid(folder)
    for process in processes[:2]:
        process.communicate("\n", timeout=30)
    assert psutil.pid_exists(server)
    processes[2].communicate("\n", timeout=30)
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert not (folder / "data" / "postmaster.pid").exists()


def test_a_folder_may_be_long_and_hold_any_character(folder: Path):
    odd = folder / "a b 'c' %x" / ("long" * 30)
    database = open_database(None, odd)
    upgrade(database)
    assert ask(database) == 1
    database.close()


def test_closing_one_of_two_leaves_the_other_open(folder: Path):
    first, second = open_database(None, folder), open_database(None, folder)
    first.close()
    assert ask(second) == 1
    second.close()
    assert not (folder / "data" / "postmaster.pid").exists()


def test_a_folder_that_cannot_be_made_is_said_so(folder: Path):
    (folder / "file").write_text("")
    with pytest.raises(StorageUnreachable):
        open_database(None, folder / "file" / "database")


@pytest.mark.parametrize("url", ["mysql://x/y", "not a url", "sqlite://"])
def test_what_is_no_postgresql_is_refused(url: str, folder: Path):
    with pytest.raises(SettingsError):
        open_database(url, folder)


def test_the_address_of_any_postgresql_gets_our_driver(folder: Path):
    for url in ("postgres://u:p@h/d", "postgresql://u:p@h/d", "postgresql+psycopg2://u:p@h/d"):
        database = open_database(url, folder)
        assert database.engine.url.drivername == "postgresql+psycopg"
        assert "p@" not in repr(database)
        database.close()


def test_a_server_on_its_way_up_is_stopped_too(folder: Path):
    """Its file names the process first, and where it listens only later: a signal may come in between."""
    database = open_database(None, folder)
    pid, file = server_pid(folder), folder / "data" / "postmaster.pid"
    file.write_text(f"{pid}\n")
    database.close()
    assert psutil.wait_procs([psutil.Process(pid)] if psutil.pid_exists(pid) else [], timeout=60)[1] == []


def test_a_server_that_names_itself_only_after_the_interruption_is_stopped_too(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    pids: list[int] = []

    def interrupted(command: str, arguments: tuple[str, ...], **more: object) -> str:
        told = pgexec(command, arguments, **more)
        if arguments[-1] == "start":
            pids.append(server_pid(folder))
            file = folder / "data" / "postmaster.pid"
            hidden = file.rename(file.with_suffix(".hidden"))
            threading.Timer(0.5, lambda: hidden.rename(file)).start()
            raise KeyboardInterrupt
        return told

    monkeypatch.setattr(embedded, "pgexec", interrupted)
    with pytest.raises(KeyboardInterrupt):
        open_database(None, folder)
    (pid,) = pids
    assert psutil.wait_procs([psutil.Process(pid)] if psutil.pid_exists(pid) else [], timeout=60)[1] == []
