"""A message in the words of `messages`, with the button that goes with it."""

from functools import partial

import streamlit as st
from markupsafe import Markup

from ui import texts
from ui.actions import outcome
from ui.actions.outcome import Outcome
from ui.html import EMPTY, draw, html, markup
from ui.messages import Action, Message
from ui.request import Request

LOG_IN = "/login"


def sign_in(demo: bool) -> Markup:
    """The link that starts the trip to Spotify."""
    return markup.link(texts.frame.SIGN_IN_DEMO if demo else texts.frame.SIGN_IN, LOG_IN, "es-primary")


def come_in(demo: bool) -> Markup:
    """The link to a sign-in whose place is kept, and the one that gives it up."""
    anew = markup.link(texts.frame.BEGIN_ANEW, f"{LOG_IN}?anew=1")
    return html("{}<p>{}</p>", sign_in(demo), anew)


def show(message: Message, extra: Markup = EMPTY) -> None:
    """Say it above something else; `extra` is HTML put under it."""
    draw(as_html(message, extra))


def as_html(message: Message, extra: Markup = EMPTY) -> Markup:
    """The message, with what is put under it."""
    notice = '<section class="es-notice" role="alert"><h2>{}</h2><p>{} {}</p>{}</section>'
    return html(notice, message.title, message.happened, message.cure, extra)


def show_to(request: Request, message: Message) -> None:
    """Say it above something else to somebody signed in, with the way to sign in again if that mends it."""
    again = message.action is Action.SIGN_IN
    show(message, sign_in(request.application.settings.demo) if again else EMPTY)


def tell(request: Request, place: str) -> None:
    """Show the outcome that waits at a place, if one does; it waits no longer."""
    if found := outcome.take(place):
        show_outcome(request, found)


def show_outcome(request: Request, found: Outcome) -> None:
    """Show what came of a button."""
    if found.problem is not None:
        show_to(request, found.problem)
    else:
        done(found.title, found.more)


def show_alone(message: Message) -> None:
    """Say it as the whole of a page."""
    markup.announce(message.title, f"{message.happened} {message.cure}", listening=False)


def act(request: Request, message: Message) -> None:
    """The button that goes with a message, if one does."""
    application = request.application
    if message.action is Action.SIGN_IN:
        draw(sign_in(application.settings.demo), width="content")
    elif message.action in (Action.RETRY, Action.RESUME):
        label = texts.frame.RETRY if message.action is Action.RETRY else texts.sync.RESUME
        st.button(label, key="retry", type="primary", on_click=partial(outcome.refresh, request))
    elif message.action is Action.RELOAD:
        st.button(texts.frame.RELOAD, key="reload", type="primary")


def reminder(text: str, extra: Markup = EMPTY) -> None:
    """Say what is due before long; `extra` is HTML put under it."""
    draw(html('<section class="es-notice" role="note"><p>{}</p>{}</section>', text, extra))


def done(title: str, more: str) -> None:
    """Say that something went well."""
    draw(html('<p class="es-told" role="status"><b>{}</b> {}</p>', title, more))
