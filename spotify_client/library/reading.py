"""One reading of one listener's library, part by part, within a budget of calls."""

import logging
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing
from datetime import datetime
from typing import TypeVar

from matcher.domain.listening import Listening, Part
from matcher.errors import (
    GrantRevoked,
    NotAllowListed,
    NotPlaylistOwner,
    OwnerNotPremium,
    RateLimited,
    SpotifyError,
    SpotifyForbidden,
    SpotifyMalformed,
    SpotifyUnreachable,
)
from matcher.ports import Progress, Report, SoFar
from spotify_client.calls.budget import BudgetSpent
from spotify_client.calls.client import PAGE, RANGES, SpotifyClient
from spotify_client.library.known_library import Key, Memory
from spotify_client.library.reading_state import ReadingState
from spotify_client.parsing import parse
from spotify_client.parsing.fields import moment
from spotify_client.parsing.parse import Page, PlaylistRow, Row
from spotify_client.settings import SpotifySettings

_Step = TypeVar("_Step")
Made = Callable[[Sequence[str]], frozenset[str]]
"""Those of some playlists, by id, that Earshot made."""
_LOG = logging.getLogger(__name__)
_HOPELESS = (GrantRevoked, RateLimited, NotAllowListed, OwnerNotPremium)
"""After these no further call can work."""
_SAVED: Key = (Part.SAVED, "")
_RECENT: Key = (Part.RECENT, "")


class LibraryReading:
    """Reads each part and says what became of it.

    What is known from the reading before is not fetched again: the rows of a playlist whose snapshot id is as
    it was, and the saved tracks behind the newest one known. The result is that of a full reading.

    The calls are shared so: top lists (3 + 3) and recent plays (1) come first, as they say most for least.
    Of the rest, saved tracks are sure of the calls they need but of no more than a third; playlists get what
    is left, shared evenly among those still to be read, so that one of 10,000 rows cannot starve the others;
    and saved tracks, coming last, take whatever remains. When the calls run out, what was read stands (`ok`),
    and a part of which nothing was read, and nothing is known, is absent.
    """

    def __init__(
        self,
        client: SpotifyClient,
        settings: SpotifySettings,
        report: Report,
        known: Memory,
        so_far: SoFar | None,
        made: Made,
    ) -> None:
        self._client, self._settings, self._report, self._made = client, settings, report, made
        self._found, self._so_far = ReadingState(known), so_far

    def read(self, listener_id: str) -> Listening:
        """Read all parts.

        Raises:
            GrantRevoked, RateLimited, SpotifyForbidden, SpotifyUnreachable, SpotifyMalformed: the first thing
                that went wrong, where nothing at all was read.
        """
        for part, read in self._plan():
            self._read_part(part, read)
            if self._is_hopeless and self._found.is_empty:
                break
            if self._so_far and part is not Part.SAVED:
                self._so_far(self._found.listening(listener_id))
        self._log()
        if self._found.errors and self._found.is_empty:
            raise self._found.errors[-1 if self._is_hopeless else 0]
        return self._found.listening(listener_id)

    def interrupt(self) -> None:
        """Reading ended before its time: what was not reached keeps what was known of it."""
        self._found.interrupt()

    def memory(self, now: datetime) -> Memory:
        """What the next reading should know."""
        return self._found.memory(now)

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
            self._found.fail(part, self._found.errors[-1])
            return
        try:
            read()
        except BudgetSpent:
            self._found.run_out(part)
        except (SpotifyError, GrantRevoked) as error:
            self._found.errors.append(error)
            self._found.fail(part, error)
        else:
            self._found.finish(part)

    # ---- parts ---------------------------------------------------------------------------------------

    def _top_artists(self) -> None:
        for done, time_range in self._steps(Part.TOP_ARTISTS, RANGES):
            page = parse.page_of(self._client.top_artists(time_range))
            self._take((Part.TOP_ARTISTS, time_range), parse.top_artists(page, time_range))
            self._found.tags |= parse.artist_tags(page)
            self._tell(Part.TOP_ARTISTS, done, len(RANGES))

    def _top_tracks(self) -> None:
        for done, time_range in self._steps(Part.TOP_TRACKS, RANGES):
            page = parse.page_of(self._client.top_tracks(time_range))
            self._take((Part.TOP_TRACKS, time_range), parse.top_tracks(page, time_range))
            self._tell(Part.TOP_TRACKS, done, len(RANGES))

    def _recent(self) -> None:
        self._tell(Part.RECENT, 0, 1)
        page = parse.page_of(self._client.recently_played())
        self._take(_RECENT, parse.recent_tracks(page))
        self._tell(Part.RECENT, 1, 1)

    def _take(self, key: Key, rows: Iterable[Row]) -> None:
        self._found.add(key, rows)
        self._found.settle(key)

    def _saved(self) -> None:
        most, moments, total = self._settings.max_saved_tracks, list[datetime | None](), 0
        self._tell(Part.SAVED, 0, 0)
        for page in self._pages(self._client.saved_tracks, most_pages=-(-most // PAGE)):
            kept = Page(page.rows[: most - len(moments)], page.next_url, page.total)
            was_joined, total = self._reaches_known(moments), page.total
            self._found.add(_SAVED, parse.saved_tracks(kept))
            moments += parse.added_at(kept)
            self._tell(Part.SAVED, len(moments), min(max(page.total, len(moments)), most))
            if not was_joined and self._reaches_known(moments) and self._nothing_left(moments, total):
                self._found.continue_with_known(_SAVED, self._n_new(moments), most)
                break
        newest = max(filter(None, moments), default=None)
        self._found.settle(_SAVED, newest.isoformat() if newest else "", total)

    def _n_new(self, moments: Sequence[datetime | None]) -> int:
        """How many of the rows, newest first, were added after the newest known one."""
        newest = moment(self._found.known(_SAVED).stamp)
        older = (place for place, one in enumerate(moments) if newest is None or one is None or one <= newest)
        return next(older, len(moments))

    def _reaches_known(self, moments: Sequence[datetime | None]) -> bool:
        return bool(self._found.known(_SAVED).stamp) and self._n_new(moments) < len(moments)

    def _nothing_left(self, moments: Sequence[datetime | None], total: int) -> bool:
        """Whether every known row is still there, and none is missing that is wanted.

        So it is when the new ones account for the whole difference in number (removing one track and
        saving another adds a row without adding to the total), and what was read of the known ones agrees.
        """
        known, n_new = self._found.known(_SAVED), self._n_new(moments)
        wanted = min(total, self._settings.max_saved_tracks)
        adds_up = total == known.total + n_new and len(known.rows) + n_new >= wanted
        return adds_up and self._found.agrees_with_known(_SAVED, n_new)

    def _playlists(self) -> None:
        self._tell(Part.PLAYLISTS, 0, 0)
        playlists, broken_off = self._own_playlists()
        self._found.list_playlists([one.playlist_id for one in playlists], is_whole=broken_off is None)
        changed = [one for one in playlists if not self._found.reuse(_key(one), one.snapshot_id, one.name)]
        done = len(playlists) - len(changed)
        self._tell(Part.PLAYLISTS, done, len(playlists))
        with closing(self._read_playlists(changed)) as reads:  # stopping here leaves none running
            for n_read in reads:
                self._tell(Part.PLAYLISTS, done + n_read, len(playlists))
        if playlists and self._found.n_denied_playlists == len(playlists):
            raise NotPlaylistOwner("not one playlist may be read")
        if broken_off is not None:
            raise SpotifyUnreachable("the list of playlists broke off") from broken_off

    def _read_playlists(self, playlists: Sequence[PlaylistRow]) -> Generator[int, None, None]:
        """Read playlists, a few at a time; gives how many are done. After an error none is begun."""
        if self._settings.concurrent_calls > 1:
            yield from self._read_side_by_side(playlists)
            return
        for index, playlist in enumerate(playlists):
            spare = self._client.budget.left - self._saved_reserve()
            self._playlist(playlist, most_pages=max(1, spare // (len(playlists) - index)))
            yield index + 1

    def _read_side_by_side(self, playlists: Sequence[PlaylistRow]) -> Generator[int, None, None]:
        most_pages = self._shares(playlists)
        with ThreadPoolExecutor(self._settings.concurrent_calls) as pool:
            pairs = zip(playlists, most_pages, strict=True)
            reads = [pool.submit(self._playlist, one, most) for one, most in pairs]
            try:
                for n_read, read in enumerate(as_completed(reads), start=1):
                    read.result()
                    yield n_read
            finally:
                pool.shutdown(cancel_futures=True)

    def _shares(self, playlists: Sequence[PlaylistRow]) -> list[int]:
        """Most pages of each playlist; what one does not need, going by its size, goes to those after it."""
        spare = self._client.budget.left - self._saved_reserve()
        shares: list[int] = []
        for index, playlist in enumerate(playlists):
            share = max(1, spare // (len(playlists) - index))
            n_pages = share if playlist.n_items is None else max(1, -(-playlist.n_items // PAGE))
            shares.append(min(share, n_pages))
            spare -= shares[-1]
        return shares

    def _playlist(self, playlist: PlaylistRow, most_pages: int) -> None:
        """Read one playlist; one that Spotify denies, or that cannot be read, is skipped and counted.

        Where `_MOST_FAILING` could not be read, it is not they who are at fault: the error is raised.
        """
        key = _key(playlist)
        if self._found.n_lost_playlists >= _MOST_FAILING:  # another thread is about to say why
            raise SpotifyUnreachable("too many playlists could not be read")
        self._client.budget.require(1 + self._saved_reserve())
        try:
            for page in self._pages(lambda: self._client.playlist_items(playlist.playlist_id), most_pages):
                self._found.add(key, parse.playlist_items(page, playlist))
        except (NotAllowListed, OwnerNotPremium):
            raise
        except SpotifyForbidden:
            self._found.deny(key, playlist.snapshot_id)
        except (SpotifyUnreachable, SpotifyMalformed):
            self._found.lose(key)
            if self._found.n_lost_playlists >= _MOST_FAILING:
                raise
        else:
            self._found.settle(key, playlist.snapshot_id)

    def _own_playlists(self) -> tuple[list[PlaylistRow], SpotifyError | None]:
        """The listener's own and collaborative playlists with rows in them, in Spotify's order: newest first.

        Only these: Spotify refuses the rows of anybody else's. What Earshot made is not among them.
        With them comes the error with which the list broke off behind its first page, if it did.
        """
        mine = parse.account_of(self._client.me()).ids
        found: list[PlaylistRow] = []
        is_begun = False
        try:
            for page in self._pages(self._client.playlists, most_pages=_LIST_PAGES):
                is_begun = True
                found += self._to_read(parse.playlists_of(page), mine)
                if len(found) >= self._settings.max_playlists:
                    break
        except SpotifyError as error:
            if not is_begun or isinstance(error, _HOPELESS):
                raise
            return found, error
        return found[: self._settings.max_playlists], None

    def _to_read(self, playlists: Sequence[PlaylistRow], mine: frozenset[str]) -> list[PlaylistRow]:
        """Those that may be read and say something of the listener: what Earshot made is its own choice."""
        readable = [one for one in playlists if _may_be_read(one, mine) and not one.made_by_us]
        made = self._made([one.playlist_id for one in readable]) if readable else frozenset()
        return [one for one in readable if one.playlist_id not in made]

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
        n_skipped = self._found.n_skipped_playlists if part is Part.PLAYLISTS else 0
        self._report(Progress(part, done, total, budget.used, budget.limit, n_skipped))

    def _log(self) -> None:
        """Numbers only: no names, no ids, no music."""
        _LOG.info(
            "library read: %d rows skipped, %d playlists denied, %d failed, %d of %d calls, %s",
            self._found.n_skipped_rows,
            self._found.n_denied_playlists,
            self._found.n_lost_playlists,
            self._client.budget.used,
            self._client.budget.limit,
            {str(part): str(status) for part, status in self._found.parts.items()},
        )


_LIST_PAGES = 4
"""Pages of the list of playlists that are looked through for the listener's own."""
_MOST_FAILING = 3
"""So many playlists that cannot be read end the part: Spotify is out of order, and calls are few."""
_FIRST_CALLS = 2 * len(RANGES) + 2
"""Top lists, recent plays, and the account."""


def _may_be_read(playlist: PlaylistRow, mine: frozenset[str]) -> bool:
    return (playlist.collaborative or playlist.owner_id in mine) and playlist.n_items != 0


def _key(playlist: PlaylistRow) -> Key:
    return Part.PLAYLISTS, playlist.playlist_id
