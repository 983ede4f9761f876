"""Keeps libraries from logging what must not be logged."""

import logging

_LOUD = ("spotipy", "spotipy.client", "spotipy.oauth2", "urllib3", "urllib3.connectionpool")


class _NoDetail(logging.Filter):
    """Lets records pass from INFO upwards."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.INFO


_NO_DETAIL = _NoDetail()


def keep_quiet() -> None:
    """Hold spotipy's and urllib3's loggers at INFO or above.

    At DEBUG, spotipy writes the Authorization header and whole answers. A filter, because a level can be
    lowered again by whoever configures logging later.
    """
    for name in _LOUD:
        logger = logging.getLogger(name)
        logger.addFilter(_NO_DETAIL)
        logger.setLevel(max(logger.level, logging.INFO))
