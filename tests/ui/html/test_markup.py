"""HTML is a type: what is plain text cannot become it by being forgotten."""

import ast
import re
from pathlib import Path

import pytest
from markupsafe import Markup

from ui.charts import svg
from ui.html import draw, html, joined, markup

UI = Path(__file__).parents[3] / "ui"
FILES = sorted(UI.rglob("*.py"))
TAG = re.compile(r"<[a-zA-Z]")


def nodes(path: Path, kind: type) -> list:
    return [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, kind)]


def texts_of(node: ast.AST) -> list[str]:
    return [
        part.value
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_f_string_is_html(path: Path):
    assert not [node.lineno for node in nodes(path, ast.JoinedStr) if any(map(TAG.search, texts_of(node)))], (
        "build it with html(template, values)"
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_template_is_a_constant(path: Path):
    constants = {
        target.id
        for node in nodes(path, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and isinstance(node.value, ast.Constant)
    }
    calls = [
        node
        for node in nodes(path, ast.Call)
        if (isinstance(node.func, ast.Name) and node.func.id in {"html", "element"})
        or (isinstance(node.func, ast.Attribute) and node.func.attr in {"html", "element"} and _is_ours(node))
    ]
    templates = [
        call.args[0] for call in calls if path.name != "svg.py" or not isinstance(call.args[0], ast.Name)
    ]
    assert all(
        isinstance(one, ast.Constant) or (isinstance(one, ast.Name) and one.id in constants)
        for one in templates
    )


def _is_ours(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) in {"svg", "markup"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_one_module_draws_html(path: Path):
    drawn = [
        node.lineno
        for node in nodes(path, ast.Call)
        if isinstance(node.func, ast.Attribute) and node.func.attr in {"html", "markdown"}
    ]
    assert not drawn or path == UI / "html" / "markup.py"


@pytest.mark.parametrize("draws", [draw, markup.draw_chart])
def test_plain_text_is_not_drawn(draws):
    with pytest.raises(TypeError, match="no plain text"):
        draws("<b>plain</b>")


def test_plain_text_is_escaped_and_html_is_not():
    bold = html("<b>{}</b>", '<i>"&')
    assert bold == Markup("<b>&lt;i&gt;&#34;&amp;</b>")
    assert html("<p>{} {:.1f}</p>", bold, 0.25) == f"<p>{bold} 0.2</p>"


def test_braces_in_values_are_only_text():
    assert html("<p>{}</p>", "{0} {x} %s") == "<p>{0} {x} %s</p>"


def test_joined_pieces_are_html_and_text_among_them_is_escaped():
    assert joined([html("<b></b>"), "<i>"]) == Markup("<b></b>&lt;i&gt;")


def test_a_sentence_takes_html_in_its_places():
    assert markup.filled("a & {name}", name=html("<b>{}</b>", "&")) == Markup("a &amp; <b>&amp;</b>")


def test_text_in_a_chart_is_one_line_without_markdown():
    assert svg.element("<text>{}</text>", "a\n:smile:") == Markup("<text>a &#58;smile&#58;</text>")
    assert svg.element("<g>{}</g>", svg.element("<b>{}</b>", 1.25)) == Markup("<g><b>1.2</b></g>")
