"""One listener's history at a service: totals first, then single plays, newest first."""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Protocol

from matcher.domain.canonical_keys import artist_key, keys_of
from matcher.domain.listening import Hearing, Listening, Part, PartStatus, Source
from matcher.errors import NoMusic, ServiceLimited, ServiceMalformed, ServiceUnreachable
from matcher.ports import Progress, Report, SoFar
from sources.exports.plays import Moment, Plays
from sources.scrobbles.calls import ServiceCalls
from spotify_client.calls.budget import BudgetSpent, CallBudget

_LOG = logging.getLogger(__name__)
_END_S = int(datetime(2101, 1, 1, tzinfo=UTC).timestamp())


@dataclass(frozen=True, slots=True)
class Played:
    """One play, or a total of plays; "" if unknown.

    Attributes:
        recording_id: of MusicBrainz.
        message_id: of ListenBrainz (`recording_msid`), for artist and title as they were sent.
        at_s: unix seconds; None for a total.
        n: how many plays it stands for.
    """

    artist: str
    title: str = ""
    recording_id: str = ""
    at_s: int | None = None
    n: int = 1
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """What a service counted itself; empty where it counted nothing yet."""

    n_plays: int = 0
    artists: Sequence[Played] = ()
    tracks: Sequence[Played] = ()


@dataclass(frozen=True, slots=True)
class PageOfPlays:
    """Some plays, newest first, and how the next page is asked for; None if it is the last."""

    plays: Sequence[Played]
    before: int | None


class History(Protocol):
    """The open connection to one listener's history; each method raises `ServiceError` or `BudgetSpent`."""

    @property
    def source(self) -> Source: ...

    @property
    def budget(self) -> CallBudget: ...

    def totals(self) -> Totals: ...

    def page(self, before: int | None) -> PageOfPlays: ...


@dataclass(slots=True)
class HistoryReading:
    """What was read of one history so far; a reading that was interrupted goes on where it ended."""

    totals: Totals | None = None
    plays: Plays = field(default_factory=Plays)
    n_plays: int = 0
    before: int | None = None
    is_complete: bool = False

    def read(
        self, history: History, listener_id: str, report: Report, so_far: SoFar | None = None
    ) -> Listening:
        """Read totals, tell them through `so_far`, then plays until the calls are spent.

        Totals take a few calls, so that first matches come in seconds; single plays are exact and dated, and
        take a call per page. What the calls do not reach is filled up from the totals, without a date.

        Raises:
            ServiceError: there is nothing of this listener.
            Stopped: raised by `report`.
        """
        report(Progress(Part.PLAYS, 0, 0, history.budget.used, history.budget.limit))
        self.totals = self.totals or history.totals()
        if so_far and not self.is_complete and (self.totals.tracks or self.totals.artists):
            so_far(self._listening(history.source, listener_id, PartStatus.OK))
        status = PartStatus.OK
        try:
            while not self.is_complete:
                self._turn(history.page(self.before))
                self._tell(history.budget, report)
        except BudgetSpent:
            pass
        except (ServiceUnreachable, ServiceMalformed, ServiceLimited) as error:
            # totals and earlier pages are a taste already
            if not (self.totals.tracks or self.totals.artists or self.n_plays):
                raise
            status = PartStatus.FAILED
            _LOG.warning("%s: reading ended early, %s", history.source, type(error).__name__)
        return self._listening(history.source, listener_id, status)

    def _tell(self, budget: CallBudget, report: Report) -> None:
        total = max(self.totals.n_plays if self.totals else 0, self.n_plays)
        report(Progress(Part.PLAYS, self.n_plays, total, budget.used, budget.limit))

    def _turn(self, page: PageOfPlays) -> None:
        for play in page.plays:
            if play.at_s is None or (moment := moment_of(play.at_s)) is None:
                continue
            with suppress(ValueError):  # more on a day than anybody hears: the rest of that day is left out
                self.plays.add(play.artist, play.title, play.recording_id, moment, 1.0)
        self.n_plays += len(page.plays)
        self.before, self.is_complete = page.before, page.before is None

    def _listening(self, source: Source, listener_id: str, status: PartStatus) -> Listening:
        found = self.plays.facts()
        if not self.is_complete:
            found = found.plus([*rest_of(self.totals or Totals(), found.totals())])
        parts = {Part.PLAYS: status if found else PartStatus.EMPTY}
        return Listening(listener_id, source, found, parts=parts, unbroken=self.plays.unbroken())


class Service(Protocol):
    """A service that knows listeners by their user names."""

    @property
    def source(self) -> Source: ...

    def calls(self) -> ServiceCalls: ...

    def history(self, name: str, calls: ServiceCalls) -> History: ...


@dataclass(frozen=True, slots=True)
class NamedListener:
    """`ListeningSource` of one user name; an interrupted reading goes on with the next `fetch`.

    Attributes:
        proven: whether it was shown whose name it is.
    """

    service: Service
    name: str
    proven: bool = False
    reading: HistoryReading = field(default_factory=HistoryReading)

    @property
    def source(self) -> Source:
        """Which service it is."""
        return self.service.source

    def look(self) -> None:
        """Read the totals alone, to see that there is anything; `fetch` goes on from there.

        Raises:
            NoMusic: nothing was played under this name.
            UnknownName, NameIsPrivate, ServiceError: as for `fetch`.
        """
        with self.service.calls() as calls:
            self.reading.totals = self.service.history(self.name, calls).totals()
        if not self.reading.totals.n_plays:
            raise NoMusic("nothing was played under this name")

    def fetch(self, listener_id: str, report: Report, so_far: SoFar | None = None) -> Listening:
        """Read totals, then plays, newest first.

        Raises:
            UnknownName: the service has nobody of this name.
            NameIsPrivate: its owner hides what they play.
            ServiceError: nothing could be read.
            Stopped: raised by `report`.
        """
        with self.service.calls() as calls:
            found = self.reading.read(self.service.history(self.name, calls), listener_id, report, so_far)
        return replace(found, proven=self.proven)


def rest_of(totals: Totals, known: Iterable[Hearing]) -> Iterator[Hearing]:
    """What the totals hold beyond the known plays: by track, then of artists what is in no track."""
    left: Counter[str] = Counter()
    for hearing in known:
        artist, track = keys_of(hearing)
        left[track] -= round(hearing.plays)
        left[artist] -= round(hearing.plays)
    for one in (*totals.tracks, *totals.artists):
        if not artist_key(one.artist):
            continue
        hearing = Hearing(Part.PLAYS, one.artist, "", one.title, one.recording_id)
        artist, track = keys_of(hearing)
        n_left = one.n + left[track or artist]
        # several spellings of one item share what is known of it
        left[track or artist] = min(n_left, 0)
        if n_left > 0:
            left[artist] -= n_left if track else 0
            yield Hearing(Part.PLAYS, one.artist, "", one.title, one.recording_id, plays=float(n_left))


def next_before(times: Sequence[int], before: int | None) -> int:
    """Where the page after these times begins, for "earlier than": always earlier than the last one.

    The last second comes once more, as other plays may share it; unless a page holds nothing else.
    """
    after = min(times) + 1
    return after if before is None else min(after, before - 1)


def moment_of(at_s: int) -> Moment | None:
    """When a play ended, from unix seconds; None outside of the calendar."""
    return Moment(at_s, 1) if 0 <= at_s < _END_S else None
