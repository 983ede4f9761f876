"""Privacy: signed-in browsers."""

from collections.abc import Sequence
from functools import partial

from markupsafe import Markup

from ui import clock
from ui.actions import outcome
from ui.html import controls, draw, html, markup
from ui.html.fold import fold
from ui.pages.privacy import actions, words
from ui.request import Request
from ui.shared import notice
from ui.texts.grammar import at
from wiring.signing_in.sessions import SignedIn

_PLACE = "sessions"


def show(request: Request, signed_in: Sequence[SignedIn]) -> None:
    """Draw a line per browser with its sign-out, and a link to end all sessions."""
    with fold(_PLACE, words.SESSIONS, words.sessions_line(len(signed_in)), words.SESSIONS_LEAD):
        notice.tell(request, _PLACE)
        every = (markup.line(_told(one), _way_out(request, n, one)) for n, one in enumerate(signed_in))
        everywhere = markup.link(words.END_ALL, request.sign_out_everywhere_path, "es-button es-tall")
        draw(html('{}<p class="es-links">{}</p>', markup.lines(every), everywhere))


def _way_out(request: Request, n: int, session: SignedIn) -> Markup:
    if session.is_here:
        # a navigation, which also removes the cookie
        return markup.link(words.SIGN_OUT_HERE, request.sign_out_path, "es-button es-tall")
    return controls.button(
        request, words.SIGN_OUT_THERE, f"sign_out_there_{n}", partial(_end, request, session.key)
    )


def _end(request: Request, key: str) -> None:
    outcome.perform(request, _PLACE, lambda now: actions.sign_out_there(now, key))


def _told(session: SignedIn) -> Markup:
    where = words.SESSION_HERE if session.is_here else words.SESSION_THERE
    told = at(words.SIGNED_IN, clock.here(session.begun_at_utc))
    if session.seen_at_utc is not None and not session.is_here:
        told = f"{told}, {at(words.SEEN, clock.here(session.seen_at_utc))}"
    return markup.entry(where, told)
