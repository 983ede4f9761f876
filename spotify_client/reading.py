"""One reading of one listener's library, part by part, within a budget of calls."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from matcher.errors import (
    EarshotError,
    GrantRevoked,
    NotAllowListed,
    NotPlaylistOwner,
    OwnerNotPremium,
    RateLimited,
    SpotifyError,
    SpotifyForbidden,
)
from matcher.listening import Hearing, Listening, Part, PartStatus, Source
from matcher.ports import Progress, Report
from spotify_client import parse
from spotify_client.budget import BudgetSpent
from spotify_client.client import PAGE, RANGES, SpotifyClient
from spotify_client.parse import Page, Parsed, PlaylistRow
from spotify_client.settings import SpotifySettings

_Step = TypeVar("_Step")
_LOG = logging.getLogger(__name__)
_HOPELESS = (GrantRevoked, RateLimited, NotAllowListed, OwnerNotPremium)
"""After these no further call can work."""


@dataclass(slots=True)
class _Findings:
    """What a reading has found so far."""

    hearings: list[Hearing] = field(default_factory=list)
    tags: dict[str, dict[str, float]] = field(default_factory=dict)
    parts: dict[Part, PartStatus] = field(default_factory=dict)
    errors: list[EarshotError] = field(default_factory=list)
    n_skipped_rows: int = 0
    n_denied_playlists: int = 0

    def add(self, parsed: Parsed) -> None:
        self.hearings.extend(parsed.hearings)
        self.n_skipped_rows += parsed.n_skipped

    def has(self, part: Part) -> bool:
        return any(hearing.part is part for hearing in self.hearings)


class LibraryReading:
    """Reads each part and says what became of it.

    The calls are shared so: top lists (3 + 3) and recent plays (1) come first, as they say most for least.
    Of the rest, saved tracks are sure of the calls they need but of no more than a third; playlists get what
    is left, shared evenly among those still to be read, so that one of 10,000 rows cannot starve the others;
    and saved tracks, coming last, take whatever remains. When the calls run out, what was read stands (`ok`),
    and a part of which nothing was read is absent.
    """

    def __init__(self, client: SpotifyClient, settings: SpotifySettings, report: Report) -> None:
        self._client, self._settings, self._report = client, settings, report
        self._found = _Findings()

    def read(self, listener_id: str) -> Listening:
        """Read all parts.

        Raises:
            GrantRevoked, RateLimited, SpotifyForbidden, SpotifyUnreachable, SpotifyMalformed: the first thing
                that went wrong, where nothing at all was read.
        """
        for part, read in self._plan():
            self._read_part(part, read)
            if self._is_hopeless and not self._found.hearings:
                break
        self._log()
        if self._found.errors and not self._found.hearings:
            raise self._found.errors[-1 if self._is_hopeless else 0]
        found = self._found
        return Listening(listener_id, Source.SPOTIFY_API, tuple(found.hearings), found.tags, found.parts)

    def _plan(self) -> Iterator[tuple[Part, Callable[[], None]]]:
        yield Part.TOP_ARTISTS, self._top_artists
        yield Part.TOP_TRACKS, self._top_tracks
        yield Part.RECENT, self._recent
        if self._settings.max_playlists:
            yield Part.PLAYLISTS, self._playlists
        if self._settings.max_saved_tracks:
            yield Part.SAVED, self._saved

    @property
    def _is_hopeless(self) -> bool:
        return bool(self._found.errors) and isinstance(self._found.errors[-1], _HOPELESS)

    def _read_part(self, part: Part, read: Callable[[], None]) -> None:
        if self._is_hopeless:
            self._found.parts[part] = _status_of(self._found.errors[-1])
            return
        try:
            read()
        except BudgetSpent:
            if self._found.has(part):
                self._found.parts[part] = PartStatus.OK
        except (SpotifyError, GrantRevoked) as error:
            self._found.errors.append(error)
            self._found.parts[part] = _status_of(error)
        else:
            self._found.parts[part] = PartStatus.OK if self._found.has(part) else PartStatus.EMPTY

    # ---- parts ---------------------------------------------------------------------------------------

    def _top_artists(self) -> None:
        for done, time_range in self._steps(Part.TOP_ARTISTS, RANGES):
            page = parse.page_of(self._client.top_artists(time_range))
            self._found.add(parse.top_artists(page, time_range))
            self._found.tags |= parse.artist_tags(page)
            self._tell(Part.TOP_ARTISTS, done, len(RANGES))

    def _top_tracks(self) -> None:
        for done, time_range in self._steps(Part.TOP_TRACKS, RANGES):
            page = parse.page_of(self._client.top_tracks(time_range))
            self._found.add(parse.top_tracks(page, time_range))
            self._tell(Part.TOP_TRACKS, done, len(RANGES))

    def _recent(self) -> None:
        self._tell(Part.RECENT, 0, 1)
        page = parse.page_of(self._client.recently_played())
        self._found.add(parse.recent_tracks(page))
        self._tell(Part.RECENT, 1, 1)

    def _saved(self) -> None:
        most, done = self._settings.max_saved_tracks, 0
        self._tell(Part.SAVED, 0, 0)
        for page in self._pages(self._client.saved_tracks, most_pages=-(-most // PAGE)):
            kept = Page(page.rows[: most - done], page.next_url, page.total)
            self._found.add(parse.saved_tracks(kept))
            done += len(kept.rows)
            self._tell(Part.SAVED, done, min(max(page.total, done), most))

    def _playlists(self) -> None:
        self._tell(Part.PLAYLISTS, 0, 0)
        playlists = self._own_playlists()
        for index, (done, playlist) in enumerate(self._steps(Part.PLAYLISTS, playlists)):
            spare = self._client.budget.left - self._saved_reserve()
            self._playlist(playlist, most_pages=max(1, spare // (len(playlists) - index)))
            self._tell(Part.PLAYLISTS, done, len(playlists))
        if playlists and self._found.n_denied_playlists == len(playlists):
            raise NotPlaylistOwner("Spotify denied the rows of every playlist")

    def _playlist(self, playlist: PlaylistRow, most_pages: int) -> None:
        """Read one playlist; one that Spotify denies is skipped and counted."""
        self._client.budget.require(1 + self._saved_reserve())
        try:
            for page in self._pages(lambda: self._client.playlist_items(playlist.playlist_id), most_pages):
                self._found.add(parse.playlist_items(page, playlist))
        except (NotAllowListed, OwnerNotPremium):
            raise
        except SpotifyForbidden:
            self._found.n_denied_playlists += 1

    def _own_playlists(self) -> list[PlaylistRow]:
        """The listener's own and collaborative playlists with rows in them, in Spotify's order: newest first.

        Only these: Spotify refuses the rows of anybody else's.
        """
        mine = parse.account_of(self._client.me()).ids
        found: list[PlaylistRow] = []
        for page in self._pages(self._client.playlists, most_pages=_LIST_PAGES):
            rows = parse.playlists_of(page)
            found += [row for row in rows if (row.collaborative or row.owner_id in mine) and row.n_items != 0]
            if len(found) >= self._settings.max_playlists:
                break
        return found[: self._settings.max_playlists]

    # ---- pages, calls, progress ----------------------------------------------------------------------

    def _pages(self, first: Callable[[], object], most_pages: int) -> Iterator[Page]:
        """Pages from the first one on, each address at most once."""
        seen: set[str] = set()
        page = parse.page_of(first())
        yield page
        while page.next_url and page.next_url not in seen and len(seen) + 1 < most_pages:
            seen.add(page.next_url)
            page = parse.page_of(self._client.following(page.next_url))
            yield page

    def _saved_reserve(self) -> int:
        """Calls kept back for saved tracks."""
        wanted = -(-self._settings.max_saved_tracks // PAGE)
        return min(wanted, max(0, self._client.budget.limit - _FIRST_CALLS) // 3)

    def _steps(self, part: Part, steps: Sequence[_Step]) -> Iterator[tuple[int, _Step]]:
        self._tell(part, 0, len(steps))
        return enumerate(steps, start=1)

    def _tell(self, part: Part, done: int, total: int) -> None:
        budget = self._client.budget
        self._report(Progress(part, done, total, budget.used, budget.limit))

    def _log(self) -> None:
        """Numbers only: no names, no ids, no music."""
        found = self._found
        _LOG.info(
            "library read: %d facts, %d rows skipped, %d playlists denied, %d of %d calls, %s",
            len(found.hearings),
            found.n_skipped_rows,
            found.n_denied_playlists,
            self._client.budget.used,
            self._client.budget.limit,
            {str(part): str(status) for part, status in found.parts.items()},
        )


_LIST_PAGES = 4
"""Pages of the list of playlists that are looked through for the listener's own."""
_FIRST_CALLS = 2 * len(RANGES) + 2
"""Top lists, recent plays, and the account."""


def _status_of(error: EarshotError) -> PartStatus:
    return PartStatus.DENIED if isinstance(error, SpotifyForbidden) else PartStatus.FAILED
