"""Notices: messages with their buttons."""

from functools import partial

import streamlit as st
from markupsafe import Markup

from ui import texts
from ui.actions import outcome
from ui.actions.outcome import Outcome
from ui.html import EMPTY, draw, html, markup
from ui.messages import Action, Message
from ui.request import Request

LOG_IN, FILE, NAME, SPOTIFY = "/login", "/file", "/name", "/spotify"


def sign_in(demo: bool) -> Markup:
    """Link to the sign-in at Spotify."""
    return markup.link(texts.frame.SIGN_IN_DEMO if demo else texts.frame.SIGN_IN, LOG_IN, "es-primary")


def bring(label: str) -> Markup:
    """Link to the page to bring a file on."""
    return markup.link(label, FILE, "es-primary")


def connect_spotify(request: Request) -> Markup:
    """Link to connect Spotify, if it is a door here and the listener came without it."""
    config = request.application.settings
    if not config.spotify or request.has_spotify():
        return EMPTY
    label = texts.frame.CONNECT_DEMO if config.demo else texts.frame.CONNECT
    return markup.link(label, SPOTIFY, "es-button es-tall")


def come_in(demo: bool) -> Markup:
    """Links to continue a waiting sign-in, and to start again."""
    anew = markup.link(texts.frame.BEGIN_ANEW, f"{LOG_IN}?anew=1")
    return html("{}<p>{}</p>", sign_in(demo), anew)


def show(message: Message, extra: Markup = EMPTY) -> None:
    """Draw a message above other content; `extra` is HTML below it."""
    draw(as_html(message, extra))


def as_html(message: Message, extra: Markup = EMPTY) -> Markup:
    """A message as HTML, with `extra` below."""
    notice = '<section class="es-notice" role="alert"><h2>{}</h2><p>{} {}</p>{}</section>'
    return html(notice, message.title, message.happened, message.cure, extra)


def show_to(request: Request, message: Message) -> None:
    """Draw a message for a signed-in listener, with a sign-in link if that helps."""
    ways = {
        Action.SIGN_IN: sign_in(request.application.settings.demo),
        Action.BRING: bring(texts.sync.BRING_ANOTHER),
    }
    show(message, ways.get(message.action, EMPTY))


def tell(request: Request, place: str) -> None:
    """Draw and remove the outcome at a place, if there is one."""
    if found := outcome.take(place):
        show_outcome(request, found)


def show_outcome(request: Request, found: Outcome) -> None:
    """Draw an outcome."""
    if found.problem is not None:
        show_to(request, found.problem)
    else:
        done(found.title, found.more)


def show_alone(message: Message) -> None:
    """Draw a message as a whole page."""
    markup.announce(message.title, f"{message.happened} {message.cure}")


def act(request: Request, message: Message) -> None:
    """Draw the button of a message, if it has one."""
    application = request.application
    if message.action is Action.SIGN_IN:
        draw(sign_in(application.settings.demo), width="content")
    elif message.action in (Action.RETRY, Action.RESUME):
        label = texts.frame.RETRY if message.action is Action.RETRY else texts.sync.RESUME
        st.button(label, key="retry", type="primary", on_click=partial(outcome.refresh, request))
    elif message.action is Action.BRING:
        draw(bring(texts.sync.BRING_ANOTHER), width="content")
    elif message.action is Action.RELOAD:
        st.button(texts.frame.RELOAD, key="reload", type="primary")


def reminder(text: str, extra: Markup = EMPTY) -> None:
    """Draw a reminder; `extra` is HTML below it."""
    draw(html('<section class="es-notice" role="note"><p>{}</p>{}</section>', text, extra))


def done(title: str, more: str) -> None:
    """Draw a success message."""
    draw(html('<p class="es-told" role="status"><b>{}</b> {}</p>', title, more))
