"""Puts a chart onto the page."""

import streamlit as st


def show(chart: str) -> None:
    """Draw what a function of `ui.charts` returned.

    The one place where something passes through Markdown: `st.html` takes SVG away. A chart is one line
    of HTML whose text is escaped for that (see `ui.charts.svg`), which a test holds for every chart.
    """
    st.markdown(chart, unsafe_allow_html=True)
