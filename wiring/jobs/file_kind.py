"""Kinds of files to import; apart from their readers, so that the command line starts without pandas."""

from enum import StrEnum


class FileKind(StrEnum):
    """Kind of files to import; `AUTO` tells by their content."""

    AUTO = "auto"
    TABLE = "table"
    EXPORT = "export"  # one listener's files, of any service
    SPOTIFY_EXPORT = "spotify-export"  # the same, by its older name
    LISTENBRAINZ_EXPORT = "listenbrainz-export"
    LISTENBRAINZ_DUMP = "listenbrainz-dump"
