"""HTML: markup, controls, small parts without words of their own."""

from ui.html.markup import EMPTY, draw, html, joined, run_script

__all__ = ["EMPTY", "draw", "html", "joined", "run_script"]
