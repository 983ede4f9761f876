"""What stands around every page: style, the bar at the top, the line at the foot, attribution."""

from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from ui import texts
from ui.html import markup
from ui.screen import Screen, address, as_left

HERE = Path(__file__).resolve().parent.parent
ICON = str(HERE / "mark.svg")
FIRST_SHEETS = "".join(
    (HERE / "style" / name).read_text("utf-8") for name in ("1-frame.css", "2-me-and-cards.css")
)
"""What is drawn for those who are not signed in needs these parts of the style alone."""
_LOGO = b64encode((HERE / "assets" / "spotify-logo.svg").read_bytes()).decode()
STYLE = (
    "".join(part.read_text("utf-8") for part in sorted((HERE / "style").glob("*.css")))
    + f".es-spotify {{ mask-image: url(data:image/svg+xml;base64,{_LOGO}); }}"
)


def style() -> None:
    """Bring in the style sheet; it takes no room on the page."""
    st.html(f"<style>{STYLE}</style>")


def top_bar(
    demo: bool, sign_out_path: str = "", screens: Sequence[Screen] = (), here: Screen | None = None
) -> None:
    """The product's name, and for those who are signed in the screens and the way out.

    Below it stands where the data comes from: the demo's label, or Spotify for those who are signed in.
    """
    st.html(top_bar_html(demo, sign_out_path, screens, here))


def top_bar_html(
    demo: bool, sign_out_path: str = "", screens: Sequence[Screen] = (), here: Screen | None = None
) -> str:
    """The bar and what stands below it, as HTML."""
    bar = (_wordmark(), _links([one for one in screens if one.in_bar], here), _way_out(sign_out_path))
    return f'<div class="es-bar">{markup.joined(bar)}</div>{_source(demo, bool(sign_out_path))}'


def footer(sign_out_everywhere_path: str = "") -> None:
    """Whose Earshot is not; and the way out of every browser at once, for those who are signed in."""
    st.html(footer_html(sign_out_everywhere_path))


def footer_html(sign_out_everywhere_path: str = "") -> str:
    """The foot as HTML."""
    path = sign_out_everywhere_path
    way_out = f" {markup.link(texts.frame.SIGN_OUT_EVERYWHERE, path, 'es-quiet')}" if path else ""
    return f'<footer class="es-foot">{markup.text(texts.frame.NOT_AFFILIATED)}{way_out}</footer>'


def attribution() -> str:
    """Where the data comes from, with the way there, as HTML; not in the demo: its Spotify is local.

    Spotify's logo, whole and in black or white, as its design guidelines ask for beside what is from there.
    """
    logo = f'<span class="es-spotify" role="img" aria-label="{markup.attribute(texts.frame.SPOTIFY)}"></span>'
    return markup.outward(texts.frame.ATTRIBUTION, texts.frame.SPOTIFY_HOME).replace("{logo}", logo)


def _links(screens: Sequence[Screen], here: Screen | None) -> str:
    """One link a screen, as HTML; each leads to the screen as this tab left it."""
    if len(screens) < 2:
        return ""
    links = markup.joined(_link(one, one is here) for one in screens)
    return f'<nav class="es-screens" aria-label="{markup.text(texts.frame.SCREENS)}">{links}</nav>'


def _link(screen: Screen, is_here: bool) -> str:
    path, mark = address(screen.path, **as_left(screen.path)), ' aria-current="page"' if is_here else ""
    return f'<a href="{markup.text(path)}"{mark}>{markup.text(screen.title)}</a>'


def _way_out(path: str) -> str:
    return markup.link(texts.frame.SIGN_OUT, path, "es-quiet") if path else ""


def _source(demo: bool, signed_in: bool) -> str:
    """Where the data comes from, as HTML."""
    if demo:
        return _demo_banner()
    return f'<p class="es-source">{attribution()}</p>' if signed_in else ""


def _wordmark() -> str:
    mark = '<span class="es-mark" aria-hidden="true"></span>'
    return f'<a class="es-wordmark" href="/">{mark}{markup.text(texts.frame.PRODUCT)}</a>'


def _demo_banner() -> str:
    label, rest = markup.text(texts.frame.DEMO), markup.text(texts.frame.DEMO_BANNER)
    return f'<p class="es-demo" role="note"><b>{label}:</b> {rest}</p>'
