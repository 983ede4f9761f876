"""Log redaction: keeps libraries from logging personal data and tokens."""

import logging
from dataclasses import dataclass

_LOUD = {
    # its errors contain the URL, and so ids of a listener's playlists; our own errors are logged instead
    "spotipy": logging.CRITICAL,
    "spotipy.client": logging.CRITICAL,
    "spotipy.oauth2": logging.CRITICAL,
    "urllib3": logging.INFO,
    "urllib3.connectionpool": logging.ERROR,
}
"""Lowest level written, by logger."""


@dataclass(frozen=True, slots=True)
class _From:
    level: int

    def __call__(self, record: logging.LogRecord) -> bool:
        return record.levelno >= self.level


_FILTERS = {name: _From(level) for name, level in _LOUD.items()}


def redact_logs() -> None:
    """Raise the levels of spotipy's and urllib3's loggers above personal data.

    At DEBUG, spotipy logs the Authorization header and whole responses, at ERROR the address.
    """
    for name, level in _LOUD.items():
        logger = logging.getLogger(name)
        # a later logging configuration can lower the level, but keeps the filter
        logger.addFilter(_FILTERS[name])
        logger.setLevel(max(logger.level, level))
