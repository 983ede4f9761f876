"""HTML: markup, controls, and small parts without texts."""

from ui.html.markup import EMPTY, draw, html, joined, run_script

__all__ = ["EMPTY", "draw", "html", "joined", "run_script"]
