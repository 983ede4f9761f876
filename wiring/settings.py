"""All settings in one typed object, read once from `EARSHOT_…` or a `.env` file."""

from datetime import timedelta
from enum import StrEnum
from functools import lru_cache
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from matcher.errors import SettingsError
from matcher.taste.change_limit import MOST_LONG, MOST_SHORT

DEMO_CLIENT_ID = "earshot-demo"
LIVE_REFRESH_INTERVAL_S = 600
RECCOBEATS_URL = "https://api.reccobeats.com/v1"


class Mode(StrEnum):
    """Where sign-in leads: the local Spotify (demo) or Spotify (live)."""

    DEMO = "demo"
    LIVE = "live"


class Settings(BaseSettings):
    """Settings of one Earshot. Secrets do not show in its repr.

    Attributes:
        home: folder for the model, the embedded database and key files.
        database_url: PostgreSQL with pgvector; unset: the embedded one under `home`.
        database_owner_url: the same, as the role that owns the tables; unset: `database_url`.
        model: the artefact folder; unset: `home/model`.
        host, port: where the app listens.
        public_url: how browsers reach the app; cookies are Secure if it is https.
        emulator_url: where the local Spotify listens; demo only.
        spotify: whether listeners can sign in with Spotify; the other doors need none.
        spotify_client_id, spotify_client_secret: of the operator's Spotify app; live only.
        accept_spotify_terms: the operator has read README on Spotify's terms; live only.
        grant_keys: Fernet keys for stored grants, newest first, separated by commas; unset: a key file under
            `home`, created on first use.
        account_keys: keys (32 characters or more) for fingerprints of erased accounts; else as `grant_keys`.
        calls_budget: most calls to Spotify per refresh.
        refresh_interval_s: least seconds between refreshes of a listener; unset: 0 (demo) or 600 (live).
        taste_changes_10_min, taste_changes_day: most changes of exclusions per listener, and most facets
            matched on, in ten minutes and in a day.
        idle_days: a person who signed in is erased after so many days without a visit.
        reccobeats: ask ReccoBeats for audio attributes of signed-in listeners' tracks.
        reccobeats_url: its API; unset: the public one, in the demo that of the local Spotify.
        spotify_audio_features: ask Spotify for audio features (apps from before 2024-11-27).
        listenbrainz_url: ListenBrainz' API; unset: the public one, in the demo the local one.
        lastfm_api_key, lastfm_secret: of the operator's API account; unset: Last.fm is closed, but in the
            demo. The secret is needed to prove whose a name is.
        lastfm_url: Last.fm's API; unset: the public one, in the demo the local one.
        trusted_proxies: addresses or networks, separated by commas, whose client address is trusted.
        sign_ins_per_minute: most sign-in attempts per address.
        connections_per_address: most open tabs per address.
        upload_mb: largest upload of a listener, in millions of bytes.
        uploads_at_once: most uploads that arrive or wait to be read, of all listeners.
        uploads_per_hour: most uploads per address, and most accounts of picked artists.
    """

    model_config = SettingsConfigDict(
        env_prefix="EARSHOT_", env_file=".env", extra="ignore", frozen=True, str_strip_whitespace=True
    )

    mode: Mode = Mode.DEMO
    home: Path = Path("var")
    database_url: SecretStr | None = None
    database_owner_url: SecretStr | None = None
    model: Path | None = None
    host: str = "127.0.0.1"
    port: int = Field(8501, ge=1, le=65535)
    public_url: str = "http://127.0.0.1:8501"
    emulator_url: str = "http://127.0.0.1:9911"
    spotify: bool = True
    spotify_client_id: str = ""
    spotify_client_secret: SecretStr | None = None
    accept_spotify_terms: bool = False
    grant_keys: SecretStr | None = None
    account_keys: SecretStr | None = None
    calls_budget: int = Field(60, ge=5, le=500)
    refresh_interval_s: int | None = Field(None, ge=0, le=86_400)
    taste_changes_10_min: int = Field(MOST_SHORT, ge=1, le=1000)
    taste_changes_day: int = Field(MOST_LONG, ge=1, le=10_000)
    idle_days: int = Field(30, ge=1, le=180)
    reccobeats: bool = False
    reccobeats_url: str | None = None
    spotify_audio_features: bool = False
    listenbrainz_url: str | None = None
    lastfm_api_key: SecretStr | None = None
    lastfm_secret: SecretStr | None = None
    lastfm_url: str | None = None
    trusted_proxies: str = ""
    sign_ins_per_minute: int = Field(30, ge=1, le=100_000)
    connections_per_address: int = Field(100, ge=1, le=100_000)
    upload_mb: int = Field(1_500, ge=1, le=100_000)
    uploads_at_once: int = Field(8, ge=1, le=1000)
    uploads_per_hour: int = Field(20, ge=1, le=100_000)

    @property
    def demo(self) -> bool:
        """Whether the mode is demo."""
        return self.mode is Mode.DEMO

    @property
    def samples_url(self) -> str:
        """Where the demo has files to bring; "" in live mode."""
        return self.emulator_url + "/account/privacy" if self.demo else ""

    @property
    def refresh_interval(self) -> timedelta:
        """Minimum interval between refreshes of one listener."""
        default_s = 0 if self.demo else LIVE_REFRESH_INTERVAL_S
        return timedelta(seconds=default_s if self.refresh_interval_s is None else self.refresh_interval_s)

    @property
    def reccobeats_address(self) -> str:
        """URL of the ReccoBeats API, without a final slash."""
        default = self.emulator_url + "/reccobeats/v1" if self.demo else RECCOBEATS_URL
        return self.reccobeats_url or default

    @property
    def model_folder(self) -> Path:
        """The artefact folder."""
        return self.model or self.home / "model"

    @property
    def redirect_uri(self) -> str:
        """Where Spotify redirects the browser after consent."""
        return self.public_url + "/callback"

    @property
    def proxies(self) -> list[str]:
        """The trusted proxies as a list."""
        return [one.strip() for one in self.trusted_proxies.split(",") if one.strip()]

    @property
    def secure_cookies(self) -> bool:
        """Whether cookies may travel over https only."""
        return self.public_url.startswith("https://")

    @field_validator("public_url", "emulator_url", "reccobeats_url", "listenbrainz_url", "lastfm_url")
    @classmethod
    def _check_url(cls, value: str | None) -> str | None:
        if value is None:
            return None
        try:
            parts = urlsplit(value)
        except ValueError:
            raise ValueError("must be an address such as http://127.0.0.1:8501") from None
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("must be an address such as http://127.0.0.1:8501")
        if not _has_a_port(parts):
            raise ValueError("must have a port between 1 and 65535, or none")
        if parts.scheme == "http" and not _is_loopback(parts.hostname):
            raise ValueError("must be https, or http with a loopback address such as 127.0.0.1")
        return value.rstrip("/")

    @field_validator("public_url")
    @classmethod
    def _check_root(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.path or "@" in parts.netloc:
            raise ValueError("must be scheme, host and port alone, such as https://earshot.example")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _check_proxies(cls, value: str) -> str:
        for one in filter(None, (one.strip() for one in value.split(","))):
            try:
                ip_network(one)
            except ValueError:
                raise ValueError("must be addresses or networks, such as 10.0.0.7,10.1.0.0/16") from None
        return value

    @model_validator(mode="after")
    def _check_live(self) -> "Settings":
        if self.mode is Mode.LIVE and self.spotify:
            missing = []
            if not self.spotify_client_id:
                missing.append("EARSHOT_SPOTIFY_CLIENT_ID is not set")
            if not self.accept_spotify_terms:
                missing.append("EARSHOT_ACCEPT_SPOTIFY_TERMS is not set (see README, Spotify's terms)")
            if missing:
                raise ValueError("live mode: " + "; ".join(missing))
        return self


def _has_a_port(parts: SplitResult) -> bool:
    try:
        return parts.port != 0
    except ValueError:
        return False


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def read_settings() -> Settings:
    """Read the settings from the environment.

    Raises:
        SettingsError: lists everything that is missing or wrong.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError("; ".join(_plain(one) for one in error.errors())) from None


def _plain(error: object) -> str:
    detail = dict(error)  # type: ignore[call-overload]
    names = "_".join(str(part) for part in detail["loc"]).upper()
    text = str(detail["msg"]).removeprefix("Value error, ")
    return f"EARSHOT_{names}: {text}" if names else text


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once."""
    return read_settings()
