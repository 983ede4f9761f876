"""Checks before any work: writable home, free port, writable output."""

import os
import socket
from pathlib import Path
from tempfile import TemporaryFile

from matcher.errors import InputError, SettingsError
from wiring.settings import Settings


def make_home(config: Settings) -> None:
    """Create the home folder.

    Raises:
        SettingsError: it cannot be created or written to.
    """
    try:
        config.home.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=config.home):
            pass
    except OSError as error:
        raise SettingsError(
            f"nothing can be written into {config.home} ({error.strerror}): make it writable, or set "
            "EARSHOT_HOME to a folder that is"
        ) from error


def require_port(host: str, port: int, names: str) -> None:
    """Check that a port can be listened on.

    Raises:
        SettingsError: it is in use, not of this machine, or needs more rights.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            if os.name != "nt":  # on Windows it lets two processes share a port
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            probe.listen()
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "no such host"
        raise SettingsError(
            f"{host} cannot be listened on at port {port} ({reason}): stop what listens there, or change "
            f"{names}"
        ) from error


def require_writable(out: Path) -> None:
    """Check that a file can be written, and create its folder.

    Raises:
        InputError: it cannot be written.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{out} cannot be written: {error.strerror or error}") from error
    there = out if out.exists() else out.parent
    if out.is_dir() or not os.access(there, os.W_OK):
        raise InputError(f"{out} cannot be written: choose another place, or make {there} writable")


def require_writable_folder(out: Path) -> None:
    """Check that a folder can be created or replaced, and create its parent.

    Raises:
        InputError: it cannot be created or replaced.
    """
    require_writable(out.absolute() / "manifest.json" if out.is_dir() else out.absolute())
