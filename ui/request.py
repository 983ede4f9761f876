"""The signed-in listener, looked up on every run: a sign-out ends all tabs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import streamlit as st

from matcher.browsing.feedback import FeedbackAction
from matcher.domain.consent import SeenMatch
from matcher.domain.profile import ListenerProfile
from matcher.errors import NotSynced, UnknownListener
from matcher.ports import Choices, Listener
from wiring.signing_in.sessions import cookie_name
from wiring.syncs import SyncState

if TYPE_CHECKING:
    from wiring.bootstrap import Application


FIRST_READING = "first_reading"
"""View state: this tab watched the first reading, so its end needs no message."""
STORY_WAITS = "story_waits"
"""View state: the story of the first reading was not opened yet."""


@dataclass(frozen=True, slots=True)
class Dates:
    """Due dates.

    Attributes:
        refresh_at_utc: end of the refresh interval, or None.
        reconnect_by_utc: when to sign in at Spotify again, or None if far away.
        rests_until_utc: end of Spotify's cooldown, or None.
    """

    refresh_at_utc: datetime | None = None
    reconnect_by_utc: datetime | None = None
    rests_until_utc: datetime | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One signed-in listener in one browser; valid for this run only.

    Attributes:
        cookie: value of the session cookie.
        buttons: actions of HTML buttons by key, filled while drawing.
    """

    application: "Application"
    cookie: str
    listener_id: str
    buttons: dict[str, Callable[[], None]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def sign_out_path(self) -> str:
        """Path that ends the session."""
        return self.application.sign_out_path(self.cookie)

    @property
    def sign_out_everywhere_path(self) -> str:
        """Path that ends the listener's sessions in all browsers."""
        return self.application.sign_out_path(self.cookie, everywhere=True)

    def listener(self) -> Listener:
        """The listener as others see them."""
        found = self.application.service.listener(self.listener_id)
        if found is None:
            raise UnknownListener("there is no such listener")
        return found

    def profile(self) -> ListenerProfile:
        """The listener's profile; raises NotSynced without one."""
        found = self.application.service.store.profile(self.listener_id)
        if found is None:
            raise NotSynced("the library was not read yet")
        return found

    def nearest(self, top_n: int) -> tuple[SeenMatch, ...]:
        """The nearest listeners without hidden ones; raises as `Browsing.nearest`."""
        return self.application.browsing.nearest(self.listener_id, top_n)

    def note(self, other_id: str, action: FeedbackAction) -> bool:
        """Record an action on a match; raises as `Browsing.note`."""
        return self.application.browsing.note(self.listener_id, other_id, action)

    def choices(self) -> Choices:
        """The listener's consent; raises as `People.choices`."""
        return self.application.people.choices(self.listener_id)

    def links(self, *others: str) -> Mapping[str, str]:
        """Spotify links of the listener's and others' items, by canonical key."""
        # the demo's Spotify is local
        return {} if self.application.settings.demo else self.plays(*others)

    def plays(self, *others: str) -> Mapping[str, str]:
        """Where the listener's and others' items can be played, by canonical key; in the demo too."""
        found: dict[str, str] = {}
        for one in (*others, self.listener_id):
            found |= self.application.playlists.addresses(one)
        return found

    def reads_service(self) -> bool:
        """Whether a service is asked for the listener's music; else they bring files."""
        return self.application.reads_service(self.listener_id)

    def has_spotify(self) -> bool:
        """Whether the listener signs in with Spotify."""
        return self.application.has_spotify(self.listener_id)

    def dates(self) -> Dates:
        """Due dates of the listener; none of a service that is not asked."""
        running, key = self.application, self.listener_id
        if not self.reads_service():
            return Dates()
        dates = (running.next_refresh_at(key), running.reconnect_soon_by(key))
        return Dates(*dates, running.spotify_rests_until())

    def sync(self) -> SyncState | None:
        """The latest reading of the library, or None."""
        return self.application.syncs.state(self.listener_id)

    def start_sync(self) -> SyncState:
        """Start reading the library, unless that is running."""
        self.application.syncs.dismiss(self.listener_id)
        return self.application.syncs.start(self.listener_id)


def current_request(application: "Application") -> Request | None:
    """Request for the session of this browser's cookie, or None."""
    cookie = st.context.cookies.get(cookie_name(application.settings.secure_cookies))
    listener_id = application.sessions.listener_of(cookie)
    return Request(application, cookie, listener_id) if cookie and listener_id else None
