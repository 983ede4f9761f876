"""Pages for signed-out visitors, as plain HTML without websocket, which need no script."""

import tomllib
from base64 import b64encode
from collections.abc import Callable, Iterable
from functools import cache, partial
from pathlib import Path

import streamlit
from markupsafe import Markup

from matcher.errors import EarshotError
from matcher.picking.service import PickScreen
from ui import messages, texts
from ui.html import EMPTY, html, joined, markup
from ui.pages.doors import page as doors
from ui.pages.doors import pick as picking
from ui.pages.doors import words as door_words
from ui.pages.landing import introduction, page
from ui.screen import SCRIPTS
from ui.screens import SCREENS
from ui.shared import frame
from wiring.gateway.pages import Pages

_HERE = Path(__file__).resolve().parent
_STATIC = Path(streamlit.__file__).parent / "static" / "static"
_FONTS = _STATIC / "media"
_LATER = ("Html", "purify.es", "Button", "BidiComponent", "_arrayReduce", "serialization", "recordbatch")
"""Scripts that every screen asks for only when it is drawn; said at once, they come with the rest."""
_FONT_FILES = {
    "Source Sans": "SourceSansVF-Upright.*.woff2",
    "Source Serif": "SourceSerifVariable-Roman.*.woff2",
}
"""Streamlit's fonts, so that the look stays the same after sign-in."""
_BASE = """
*, *::before, *::after { box-sizing: border-box; }
:root { color-scheme: light dark; background: light-dark(%(light)s, %(dark)s); }
body { margin: 0; font: 400 1rem/1.6 "Source Sans", sans-serif; }
[data-testid="stMainBlockContainer"] { margin: 0 auto; }
[data-testid="stVerticalBlock"] { display: flex; flex-direction: column; }
"""
_FIRST_SIGHT = frame.sheet(_HERE / "assets" / "first-sight.css")
# `referrer` in place of the header's no-referrer, with which browsers send "Origin: null" with a form, as any
# other page could (Fetch standard, "append a request Origin header").
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="same-origin">
<title>{}</title>
<link rel="icon" href="{}">
{}
</head>
<body class="stApp">
<main data-testid="stMainBlockContainer"><div data-testid="stVerticalBlock">
{}</div></main>
</body>
</html>
"""


def pages(
    demo: bool,
    samples: str = "",
    spotify: bool = True,
    picks: Callable[[], bool] = lambda: False,
    public_url: str = "",
) -> Pages:
    """Page data for the gateway; see `signed_out`. `picks` says whether artists can be picked now."""
    shared = partial(signed_out, demo, samples, spotify, public_url=public_url)
    return Pages(
        titles={f"/{one.path}": texts.frame.titled(one.title) for one in SCREENS},
        icon=_icon(),
        scripts=[*SCRIPTS],
        static=_STATIC,
        preloads=preloads(),
        first_sight=first_sight(),
        no_script=texts.frame.NO_SCRIPT,
        signed_out=lambda problem, until: shared(problem, until, picks()),
        files=files(),
        missing=lambda: missing(demo),
        file=partial(file, demo, samples),
        file_script=doors.FILE_SCRIPT,
        name=partial(name, demo, samples),
        refused=partial(refused, demo, samples),
        enter_key=partial(enter_key, demo),
        key=partial(key, demo),
        new_key=partial(new_key, demo),
        connect=partial(connect, demo),
        pick=partial(pick, demo),
        pick_script=picking.SCRIPT,
    )


def files() -> dict[str, tuple[str, bytes]]:
    """Media types and contents of small files of ours, by path."""
    return introduction.files(_grounds())


def preloads() -> list[str]:
    """Files of the scripts that screens load later on, with the digests in their names."""
    found = (sorted((_STATIC / "js").glob(f"{name}.????????.js")) for name in _LATER)
    return [one.name for files in found for one in files]


def first_sight() -> str:
    """The style sheet, and the bar and grey shapes for the seconds until Streamlit's scripts have come.

    At the end of the body, so that the sheet comes after Streamlit's own. Over the websocket it would come a
    second later on a slow network, and again with every run.
    """
    shapes = html('<div class="first-bar"><i></i><b>{}</b></div>', texts.frame.PRODUCT)
    told = html('<span class="first-aloud">{}</span>', texts.frame.LOADING)
    whole = '<div id="first-sight" role="status">{}{}<p></p><p></p><p></p><p></p></div>'
    sheets = markup.style_sheet(frame.STYLE + _FIRST_SIGHT)
    return str(sheets + html(whole, told, shapes))


def signed_out(
    demo: bool,
    samples: str = "",
    spotify: bool = True,
    problem: str = "",
    until: str = "",
    picks: bool = False,
    public_url: str = "",
) -> str:
    """The landing page, with an error of the sign-in if there is one.

    Args:
        demo: whether this is the demo.
        samples: where the demo has files to bring.
        spotify: whether one can sign in with Spotify.
        problem: name of an error class; any other text is ignored.
        until: end of the error, in seconds since 1970; see `messages.message_named`.
        picks: whether artists can be picked.
        public_url: how browsers reach the application, for pages that link to it.
    """
    told = messages.message_named(problem, until)
    if told is not None and until:
        return _landing(demo, samples, spotify, picks, public_url, told)  # not cached: one for every time
    return _kept_landing(demo, samples, spotify, picks, public_url, problem if told else "")


@cache
def _kept_landing(demo: bool, samples: str, spotify: bool, picks: bool, public_url: str, problem: str) -> str:
    return _landing(demo, samples, spotify, picks, public_url, messages.message_named(problem))


def _landing(
    demo: bool, samples: str, spotify: bool, picks: bool, public_url: str, told: messages.Message | None
) -> str:
    parts = page.parts(demo, told, samples, spotify, picks)
    return _document(texts.frame.PRODUCT, parts, introduction.head(public_url))


@cache
def missing(demo: bool) -> str:
    """The page for unknown addresses."""
    way = markup.link(texts.frame.MISSING_WAY, "/", "es-primary")
    said = '<header class="es-saying"><h1>{}</h1><p class="es-lead">{}</p><p class="es-act">{}</p></header>'
    told = html(said, texts.frame.MISSING, texts.frame.MISSING_MORE, way)
    title = texts.frame.titled(texts.frame.MISSING)
    return _document(title, (frame.top_bar(demo), told, frame.footer()))


def file(demo: bool, samples: str, signed_in: bool, problem: str = "", until: str = "") -> str:
    """The page to bring a file on; `problem` and `until` as in `signed_out`."""
    told = messages.message_named(problem, until)
    return _document(
        texts.frame.titled(door_words.FILE_TITLE), doors.file_parts(demo, signed_in, told, samples)
    )


def name(
    demo: bool, samples: str, signed_in: bool, lastfm: bool, lastfm_sign_in: bool, problem: str = ""
) -> str:
    """The page to type a user name on; `problem` as in `signed_out`."""
    told = messages.message_named(problem)
    ways = doors.NameWays(lastfm, lastfm_sign_in, samples)
    title = texts.frame.titled(door_words.NAME_TITLE)
    return _document(title, doors.name_parts(demo, signed_in, ways, told))


def refused(demo: bool, samples: str, error: EarshotError) -> str:
    """The page to bring a file on, with what is wrong with the one that was sent."""
    title, told = texts.frame.titled(door_words.FILE_TITLE), messages.message_for(error)
    return _document(title, doors.file_parts(demo, False, told, samples))


def enter_key(demo: bool, problem: str = "") -> str:
    """The page to type a recovery key on; `problem` as in `signed_out`."""
    told = messages.message_named(problem)
    return _document(texts.frame.titled(door_words.KEY_LABEL), doors.enter_key_parts(demo, told))


def key(demo: bool, recovery_key: str, is_first: bool) -> str:
    """The page that shows a recovery key once."""
    title = texts.frame.titled(door_words.KEY_NAMED)
    return _document(title, doors.key_parts(demo, recovery_key, is_first))


def new_key(demo: bool, token: str) -> str:
    """The page that asks whether to make a new recovery key."""
    return _document(texts.frame.titled(door_words.KEY_NAMED), doors.new_key_parts(demo, token))


def connect(demo: bool, token: str) -> str:
    """The page that asks whether to connect Spotify."""
    return _document(texts.frame.titled(texts.frame.CONNECT), doors.connect_parts(demo, token))


def pick(demo: bool, screen: PickScreen, bare: bool) -> str:
    """The page to pick artists on; only what its form holds if `bare`."""
    if bare:
        return str(picking.form_parts(screen))
    return _document(texts.frame.titled(door_words.PICK_TITLE), picking.pick_parts(demo, screen))


def _document(title: str, parts: Iterable[Markup], head: Markup = EMPTY) -> str:
    """A whole page; parts are stacked like Streamlit's elements."""
    body = joined(html('<div class="stHtml">{}</div>\n', one) for one in parts)
    style = markup.style_sheet(_fonts() + _BASE % _grounds() + frame.FIRST_SHEETS)
    head = joined((introduction.theme_colours(_grounds()), head, style))
    return str(html(_PAGE, title, _icon(), head, body))


@cache
def _icon() -> str:
    return f"data:image/svg+xml;base64,{b64encode(Path(frame.ICON).read_bytes()).decode()}"


@cache
def _fonts() -> str:
    """CSS rules for the fonts; missing files are skipped, and the fallback is used."""
    found = ((family, next(_FONTS.glob(pattern), None)) for family, pattern in _FONT_FILES.items())
    return "".join(
        f'@font-face {{ font-family: "{family}"; font-weight: 100 900; font-display: swap; '
        f'src: url(/static/media/{file.name}) format("woff2"); }}\n'
        for family, file in found
        if file
    )


def _grounds() -> dict[str, str]:
    """Background colours of both themes, from Streamlit's configuration."""
    theme = tomllib.loads((_HERE / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]
    return {name: theme[name]["backgroundColor"] for name in ("light", "dark")}
