"""Keeps libraries from logging what must not be logged."""

import logging
from dataclasses import dataclass

_LOUD = {
    # Its errors hold the address called, so the ids of somebody's playlists; ours say what happened instead.
    "spotipy": logging.CRITICAL,
    "spotipy.client": logging.CRITICAL,
    "spotipy.oauth2": logging.CRITICAL,
    "urllib3": logging.INFO,
    "urllib3.connectionpool": logging.ERROR,
}
"""By logger: the least level that is written."""


@dataclass(frozen=True, slots=True)
class _From:
    """Lets records pass from a level upwards."""

    level: int

    def __call__(self, record: logging.LogRecord) -> bool:
        return record.levelno >= self.level


_FILTERS = {name: _From(level) for name, level in _LOUD.items()}


def redact_logs() -> None:
    """Hold spotipy's and urllib3's loggers at a level that tells nothing about anybody.

    At DEBUG, spotipy writes the Authorization header and whole answers, at ERROR the address. A filter,
    because a level can be lowered again by a later configuration of logging.
    """
    for name, level in _LOUD.items():
        logger = logging.getLogger(name)
        logger.addFilter(_FILTERS[name])
        logger.setLevel(max(logger.level, level))
