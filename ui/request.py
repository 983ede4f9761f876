"""Who is looking, asked anew on every run, so that a sign-out in one tab empties all others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import streamlit as st

from matcher.browsing.feedback import Deed
from matcher.domain.consent import SeenMatch
from matcher.domain.profile import ListenerProfile
from matcher.errors import NotSynced, UnknownListener
from matcher.ports import Choices, Listener
from wiring.sessions import cookie_name
from wiring.syncs import SyncState

if TYPE_CHECKING:
    from wiring.bootstrap import Application


FIRST_READING = "first_reading"
"""View state: this tab watched the first reading, so that its end needs no telling."""


@dataclass(frozen=True, slots=True)
class Dates:
    """What is due when.

    Attributes:
        refresh_at_utc: when the library may be read again; None if now.
        reconnect_by_utc: by when to sign in at Spotify again; None if that is far away.
        rests_until_utc: until when Spotify allows this app no calls; None where it does.
    """

    refresh_at_utc: datetime | None = None
    reconnect_by_utc: datetime | None = None
    rests_until_utc: datetime | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One signed-in listener in one browser, as of this run. Never kept beyond it.

    Attributes:
        application: what the process runs.
        cookie: the session cookie's value.
        listener_id: who it belongs to.
        buttons: what the buttons do that are HTML, by key; filled while the page is drawn.
    """

    application: "Application"
    cookie: str
    listener_id: str
    buttons: dict[str, Callable[[], None]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def sign_out_path(self) -> str:
        """Where a plain navigation ends the session."""
        return self.application.sign_out_path(self.cookie)

    @property
    def sign_out_everywhere_path(self) -> str:
        """Where a plain navigation ends the listener's sessions in every browser."""
        return self.application.sign_out_path(self.cookie, everywhere=True)

    def listener(self) -> Listener:
        """The listener as others see them."""
        found = self.application.service.listener(self.listener_id)
        if found is None:
            raise UnknownListener("there is no such listener")
        return found

    def profile(self) -> ListenerProfile:
        """What is known of the listener's music."""
        found = self.application.service.store.profile(self.listener_id)
        if found is None:
            raise NotSynced("the library was not read yet")
        return found

    def nearest(self, top_n: int) -> tuple[SeenMatch, ...]:
        """The nearest who are not hidden by the listener; raises what `Browsing.nearest` raises."""
        return self.application.browsing.nearest(self.listener_id, top_n)

    def note(self, other_id: str, deed: Deed) -> bool:
        """Note what was done with a match; raises what `Browsing.note` raises."""
        return self.application.browsing.note(self.listener_id, other_id, deed)

    def choices(self) -> Choices:
        """What the listener has chosen about being seen; raises what `People.choices` raises."""
        return self.application.people.choices(self.listener_id)

    def links(self, *others: str) -> Mapping[str, str]:
        """Where what the listener and these others hear can be opened at Spotify, by canonical key.

        None in the demo: its Spotify is a local one.
        """
        if self.application.settings.demo:
            return {}
        found: dict[str, str] = {}
        for one in (*others, self.listener_id):
            found |= self.application.playlists.addresses(one)
        return found

    def dates(self) -> Dates:
        """What is due when."""
        running, key = self.application, self.listener_id
        dates = (running.next_refresh_at(key), running.reconnect_soon_by(key))
        return Dates(*dates, running.spotify_rests_until())

    def sync(self) -> SyncState | None:
        """The latest reading of the library, or None."""
        return self.application.syncs.state(self.listener_id)

    def start_sync(self) -> SyncState:
        """Read the library, unless that is going on already."""
        self.application.syncs.dismiss(self.listener_id)
        return self.application.syncs.start(self.listener_id)


def current_request(application: "Application") -> Request | None:
    """Who is signed in with this browser's cookie, according to the store; None if nobody is."""
    cookie = st.context.cookies.get(cookie_name(application.settings.secure_cookies))
    listener_id = application.sessions.listener_of(cookie)
    return Request(application, cookie, listener_id) if cookie and listener_id else None
