"""`earshot doctor`: check everything Earshot needs, and say what to fix."""

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from matcher.errors import EarshotError, ModelError, SettingsError
from storage.server.database import Database
from storage.server.migrate import SchemaState, extension_problem, require_plain_role, schema_state
from storage.stores.listeners.stale_rows import count_stale
from storage.stores.records.models import PostgresModelRegistry
from wiring.bootstrap import open_configured
from wiring.checks import require_port
from wiring.jobs.model_changes import advice
from wiring.settings import Settings, read_settings
from wiring.signing_in.keys import account_keys_file, fingerprints, grant_cipher, grant_keys_file
from wiring.spotify import spotify_settings

VERSIONS = {"streamlit": ((1, 67), (1, 68)), "spotipy": ((2, 26), (2, 27))}
"""Libraries whose exact version matters: at least the first, below the second. requirements.txt says why."""
PYTHON = ((3, 11), (3, 14))
ACCOUNTS_URL = "https://accounts.spotify.com"
MOST_SKEW = timedelta(seconds=60)
_TIMEOUT_S = 5.0


class Verdict(StrEnum):
    """Result of a check."""

    GOOD = "ok"
    NOTE = "note"
    WRONG = "mend"


@dataclass(frozen=True, slots=True)
class Finding:
    """Result of one check, with the fix if it failed."""

    verdict: Verdict
    topic: str
    text: str

    def __str__(self) -> str:
        return f"{self.verdict:<5}{self.topic}: {self.text}"


def examine() -> Iterator[Finding]:
    """Run all checks; changes nothing and shows no secret."""
    yield from _versions()
    try:
        config = read_settings()
    except SettingsError as error:
        yield from (_wrong("settings", one) for one in str(error).split("; "))
        return
    yield _good("settings", f"{config.mode} mode, home is {config.home}")
    for check in (_redirect, _spotify_app, _home, _port, _keys, _account_keys, _clock, _database, _model):
        yield from _safely(check, config)


def _safely(check: Callable[[Settings], Iterator[Finding]], config: Settings) -> Iterator[Finding]:
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
    elif not config.spotify:
        yield _good("spotify app", "none is needed: EARSHOT_SPOTIFY is false")
    elif found.client_secret:
        yield _good("spotify app", "client id and secret are set")
    else:
        yield _good("spotify app", "client id is set; without a secret, PKCE alone protects the sign-in")


def _keys(config: Settings) -> Iterator[Finding]:
    path, is_set = grant_keys_file(config), config.grant_keys is not None
    yield _key("keys", "EARSHOT_GRANT_KEYS", is_set, path, partial(grant_cipher, config))


def _account_keys(config: Settings) -> Iterator[Finding]:
    path, is_set = account_keys_file(config), config.account_keys is not None
    yield _key("account keys", "EARSHOT_ACCOUNT_KEYS", is_set, path, partial(fingerprints, config))


def _key(topic: str, name: str, is_set: bool, path: Path, use: Callable[[], object]) -> Finding:
    """Check keys of a setting or a file; a missing file is not created."""
    if not is_set and not path.exists():
        return _good(topic, f"{path} will be made on first use")
    use()
    return _good(topic, f"{name} can be used" if is_set else f"{path} can be used, by its owner alone")


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
    """A server's current time; None if it does not answer or does not send it."""
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


def _home(config: Settings) -> Iterator[Finding]:
    """Whether the home, or else its nearest existing parent, is writable."""
    there = next(one for one in (config.home, *config.home.absolute().parents) if one.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        yield _wrong(
            "home",
            f"nothing can be written into {there}: make it a writable folder, or set EARSHOT_HOME to one",
        )
    else:
        yield _good("home", f"{config.home} can be written")


def _port(config: Settings) -> Iterator[Finding]:
    try:
        require_port(config.host, config.port, "EARSHOT_HOST and EARSHOT_PORT")
    except SettingsError as error:
        yield Finding(Verdict.NOTE, "port", f"{error}; unless Earshot is what runs there")
    else:
        yield _good("port", f"{config.host}:{config.port} is free to listen on")


def _database(config: Settings) -> Iterator[Finding]:
    folder = config.home / "postgres"
    if config.database_url is None and not folder.exists():
        yield _good("database", f"an embedded one will be made in {folder}")
    yield from _on_database(config, _findings)


def _on_database(config: Settings, look: Callable[[Database], Iterator[Finding]]) -> Iterator[Finding]:
    """Findings in the database; none before the embedded one is created."""
    if config.database_url is None and not (config.home / "postgres").exists():
        return
    database = open_configured(config)
    try:
        yield from look(database)
    finally:
        database.close()


def _findings(database: Database) -> Iterator[Finding]:
    state = schema_state(database.engine)
    yield _verdict_on(state)
    if problem := extension_problem(database.owner):
        yield _wrong("pgvector", problem)
    require_plain_role(database.engine)


def _verdict_on(state: SchemaState) -> Finding:
    match state:
        case SchemaState.CURRENT:
            return _good("database", "answers, and its schema is up to date")
        case SchemaState.EMPTY:
            return _good("database", "answers, and is empty: the first start makes the tables")
        case SchemaState.FOREIGN:
            text = "holds tables of something else and none of Earshot's: make one for Earshot alone"
        case SchemaState.NEWER:
            text = "is of a newer Earshot: install that one again, or restore a backup from before"
        case SchemaState.OLDER:
            text = "is of an older Earshot: `earshot serve` brings it up; make a backup first"
    return _wrong("database", text)


def _model(config: Settings) -> Iterator[Finding]:
    served = list(_on_database(config, partial(_serving, config)))
    yield from served or _loaded(config.model_folder)


def _serving(config: Settings, database: Database) -> Iterator[Finding]:
    is_current = schema_state(database.engine) is SchemaState.CURRENT
    serving = PostgresModelRegistry(database).serving() if is_current else ""
    shelved = config.home / "models" / serving
    yield from _loaded(shelved if serving and shelved.is_dir() else config.model_folder, database)


def _loaded(folder: Path, database: Database | None = None) -> Iterator[Finding]:
    from towers.serving.bundle import load_pipeline

    try:
        found = load_pipeline(folder)
    except ModelError as error:
        yield _wrong("model", f"{error}; EARSHOT_MODEL names another folder")
        return
    yield _good("model", f"{found.embedder.model_version} in {folder}")
    if database is not None:
        yield from _index(found.embedder.model_version, database)


def _index(model_version: str, database: Database) -> Iterator[Finding]:
    if schema_state(database.engine) is not SchemaState.CURRENT:
        return
    n_stale = count_stale(database, model_version)
    yield _wrong("index", advice(n_stale)) if n_stale else _good("index", "every listener can be ranked")


def _good(topic: str, text: str) -> Finding:
    return Finding(Verdict.GOOD, topic, text)


def _wrong(topic: str, text: str) -> Finding:
    return Finding(Verdict.WRONG, topic, text)
