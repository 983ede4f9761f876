"""Encryption of grants, each bound to its listener."""

import json
import os
import secrets
import stat
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from matcher.errors import SettingsError
from matcher.ports import Grant


class GrantCipher:
    """Encrypts grants with the first of its Fernet keys; decrypts with any.

    To rotate, put a new key first; drop the old one after every grant was saved again.

    Raises:
        SettingsError: there is no key, or one is not a Fernet key.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys:
            raise SettingsError("there is no key to encrypt grants with")
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError as error:
            raise SettingsError("a key to encrypt grants with is not a Fernet key") from error

    def seal(self, listener_id: str, grant: Grant) -> bytes:
        content = {
            "listener_id": listener_id,
            "access_token": grant.access_token,
            "refresh_token": grant.refresh_token,
            "scopes": sorted(grant.scopes),
            "expires_at_utc": grant.expires_at_utc.isoformat(),
            "authorized_at_utc": grant.authorized_at_utc.isoformat(),
        }
        return self._fernet.encrypt(json.dumps(content).encode())

    def open(self, listener_id: str, ciphertext: bytes) -> Grant:
        """Decrypt a listener's grant.

        Raises:
            InvalidToken: wrong key, another listener's grant, or changed content.
        """
        content = self._opened(listener_id, ciphertext)
        return Grant(
            access_token=content["access_token"],
            refresh_token=content["refresh_token"],
            scopes=frozenset(content["scopes"]),
            expires_at_utc=datetime.fromisoformat(content["expires_at_utc"]),
            authorized_at_utc=datetime.fromisoformat(content["authorized_at_utc"]),
        )

    def seal_name(self, listener_id: str, name: str) -> bytes:
        """Encrypt what a listener is called at a service."""
        return self._fernet.encrypt(json.dumps({"listener_id": listener_id, "name": name}).encode())

    def open_name(self, listener_id: str, ciphertext: bytes) -> str:
        """Decrypt what a listener is called at a service.

        Raises:
            InvalidToken: as for `open`.
        """
        return str(self._opened(listener_id, ciphertext)["name"])

    def _opened(self, listener_id: str, ciphertext: bytes) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self._fernet.decrypt(ciphertext))
        if content["listener_id"] != listener_id:
            raise InvalidToken
        return content


def load_or_create_keys(path: Path) -> tuple[bytes, ...]:
    """Keys in a file, one per line, newest first; created with a new key if missing.

    Two processes that start at once get the same key.

    Raises:
        SettingsError: the file cannot be used, or others than its owner may read or write it.
    """
    try:
        if not path.exists():
            _create(path)
        if os.name != "nt" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise SettingsError(f"others may read the key file {path.name}: run chmod 600 on it")
        return tuple(line.strip() for line in path.read_bytes().splitlines() if line.strip())
    except OSError as error:
        raise SettingsError(f"the key file {path.name} cannot be used: {error.strerror}") from error


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(Fernet.generate_key() + b"\n")
    with suppress(FileExistsError):  # another process was first: its key is used
        os.link(draft, path)
    draft.unlink()
