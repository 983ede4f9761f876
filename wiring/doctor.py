"""`earshot doctor`: looks at everything Earshot needs, and says what to mend."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from matcher.errors import EarshotError, ModelError, SettingsError
from storage.cipher import GrantCipher, load_or_create_keys
from storage.database import open_database
from storage.migrate import is_migrated
from wiring.settings import Settings, read_settings
from wiring.spotify import spotify_settings

VERSIONS = {"streamlit": ((1, 67), (1, 68)), "spotipy": ((2, 26), (2, 27))}
"""Libraries whose exact version matters: from the first, below the second. requirements.txt says why."""
PYTHON = ((3, 11), (3, 14))
ACCOUNTS_URL = "https://accounts.spotify.com"
MOST_SKEW = timedelta(seconds=60)
_TIMEOUT_S = 5.0


class Verdict(StrEnum):
    """How something stands."""

    GOOD = "ok"
    NOTE = "note"
    WRONG = "mend"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: how it stands, and what to do where it is wrong."""

    verdict: Verdict
    topic: str
    text: str

    def __str__(self) -> str:
        return f"{self.verdict:<5}{self.topic}: {self.text}"


def examine() -> Iterator[Finding]:
    """Look at everything, one thing after another. Nothing is changed, and no secret is told."""
    yield from _versions()
    try:
        config = read_settings()
    except SettingsError as error:
        yield from (_wrong("settings", one) for one in str(error).split("; "))
        return
    yield _good("settings", f"{config.mode} mode, home is {config.home}")
    for check in (_redirect, _spotify_app, _keys, _clock, _database, _model):
        yield from _safely(check, config)


def _safely(check: Callable[[Settings], Iterator[Finding]], config: Settings) -> Iterator[Finding]:
    """What a check finds; an error on purpose is a finding as well."""
    try:
        yield from check(config)
    except EarshotError as error:
        yield _wrong(check.__name__.strip("_").replace("_", " "), str(error))


def _versions() -> Iterator[Finding]:
    low, high = PYTHON
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    fits = low <= sys.version_info[:2] < high
    yield _good("python", here) if fits else _wrong("python", f"{here}; use 3.11, 3.12 or 3.13")
    for name, (least, below) in VERSIONS.items():
        yield _version(name, least, below)


def _version(name: str, least: tuple[int, int], below: tuple[int, int]) -> Finding:
    wanted = f"from {least[0]}.{least[1]}, below {below[0]}.{below[1]}"
    try:
        found = version(name)
    except PackageNotFoundError:
        return _wrong(name, f"is not installed; install {wanted} (`make demo` does)")
    major, minor = (int(part) for part in found.split(".")[:2])
    return (
        _good(name, found) if least <= (major, minor) < below else _wrong(name, f"{found}; install {wanted}")
    )


def _redirect(config: Settings) -> Iterator[Finding]:
    yield _good("redirect", f"register exactly {config.redirect_uri} with your Spotify app")
    public, host = urlsplit(config.public_url).hostname, config.host
    if public == "127.0.0.1" and host not in ("127.0.0.1", "0.0.0.0", "localhost"):  # noqa: S104
        yield _wrong("redirect", "EARSHOT_HOST does not listen where EARSHOT_PUBLIC_URL leads: 127.0.0.1")


def _spotify_app(config: Settings) -> Iterator[Finding]:
    found = spotify_settings(config)
    if config.demo:
        yield _good("spotify app", "the local Spotify needs none")
    elif found.client_secret:
        yield _good("spotify app", "client id and secret are set")
    else:
        yield _good("spotify app", "client id is set; without a secret, PKCE alone protects the sign-in")


def _keys(config: Settings) -> Iterator[Finding]:
    path = config.home / "grants.key"
    if config.grant_keys:
        GrantCipher([key.strip().encode() for key in config.grant_keys.get_secret_value().split(",")])
        yield _good("keys", "EARSHOT_GRANT_KEYS can be used")
    elif path.exists():
        GrantCipher(load_or_create_keys(path))
        yield _good("keys", f"{path} can be used, by its owner alone")
    else:
        yield _good("keys", f"{path} will be made on first use")


def _clock(config: Settings) -> Iterator[Finding]:
    address = config.emulator_url if config.demo else ACCOUNTS_URL
    told = _date_at(address)
    if told is None:
        cure = "start it with `earshot demo`" if config.demo else "see whether this machine is online"
        yield Finding(Verdict.NOTE, "clock", f"not compared: {address} does not answer; {cure}")
    elif abs(datetime.now(UTC) - told) > MOST_SKEW:
        yield _wrong("clock", f"differs from {address} by more than a minute; set it by the network (NTP)")
    else:
        yield _good("clock", f"agrees with {address}")


def _date_at(address: str) -> datetime | None:
    """What a server takes for the time now; None where it does not answer or does not say."""
    request = Request(address + "/", method="HEAD", headers={"User-Agent": "Earshot doctor"})  # noqa: S310
    try:
        with urlopen(request, timeout=_TIMEOUT_S) as response:  # noqa: S310
            header = response.headers.get("Date", "")
    except HTTPError as error:
        with error:
            header = error.headers.get("Date", "")
    except (URLError, OSError):
        return None
    try:
        return parsedate_to_datetime(header).astimezone(UTC)
    except ValueError:
        return None


def _database(config: Settings) -> Iterator[Finding]:
    folder = config.home / "postgres"
    if config.database_url is None and not folder.exists():
        yield _good("database", f"an embedded one will be made in {folder}")
        return
    url = config.database_url.get_secret_value() if config.database_url else None
    database = open_database(url, folder)
    try:
        migrated = is_migrated(database.engine)
    finally:
        database.close()
    if migrated:
        yield _good("database", "answers, and its schema is up to date")
    else:
        yield _wrong("database", "its schema is not this Earshot's; `earshot serve` brings an older one up")


def _model(config: Settings) -> Iterator[Finding]:
    from towers.serving.bundle import load_pipeline

    try:
        found = load_pipeline(config.model_folder)
    except ModelError as error:
        yield _wrong("model", f"{error}; EARSHOT_MODEL names another folder")
        return
    yield _good("model", f"{found.embedder.model_version} in {config.model_folder}")


def _good(topic: str, text: str) -> Finding:
    return Finding(Verdict.GOOD, topic, text)


def _wrong(topic: str, text: str) -> Finding:
    return Finding(Verdict.WRONG, topic, text)
