"""The operator's keys: as they are set, or in files under the home folder."""

from pathlib import Path

from pydantic import SecretStr

from storage.stores.lifetime.fingerprints import Fingerprints
from storage.stores.signing_in.cipher import GrantCipher, load_or_create_keys
from wiring.settings import Settings


def grant_keys_file(config: Settings) -> Path:
    """Where the keys for grants lie when no setting holds them."""
    return config.home / "grants.key"


def account_keys_file(config: Settings) -> Path:
    """Where the keys for fingerprints of accounts lie when no setting holds them."""
    return config.home / "accounts.key"


def grant_cipher(config: Settings) -> GrantCipher:
    """Encrypts grants; a key file is made on first use.

    Raises:
        SettingsError: the keys cannot be used.
    """
    return GrantCipher(_keys(config.grant_keys, grant_keys_file(config)))


def fingerprints(config: Settings) -> Fingerprints:
    """Knows erased accounts again; a key file is made on first use.

    Raises:
        SettingsError: the keys cannot be used.
    """
    return Fingerprints(_keys(config.account_keys, account_keys_file(config)))


def _keys(setting: SecretStr | None, path: Path) -> tuple[bytes, ...]:
    if setting:
        return tuple(key.strip().encode() for key in setting.get_secret_value().split(","))
    return load_or_create_keys(path)
