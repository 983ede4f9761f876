"""Every command in every unlucky situation: one sentence with the cure, never a traceback."""

import os
import socket

import pytest

from harness.stack import free_port
from storage.server.database import open_database
from storage.server.migrate import upgrade
from tests.external import external_postgres
from tests.wiring.conftest import HEAD
from wiring.bootstrap import close_application
from wiring.jobs import serving
from wiring.settings import settings as read_once

COMMANDS = {
    "demo": ("demo", "--listeners", "20"),
    "serve": ("serve",),
    "import": ("import", "listening.csv"),
    "feedback": ("feedback", "--out", "pairs.csv"),
    "purge": ("purge",),
    "models list": ("models", "list"),
    "models show": ("models", "show"),
    "doctor": ("doctor",),
}
"""Those that look at home and database."""

ON_FILES = {
    "train": ("train", "--listening", "listening.csv", "--out", "OUT"),
    "embed": ("embed", "--model", "model", "--listening", "listening.csv", "--out", "OUT/x.parquet"),
    "match": (
        *("match", "--model", "model", "--queries", "listening.csv"),
        *("--candidates", "listening.csv", "--out", "OUT/x.parquet"),
    ),
    "evaluate": ("evaluate", "--listening", "listening.csv", "--out", "OUT/x.json"),
    "feedback": ("feedback", "--out", "OUT/x.csv"),
}


@pytest.fixture(scope="module")
def external():
    with external_postgres() as server:
        server.role("plain")
        server.role("guest")
        yield server


@pytest.fixture
def run(tmp_path, monkeypatch, earshot):
    """Runs a command in a folder of its own: exit code and everything it said."""
    (tmp_path / "listening.csv").write_text(HEAD + "a,Low,Words,1\n")
    for name in [one for one in os.environ if one.startswith("EARSHOT_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(serving, "share_arenas", lambda: None)  # of this process, which goes on
    monkeypatch.setattr(serving, "calculate_alone", lambda: None)
    free = {"PORT": free_port(), "EMULATOR_URL": f"http://127.0.0.1:{free_port()}"}

    def start(*arguments, **settings):
        for name, value in {**free, **settings}.items():
            monkeypatch.setenv(f"EARSHOT_{name}", str(value))
        read_once.cache_clear()
        close_application()
        code, out, err = earshot(*arguments)
        return code, out + err

    yield start
    close_application()
    read_once.cache_clear()


@pytest.fixture
def taken():
    """A port that somebody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield str(server.getsockname()[1])


def assert_one_sentence(name, found, *words):
    code, said = found
    assert code in (1, 2), said
    assert "Traceback" not in said
    for word in words:
        assert word in said
    if name == "doctor":
        assert "mend " in said
    else:
        assert said.count("earshot: ") == 1, said
        assert said.startswith("earshot: "), said


@pytest.fixture(scope="module")
def addresses(external):
    """The situations of a database: its address, and what is to be said."""
    newer = external.database("newer", "plain", vector=True)
    with_tables = open_database(newer, None)
    upgrade(with_tables)
    with with_tables.transaction() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999_future'")
    with_tables.close()
    no_vector = external.database("no_vector", "plain")
    no_files = external.database("no_files", "plain")
    external.run("ALTER DATABASE no_files SET extension_control_path TO '/nonexistent'")
    external.database("not_mine", "plain", vector=True)
    return {
        "newer": (newer, "newer Earshot"),
        "no right to make the extension": (no_vector, "CREATE EXTENSION vector"),
        "no pgvector": (no_files, "has no pgvector"),
        "no right to make tables": (external.url("guest", "not_mine"), "permission denied"),
        "a superuser": (external.url("postgres", "postgres"), "superuser"),
        "a wrong password": (external.url("plain", "newer", "wrong"), "password"),
        "no such database": (external.url("plain", "nowhere"), "no such database"),
        "nobody there": (f"postgresql://plain@127.0.0.1:{free_port()}/x", "nothing listens"),
        "a port that is none": ("postgresql://plain@127.0.0.1:99999/x", "port"),
        "a word for a port": ("postgresql://plain@127.0.0.1:port/x", "database URL"),
    }


SITUATIONS = (
    "newer",
    "no right to make the extension",
    "no pgvector",
    "no right to make tables",
    "a superuser",
    "a wrong password",
    "no such database",
    "nobody there",
    "a port that is none",
    "a word for a port",
)


@pytest.mark.parametrize(
    ("name", "situation"),
    [(name, SITUATIONS[1]) for name in COMMANDS if name != "demo"]
    + [(name, other) for name in ("purge", "doctor") for other in SITUATIONS if other != SITUATIONS[1]],
)
def test_a_database_that_will_not_do(run, addresses, name, situation):
    if (name, situation) == ("doctor", "no right to make tables"):
        pytest.skip("whether tables can be made shows when they are made")
    url, told = addresses[situation]
    assert_one_sentence(name, run(*COMMANDS[name], DATABASE_URL=url), told)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_home_that_cannot_be_written(run, tmp_path, name):
    (tmp_path / "file").write_text("")
    assert_one_sentence(name, run(*COMMANDS[name], HOME=tmp_path / "file" / "home"), "EARSHOT_HOME")


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("port", ["nine", "0", "65536"])
def test_a_port_that_is_none(run, name, port):
    if port != "nine" and name not in ("serve", "doctor"):
        pytest.skip("settings are read in one place")
    assert_one_sentence(name, run(*COMMANDS[name], PORT=port), "EARSHOT_PORT")


@pytest.mark.parametrize("setting", ["PUBLIC_URL", "EMULATOR_URL"])
@pytest.mark.parametrize("port", ["nine", "0", "99999"])
def test_an_address_whose_port_is_none(run, setting, port):
    said = run("doctor", **{setting: f"http://127.0.0.1:{port}"})
    assert_one_sentence("doctor", said, f"EARSHOT_{setting}")


@pytest.mark.parametrize("name", ["serve", "demo"])
def test_a_port_that_is_taken(run, name, taken):
    public = f"http://127.0.0.1:{taken}"
    assert_one_sentence(name, run(*COMMANDS[name], PORT=taken, PUBLIC_URL=public), taken, "EARSHOT_PORT")


def test_the_local_spotify_says_that_its_port_is_taken(run, taken):
    assert_one_sentence("emulator", run("emulator", "--listeners", "5", "--port", taken), taken, "--port")


def test_the_demo_says_that_address_and_port_do_not_go_together(run):
    said = run(*COMMANDS["demo"], PORT=free_port(), PUBLIC_URL=f"http://127.0.0.1:{free_port()}")
    assert_one_sentence("demo", said, "EARSHOT_PUBLIC_URL")


@pytest.mark.parametrize("name", ON_FILES)
def test_a_place_that_cannot_be_written_is_said_before_the_work(run, tmp_path, name):
    (tmp_path / "file").write_text("")
    arguments = [one.replace("OUT", str(tmp_path / "file" / "[red]x")) for one in ON_FILES[name]]
    assert_one_sentence(name, run(*arguments), "[red]x", "cannot be written")


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
def test_a_key_that_others_may_read(run, tmp_path):
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "grants.key").write_text("x")
    (tmp_path / "var" / "grants.key").chmod(0o644)
    assert_one_sentence("doctor", run("doctor"), "chmod 600")
