"""Private folder for the embedded server's socket."""

import hashlib
import os
import stat
import tempfile
from pathlib import Path

from matcher.errors import StorageUnreachable

SOCKET = ".s.PGSQL.5432"
_LONGEST_PATH = 103
"""Longest socket path in bytes: macOS allows 104, Linux 108, NUL included."""


def socket_folder(data: Path, server_user: str | None) -> Path:
    """The data folder, or a private temporary one if its path is too long.

    Raises:
        StorageUnreachable: the folder is not private to this user, so somebody could intercept connections.
    """
    if len(os.fsencode(data / SOCKET)) <= _LONGEST_PATH:
        return data
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"earshot-{digest}"
    owner = _uid(server_user)
    _make(folder, owner)
    _require_private(folder, owner)
    return folder


def _uid(user: str | None) -> int:
    if user is None:
        return os.geteuid()
    import pwd  # POSIX only

    return pwd.getpwnam(user).pw_uid


def _make(folder: Path, owner: int) -> None:
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        return
    if owner != os.geteuid():
        os.chown(folder, owner, -1, follow_symlinks=False)


def _require_private(folder: Path, owner: int) -> None:
    found = folder.lstat()  # lstat: a symbolic link is not accepted
    private = stat.S_ISDIR(found.st_mode) and not stat.S_IMODE(found.st_mode) & 0o077
    if not private or found.st_uid != owner:
        raise StorageUnreachable(
            f"the folder {folder}, meant for the database's socket, belongs to somebody else or is open to "
            "others: delete it, or set EARSHOT_HOME to a shorter path"
        )
