"""Doors of our own: forms and pages in front of Streamlit, which work without scripts."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup

from ui.html import EMPTY, html, joined, markup
from ui.messages import Message
from ui.pages.doors import words
from ui.shared import frame, notice

FILE_PATH, KEY_PATH, NEW_KEY_PATH = "/file", "/key", "/new-key"
NAME_PATH, LASTFM_PATH, SPOTIFY_PATH = "/name", "/lastfm", "/spotify"
FILE_SCRIPT = (Path(__file__).resolve().parent / "upload.js").read_text("utf-8")
"""Shows how much of the files has arrived; holds no data."""


def file_form(send: str = words.FILE_SEND) -> Markup:
    """The form that brings files; `send` is its button."""
    return _sending() + html(
        '<form class="es-door-form" method="post" action="{}" enctype="multipart/form-data">'
        '<label for="own-file">{}</label><input id="own-file" type="file" name="file" multiple required '
        'aria-describedby="own-file-hint"><small id="own-file-hint">{}</small>'
        '<p data-part="told" role="alert"></p><button class="es-button es-main es-tall">{}</button></form>',
        *(FILE_PATH, words.FILE_LABEL, words.FILE_HINT, send),
    )


def _sending() -> Markup:
    """What `FILE_SCRIPT` shows in place of the form while the files are on their way."""
    return html(
        '<div class="es-sending" hidden data-count="{}" data-spoken="{}" data-looking="{}" data-broken="{}" '
        'data-cancelled="{}"><label for="own-file-sent">{}</label>'
        '<progress id="own-file-sent" value="0" tabindex="-1"></progress>'
        '<p data-part="count" aria-hidden="true"></p><p class="es-aloud" data-part="aloud" role="status"></p>'
        '<button type="button" class="es-button es-tall" data-part="cancel">{}</button></div>',
        *(words.SENT, words.SENT_SPOKEN, words.SENT_ALL, words.SENT_BROKEN, words.SENT_CANCELLED),
        *(words.SENDING, words.SENDING_CANCEL),
    )


def file_script() -> Markup:
    """The script of a page with `file_form`."""
    return html("<script>{}</script>", Markup(FILE_SCRIPT))  # noqa: S704 (ours, without data)


def how_to(samples: str = "") -> Markup:
    """How to get the file, folded away; `samples` is where the demo has some."""
    link = markup.outward(words.SAMPLE, samples) if samples else EMPTY
    sample = html("<p>{} {}</p>", words.SAMPLE_LEAD, link) if samples else EMPTY
    return html(
        '{}<details class="es-how"><summary>{}</summary><ol>{}</ol><p>{}</p></details>',
        *(sample, words.HOW, markup.items(words.HOW_SPOTIFY), words.HOW_PRIVATE),
    )


def file_parts(
    demo: bool, signed_in: bool, told: Message | None = None, samples: str = ""
) -> Iterator[Markup]:
    """The page to bring files on; `told` is why the last ones were not taken."""
    yield frame.top_bar(demo)
    if told is not None:
        yield notice.as_html(told)
    yield _said(words.FILE_TITLE, words.FILE_LEAD_AGAIN if signed_in else words.FILE_LEAD)
    form = file_form(words.FILE_SEND_AGAIN if signed_in else words.FILE_SEND)
    back = markup.link(words.FILE_BACK, "/taste", "es-quiet") if signed_in else EMPTY
    yield html('<div class="es-alone">{}{}{}</div>', form, how_to(samples), back)
    yield frame.footer()
    yield file_script()


@dataclass(frozen=True, slots=True)
class NameWays:
    """Which names are read, and how they can be proven.

    Attributes:
        lastfm: whether Last.fm's names are read.
        lastfm_sign_in: whether one can sign in at Last.fm.
        samples: where the demo lists its listeners, whose names are known to the local services; or "".
    """

    lastfm: bool = True
    lastfm_sign_in: bool = True
    samples: str = ""


def name_form(ways: NameWays = NameWays()) -> Markup:
    """The form that takes a user name."""
    services = [("listenbrainz", words.LISTENBRAINZ), *([("lastfm", words.LASTFM)] if ways.lastfm else [])]
    choices = joined(
        html(
            '<label><input type="radio" name="service" value="{}" required{}> {}</label>',
            *(value, Markup(" checked") if n == 0 else EMPTY, label),
        )
        for n, (value, label) in enumerate(services)
    )
    return html(
        '<form class="es-door-form" method="post" action="{}"><fieldset class="es-choose">'
        '<legend>{}</legend>{}</fieldset><label for="user-name">{}</label>'
        '<input id="user-name" name="name" required maxlength="200" autocomplete="off" '
        'autocapitalize="none" autocorrect="off" spellcheck="false">'
        '<button class="es-button es-main es-tall">{}</button></form>',
        *(NAME_PATH, words.NAME_SERVICE, choices, words.NAME_LABEL, words.NAME_SEND),
    )


def name_parts(demo: bool, signed_in: bool, ways: NameWays, told: Message | None = None) -> Iterator[Markup]:
    """The page to type a user name on; `told` is why the last one was not taken."""
    yield frame.top_bar(demo)
    if told is not None:
        yield notice.as_html(told)
    yield _said(words.NAME_TITLE, words.NAME_LEAD)
    known = markup.outward(words.NAME_SAMPLES, ways.samples) if ways.samples else EMPTY
    sample = html("<p>{}</p>", known) if ways.samples else EMPTY
    back = markup.link(words.FILE_BACK, "/taste", "es-quiet") if signed_in else EMPTY
    yield html('<div class="es-alone">{}{}{}{}</div>', name_form(ways), sample, _proofs(ways), back)
    yield frame.footer()


def _proofs(ways: NameWays) -> Markup:
    """How to show that a name is one's own."""
    token = html(
        '<form class="es-door-form" method="post" action="{}"><input type="hidden" name="service" '
        'value="listenbrainz"><label for="user-token">{}</label><input id="user-token" name="token" required '
        'maxlength="120" autocomplete="off" autocapitalize="none" spellcheck="false" '
        'aria-describedby="user-token-hint"><small id="user-token-hint">{}</small>'
        '<button class="es-button es-tall">{}</button></form>',
        *(NAME_PATH, words.PROOF_LABEL, words.PROOF_HINT, words.PROOF_SEND),
    )
    sign_in = markup.link(words.LASTFM_SIGN_IN, LASTFM_PATH, "es-button es-tall")
    way = html("<p>{}</p>", sign_in) if ways.lastfm_sign_in else EMPTY
    return html(
        '<section class="es-prove"><h2>{}</h2><p>{}</p>{}{}</section>',
        *(words.PROVE, words.PROVE_MORE, way, token),
    )


def key_form() -> Markup:
    """The form that signs in with a recovery key."""
    # one line for password managers and paste; browsers neither correct nor complete it
    return html(
        '<form class="es-door-form" method="post" action="{}"><label for="recovery-key">{}</label>'
        '<input id="recovery-key" name="key" required maxlength="120" autocomplete="off" autocorrect="off" '
        'autocapitalize="characters" spellcheck="false" aria-describedby="recovery-key-hint">'
        '<small id="recovery-key-hint">{}</small>'
        '<button class="es-button es-tall">{}</button></form>',
        *(KEY_PATH, words.KEY_LABEL, words.KEY_HINT, words.KEY_ENTER),
    )


def enter_key_parts(demo: bool, told: Message | None = None) -> Iterator[Markup]:
    """The page to type a recovery key on; `told` is why the last one was not taken."""
    yield frame.top_bar(demo)
    if told is not None:
        yield notice.as_html(told)
    yield _said(words.ENTER_TITLE, words.ENTER_LEAD)
    yield html('<div class="es-alone">{}</div>', key_form())
    yield frame.footer()


def key_parts(demo: bool, key: str, is_first: bool) -> Iterator[Markup]:
    """The page that shows a recovery key once."""
    yield frame.top_bar(demo)
    title = words.FIRST_KEY_TITLE if is_first else words.KEY_TITLE
    yield _said(title, words.KEY_LEAD)
    # the browser makes the file: nothing of it is kept on the server
    file = f"data:text/plain;charset=utf-8,{quote(words.KEY_TEXT.format(key=key))}"
    yield html(
        '<section class="es-key"><p aria-label="{}"><code>{}</code></p><p>'
        '<a class="es-button es-tall" href="{}" download="{}">{}</a></p></section>',
        *(words.KEY_NAMED, key, file, words.KEY_FILE, words.KEY_DOWNLOAD),
    )
    yield html('<p class="es-act es-middle">{}</p>', markup.link(words.KEY_GO_ON, "/", "es-primary"))
    yield frame.footer()


def new_key_parts(demo: bool, token: str) -> Iterator[Markup]:
    """The page that asks whether to make a new recovery key."""
    yield frame.top_bar(demo)
    yield _said(words.NEW_KEY_TITLE, words.NEW_KEY_LEAD)
    yield html(
        '<form class="es-act es-middle" method="post" action="{}"><input type="hidden" name="token" '
        'value="{}"><button class="es-button es-main es-tall">{}</button> {}</form>',
        *(NEW_KEY_PATH, token, words.NEW_KEY_YES),
        markup.link(words.NEW_KEY_NO, "/privacy", "es-button es-tall"),
    )
    yield frame.footer()


def connect_parts(demo: bool, token: str) -> Iterator[Markup]:
    """The page that asks whether to connect Spotify."""
    yield frame.top_bar(demo)
    yield _said(words.CONNECT_TITLE, words.CONNECT_LEAD)
    yield html('<div class="es-alone"><ul class="es-points">{}</ul></div>', markup.items(words.CONNECT_MORE))
    yield html(
        '<form class="es-act es-middle" method="post" action="{}"><input type="hidden" name="token" '
        'value="{}"><button class="es-button es-main es-tall">{}</button> {}</form>',
        *(SPOTIFY_PATH, token, words.CONNECT_YES_DEMO if demo else words.CONNECT_YES),
        markup.link(words.CONNECT_NO, "/taste", "es-button es-tall"),
    )
    yield frame.footer()


def _said(title: str, lead: str) -> Markup:
    said = '<header class="es-saying"><h1>{}</h1><p class="es-lead">{}</p></header>'
    return html(said, title, lead)
