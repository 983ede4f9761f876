"""One reading of one listener's library, part by part, within a call budget."""

import logging
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing
from datetime import datetime
from functools import partial
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
"""Takes playlist ids, returns those made by Earshot."""
_LOG = logging.getLogger(__name__)
_HOPELESS = (GrantRevoked, RateLimited, NotAllowListed, OwnerNotPremium)
"""Errors after which no further call can succeed."""
_SAVED: Key = (Part.SAVED, "")
_RECENT: Key = (Part.RECENT, "")
_ALBUMS: Key = (Part.ALBUMS, "")
_FOLLOWED: Key = (Part.FOLLOWED, "")


class LibraryReading:
    """Reads each part and records its status.

    Known content is not fetched again: playlists with an unchanged snapshot id, saved albums if none came or
    went, and saved tracks older than the newest known one. The result equals that of a full reading.

    Call budget: top lists (3 + 3), recent plays (1), saved albums and followed artists (1 to 4 each) come
    first, because they tell most per call. Saved tracks have at most a third of the rest reserved. Playlists
    share the remainder evenly, so that one with 10,000 rows does not starve the others; saved tracks come
    last and take what is left. When the calls run out, the rows read so far count (`ok`); a part without read
    or known rows is absent.
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
            GrantRevoked, SpotifyError: nothing was read; the first error, or the one that ended the reading.
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
        """End early: parts not reached keep their known content."""
        self._found.interrupt()

    def memory(self, now: datetime) -> Memory:
        """Content to store for the next reading."""
        return self._found.memory(now)

    def _plan(self) -> Iterator[tuple[Part, Callable[[], None]]]:
        yield Part.TOP_ARTISTS, self._top_artists
        yield Part.TOP_TRACKS, self._top_tracks
        yield Part.RECENT, self._recent
        yield Part.ALBUMS, self._albums
        yield Part.FOLLOWED, self._followed
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

    def _albums(self) -> None:
        """Read saved albums, unless the first page shows that none came or went."""
        stamp, total, n_read = "", 0, 0
        self._tell(Part.ALBUMS, 0, 0)
        for page in self._pages(parse.page_of, self._client.saved_albums, self._most_list_pages()):
            self._found.add(_ALBUMS, parse.saved_albums(page))
            n_read += len(page.rows)
            self._tell(Part.ALBUMS, n_read, max(page.total, n_read))
            if n_read == len(page.rows):
                newest = max(filter(None, parse.added_at(page)), default=None)
                stamp, total = newest.isoformat() if newest else "", page.total
                if self._found.is_unchanged(_ALBUMS, stamp, total):
                    self._found.reuse(_ALBUMS, stamp, "")
                    return
        self._found.settle(_ALBUMS, stamp, total)

    def _followed(self) -> None:
        # without dates: who stopped following one artist and followed another shows on any page
        n_read = 0
        self._tell(Part.FOLLOWED, 0, 0)
        for page in self._pages(parse.followed_of, self._client.followed_artists, self._most_list_pages()):
            self._found.add(_FOLLOWED, parse.followed_artists(page))
            self._found.tags |= parse.artist_tags(page)
            n_read += len(page.rows)
            self._tell(Part.FOLLOWED, n_read, max(page.total, n_read))
        self._found.settle(_FOLLOWED)

    def _most_list_pages(self) -> int:
        """Most pages of saved albums or of followed artists, so that playlists and saved tracks remain."""
        spare = (self._client.budget.limit - _FIRST_CALLS) // 6
        return max(1, min(_LIST_PAGES, spare))

    def _take(self, key: Key, rows: Iterable[Row]) -> None:
        self._found.add(key, rows)
        self._found.settle(key)

    def _saved(self) -> None:
        most, moments, total = self._settings.max_saved_tracks, list[datetime | None](), 0
        self._tell(Part.SAVED, 0, 0)
        for page in self._pages(parse.page_of, self._client.saved_tracks, -(-most // PAGE)):
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
        """Number of leading rows (newest first) added after the newest known one."""
        newest = moment(self._found.known(_SAVED).stamp)
        older = (place for place, one in enumerate(moments) if newest is None or one is None or one <= newest)
        return next(older, len(moments))

    def _reaches_known(self, moments: Sequence[datetime | None]) -> bool:
        return bool(self._found.known(_SAVED).stamp) and self._n_new(moments) < len(moments)

    def _nothing_left(self, moments: Sequence[datetime | None], total: int) -> bool:
        """Whether all known rows are unchanged, so that the rest need not be read.

        The total must have grown by exactly the new rows, and the known rows that were read must agree:
        removing one track and saving another adds a row but not to the total.
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
        with closing(self._read_playlists(changed)) as reads:  # closes running reads if stopped
            for n_read in reads:
                self._tell(Part.PLAYLISTS, done + n_read, len(playlists))
        if playlists and self._found.n_denied_playlists == len(playlists):
            raise NotPlaylistOwner("not one playlist may be read")
        if broken_off is not None:
            raise SpotifyUnreachable("the list of playlists broke off") from broken_off

    def _read_playlists(self, playlists: Sequence[PlaylistRow]) -> Generator[int, None, None]:
        """Read playlists, a few at a time, until an error; yield the number done."""
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
        """Most pages per playlist; a small playlist leaves its unused pages to later ones."""
        spare = self._client.budget.left - self._saved_reserve()
        shares: list[int] = []
        for index, playlist in enumerate(playlists):
            share = max(1, spare // (len(playlists) - index))
            n_pages = share if playlist.n_items is None else max(1, -(-playlist.n_items // PAGE))
            shares.append(min(share, n_pages))
            spare -= shares[-1]
        return shares

    def _playlist(self, playlist: PlaylistRow, most_pages: int) -> None:
        """Read one playlist; skip and count it if it is denied or cannot be read.

        Raises:
            SpotifyUnreachable, SpotifyMalformed: `_MOST_FAILING` playlists failed, so Spotify is at fault.
        """
        key = _key(playlist)
        if self._found.n_lost_playlists >= _MOST_FAILING:  # another thread raises the cause
            raise SpotifyUnreachable("too many playlists could not be read")
        self._client.budget.require(1 + self._saved_reserve())
        try:
            read = partial(self._client.playlist_items, playlist.playlist_id)
            for page in self._pages(parse.page_of, read, most_pages):
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
        """Own and collaborative non-empty playlists, newest first; error of a later page."""
        mine = parse.account_of(self._client.me()).ids
        found: list[PlaylistRow] = []
        is_begun = False
        try:
            for page in self._pages(parse.page_of, self._client.playlists, _LIST_PAGES):
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
        readable = [one for one in playlists if _may_be_read(one, mine) and not one.made_by_us]
        # the tracks of made playlists are Earshot's choice, not the listener's
        made = self._made([one.playlist_id for one in readable]) if readable else frozenset()
        return [one for one in readable if one.playlist_id not in made]

    # ---- pages, calls, progress ----------------------------------------------------------------------

    def _pages(
        self, parsed: Callable[[object], Page], first: Callable[[], object], most_pages: int
    ) -> Iterator[Page]:
        """Follow `next` addresses from the first page, each at most once."""
        seen: set[str] = set()
        page = parsed(first())
        yield page
        while page.next_url and page.next_url not in seen and len(seen) + 1 < most_pages:
            seen.add(page.next_url)
            page = parsed(self._client.following(page.next_url))
            yield page

    def _saved_reserve(self) -> int:
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
        # numbers only: no names, no ids, no music
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
"""Most pages that are read of the list of playlists, of saved albums and of followed artists."""
_MOST_FAILING = 3
"""Failed playlists that end the part, because Spotify is out of order."""
_FIRST_CALLS = 2 * len(RANGES) + 4
"""Calls for top lists, recent plays, the account, and a page each of saved albums and followed artists."""


def _may_be_read(playlist: PlaylistRow, mine: frozenset[str]) -> bool:
    return (playlist.collaborative or playlist.owner_id in mine) and playlist.n_items != 0


def _key(playlist: PlaylistRow) -> Key:
    return Part.PLAYLISTS, playlist.playlist_id
