"""Names of the sources of music."""

from collections.abc import Mapping

from matcher.domain.listening import Source

SOURCES: Mapping[Source, str] = {
    Source.SPOTIFY_API: "Spotify",
    Source.SPOTIFY_EXPORT: "your Spotify data export",
    Source.FILE: "a file of your own",
    Source.LISTENBRAINZ: "ListenBrainz",
    Source.LASTFM: "Last.fm",
    Source.PICKED: "the artists you picked",
    Source.SYNTHETIC: "a synthetic library",
    Source.TABLE: "a table of open listening data",
}
OF_SERVICE = "{source} ({service})"


def upper_first(name: str) -> str:
    """The name at the beginning of a line."""
    return name[:1].upper() + name[1:]


def source_name(origin: str) -> str:
    """Name of a source by its origin, such as "file:Deezer"."""
    source, _, service = origin.partition(":")
    name = SOURCES[Source(source)]
    return OF_SERVICE.format(source=name, service=service) if service else name
