"""What stands around every page: style, the bar at the top, the line at the foot, attribution."""

from pathlib import Path

import streamlit as st

from ui import markup, texts

HERE = Path(__file__).resolve().parent.parent
ICON = str(HERE / "mark.svg")
STYLE = HERE / "style.css"


def style() -> None:
    """Bring in the style sheet; it takes no room on the page."""
    st.html(STYLE)


def top_bar(demo: bool, sign_out_path: str = "") -> None:
    """The product's name, the way out for those who are signed in, and the demo's label."""
    way_out = markup.link(texts.SIGN_OUT, sign_out_path, "es-quiet") if sign_out_path else ""
    st.html(f'<nav class="es-bar">{_wordmark()}{way_out}</nav>{_demo_banner() if demo else ""}')


def footer(sign_out_everywhere_path: str = "") -> None:
    """Whose Earshot is not; and the way out of every browser at once, for those who are signed in."""
    path = sign_out_everywhere_path
    way_out = f" {markup.link(texts.SIGN_OUT_EVERYWHERE, path, 'es-quiet')}" if path else ""
    st.html(f'<footer class="es-foot">{markup.text(texts.NOT_AFFILIATED)}{way_out}</footer>')


def attribution() -> str:
    """Where the data comes from, with the way there, as HTML; only for what did come from Spotify."""
    return markup.outward(texts.ATTRIBUTION, texts.SPOTIFY_HOME)


def _wordmark() -> str:
    mark = '<span class="es-mark" aria-hidden="true"></span>'
    return f'<a class="es-wordmark" href="/">{mark}{markup.text(texts.PRODUCT)}</a>'


def _demo_banner() -> str:
    label, rest = markup.text(texts.DEMO), markup.text(texts.DEMO_BANNER)
    return f'<p class="es-demo" role="note"><b>{label}:</b> {rest}</p>'
