"""The folder of the embedded server's socket: nobody else's, and open to nobody else."""

import os
import stat
import tempfile
from pathlib import Path

import pytest

from matcher.errors import StorageUnreachable
from storage.server.database import open_database
from storage.server.socket_folder import socket_folder

LONG = "long" * 40


@pytest.fixture
def temporary(monkeypatch):
    """A temporary folder of this test, short enough for a socket."""
    with tempfile.TemporaryDirectory(prefix="es-", dir="/tmp") as name:
        Path(name).chmod(0o777)
        monkeypatch.setattr(tempfile, "tempdir", name)
        yield Path(name)


@pytest.mark.parametrize("name", ["short", LONG])
def test_the_socket_lies_in_a_private_folder_of_the_servers_user(temporary, name):
    folder = temporary / name
    database = open_database(None, folder)
    try:
        place = Path(database.engine.url.query["host"])
        found = place.lstat()
        assert stat.S_IMODE(found.st_mode) == 0o700
        assert found.st_uid == (folder / "data").stat().st_uid
        assert stat.S_IMODE((place / ".s.PGSQL.5432").lstat().st_mode) == 0o700
        assert (place == folder / "data") == (name == "short")
    finally:
        database.close()


@pytest.mark.parametrize("how", ["open to all", "a link", "somebody else's"])
def test_a_folder_that_somebody_else_could_have_made_is_refused(temporary, how):
    data = temporary / LONG / "data"
    place = socket_folder(data, None)
    place.rmdir()
    if how == "a link":
        (temporary / "elsewhere").mkdir(mode=0o700)
        place.symlink_to(temporary / "elsewhere")
    else:
        place.mkdir(mode=0o700)
    if how == "open to all":
        place.chmod(0o777)
    if how == "somebody else's":
        if os.geteuid():
            pytest.skip("only root can make a folder for somebody else")
        os.chown(place, 12345, 12345)
    with pytest.raises(StorageUnreachable, match="belongs to somebody else"):
        socket_folder(data, None)


def test_an_existing_folder_of_ours_is_used_again(temporary):
    data = temporary / LONG / "data"
    assert socket_folder(data, None) == socket_folder(data, None)
