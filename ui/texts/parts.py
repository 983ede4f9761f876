"""Names of the parts of a library."""

from collections.abc import Mapping

from ui.texts.sources import source_name, upper_first
from ui.texts.sync import STEP_OTHER, STEPS

RANGES: Mapping[str, str] = {
    "short_term": "last four weeks",
    "medium_term": "last six months",
    "long_term": "last year",
}
PLAYLIST = "Playlist without a name"
OF_RANGE = "{part}, {span}"


def part_name(facet_id: str) -> str:
    """Name of a facet without its own, such as "top_tracks:short_term", "source:lastfm" or "year:2025"."""
    part, _, rest = facet_id.partition(":")
    if part == "source":
        return upper_first(source_name(rest))
    if part == "year":
        return rest
    if part == "playlists" and rest:
        return PLAYLIST
    name = STEPS.get(part, STEP_OTHER)
    return OF_RANGE.format(part=name, span=RANGES[rest]) if rest in RANGES else name
