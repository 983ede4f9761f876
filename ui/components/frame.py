"""What stands around every page: style, the bar at the top, the line at the foot, attribution."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from ui import markup, texts
from ui.screen import Screen, as_left, link_to

HERE = Path(__file__).resolve().parent.parent
ICON = str(HERE / "mark.svg")
STYLE = "".join(part.read_text("utf-8") for part in sorted((HERE / "style").glob("*.css")))


def style() -> None:
    """Bring in the style sheet; it takes no room on the page."""
    st.html(f"<style>{STYLE}</style>")


def top_bar(
    demo: bool, sign_out_path: str = "", screens: Sequence[Screen] = (), here: Screen | None = None
) -> None:
    """The product's name, and for those who are signed in the screens and the way out.

    Below it stands where the data comes from: the demo's label, or Spotify for those who are signed in.
    """
    with st.container(key="bar", horizontal=True, vertical_alignment="center"):
        st.html(_wordmark(), width="content")
        _links([one for one in screens if one.in_bar], here)
        if sign_out_path:
            st.html(markup.link(texts.frame.SIGN_OUT, sign_out_path, "es-quiet"), width="content")
    if demo:
        st.html(_demo_banner())
    elif sign_out_path:
        st.html(f'<p class="es-source">{attribution()}</p>')


def footer(sign_out_everywhere_path: str = "") -> None:
    """Whose Earshot is not; and the way out of every browser at once, for those who are signed in."""
    path = sign_out_everywhere_path
    way_out = f" {markup.link(texts.frame.SIGN_OUT_EVERYWHERE, path, 'es-quiet')}" if path else ""
    st.html(f'<footer class="es-foot">{markup.text(texts.frame.NOT_AFFILIATED)}{way_out}</footer>')


def attribution() -> str:
    """Where the data comes from, with the way there, as HTML; not in the demo: its Spotify is local."""
    return markup.outward(texts.frame.ATTRIBUTION, texts.frame.SPOTIFY_HOME)


def _links(screens: Sequence[Screen], here: Screen | None) -> None:
    """One link a screen; the one that is shown is marked by its container's key, for the style sheet."""
    if len(screens) < 2:
        return
    with st.container(key="screens", horizontal=True, width="stretch"):
        for one in screens:
            state = "here" if one is here else "there"
            with st.container(key=f"to_{one.path or 'first'}_{state}", width="content"):
                link_to(one.path, one.title, **as_left(one.path))


def _wordmark() -> str:
    mark = '<span class="es-mark" aria-hidden="true"></span>'
    return f'<a class="es-wordmark" href="/">{mark}{markup.text(texts.frame.PRODUCT)}</a>'


def _demo_banner() -> str:
    label, rest = markup.text(texts.frame.DEMO), markup.text(texts.frame.DEMO_BANNER)
    return f'<p class="es-demo" role="note"><b>{label}:</b> {rest}</p>'
