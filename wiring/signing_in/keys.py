"""The operator's keys, from settings or from files in the home folder."""

from pathlib import Path

from pydantic import SecretStr

from storage.stores.lifetime.fingerprints import Fingerprints
from storage.stores.signing_in.cipher import GrantCipher, load_or_create_keys
from wiring.settings import Settings


def grant_keys_file(config: Settings) -> Path:
    """Key file for grants, used if there is no setting."""
    return config.home / "grants.key"


def account_keys_file(config: Settings) -> Path:
    """Key file for fingerprints of accounts, used if there is no setting."""
    return config.home / "accounts.key"


def grant_cipher(config: Settings) -> GrantCipher:
    """Cipher for grants; creates the key file on first use.

    Raises:
        SettingsError: the keys are unusable.
    """
    return GrantCipher(_keys(config.grant_keys, grant_keys_file(config)))


def fingerprints(config: Settings) -> Fingerprints:
    """Fingerprints of erased accounts; creates the key file on first use.

    Raises:
        SettingsError: the keys are unusable.
    """
    return Fingerprints(_keys(config.account_keys, account_keys_file(config)))


def _keys(setting: SecretStr | None, path: Path) -> tuple[bytes, ...]:
    if setting:
        return tuple(key.strip().encode() for key in setting.get_secret_value().split(","))
    return load_or_create_keys(path)
