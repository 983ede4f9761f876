"""Frame of every page: style, top bar, footer, attribution."""

import re
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup

from ui import texts
from ui.html import EMPTY, html, joined, markup
from ui.screen import Screen, address, as_left

HERE = Path(__file__).resolve().parent.parent
ICON = str(HERE / "mark.svg")
_COMMENT = re.compile(r"\s*/\*.*?\*/", re.DOTALL)


def sheet(path: Path) -> str:
    """A style sheet of ours without its comments, which are not for browsers."""
    return _COMMENT.sub("", path.read_text("utf-8"))


FIRST_SHEETS = "".join(
    sheet(HERE / "style" / name) for name in ("1-frame.css", "2-me-and-cards.css", "7-doors.css")
)
"""The style sheets that signed-out pages need."""
_LOGO = b64encode((HERE / "assets" / "spotify-logo.svg").read_bytes()).decode()
STYLE = (
    "".join(map(sheet, sorted((HERE / "style").glob("*.css"))))
    + f".es-spotify {{ mask-image: url(data:image/svg+xml;base64,{_LOGO}); }}"
)


def top_bar(
    demo: bool,
    sign_out_path: str = "",
    screens: Sequence[Screen] = (),
    here: Screen | None = None,
    n_news: int = 0,
) -> Markup:
    """Top bar: product name, screens and sign-out; below, the source of the data.

    `n_news` is the number of requests and agreements that are not seen yet.
    """
    way_out = markup.link(texts.frame.SIGN_OUT, sign_out_path, "es-quiet") if sign_out_path else EMPTY
    links = _links([one for one in screens if one.in_bar], here, n_news)
    bar = html('<div class="es-bar">{}{}{}</div>', _wordmark(), links, way_out)
    return bar + _source(demo, bool(sign_out_path))


def footer(sign_out_everywhere_path: str = "") -> Markup:
    """Footer: disclaimer, and a link to end all sessions."""
    path = sign_out_everywhere_path
    way_out = html(" {}", markup.link(texts.frame.SIGN_OUT_EVERYWHERE, path, "es-quiet")) if path else EMPTY
    return html('<footer class="es-foot">{}{}</footer>', texts.frame.NOT_AFFILIATED, way_out)


def attribution() -> Markup:
    """Attribution to Spotify with a link; not for the demo."""
    # the whole logo in black or white, as Spotify's design guidelines require
    logo = html('<span class="es-spotify" role="img" aria-label="{}"></span>', texts.frame.SPOTIFY)
    return markup.outward(markup.filled(texts.frame.ATTRIBUTION, logo=logo), texts.frame.SPOTIFY_HOME)


def _links(screens: Sequence[Screen], here: Screen | None, n_news: int) -> Markup:
    """One link per screen, to the screen as this tab left it."""
    if len(screens) < 2:
        return EMPTY
    links = joined(_link(one, one is here, n_news if one.counts_news else 0) for one in screens)
    return html('<nav class="es-screens" aria-label="{}">{}</nav>', texts.frame.SCREENS, links)


def _link(screen: Screen, is_here: bool, n_news: int) -> Markup:
    path, mark = address(screen.path, **as_left(screen.path)), html(' aria-current="page"') if is_here else ""
    badge = '<b class="es-badge" data-news="{0}">{0}<span class="es-aloud"> {1}</span></b>'
    counted = html(badge, n_news, texts.frame.N_NEW) if n_news else EMPTY
    return html('<a href="{}"{}>{}{}</a>', path, mark, screen.title, counted)


def _source(demo: bool, signed_in: bool) -> Markup:
    if demo:
        banner = '<p class="es-demo" role="note"><b>{}:</b> {}</p>'
        return html(banner, texts.frame.DEMO, texts.frame.DEMO_BANNER)
    return html('<p class="es-source">{}</p>', attribution()) if signed_in else EMPTY


def _wordmark() -> Markup:
    mark = html('<span class="es-mark" aria-hidden="true"></span>')
    return html('<a class="es-wordmark" href="/">{}{}</a>', mark, texts.frame.PRODUCT)
