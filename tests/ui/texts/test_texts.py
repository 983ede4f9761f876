import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from matcher.domain.calibration import Band, Halves, Percent
from ui import texts
from ui.pages.groups import words as groups_words
from ui.pages.matches import words as matches_words
from ui.pages.taste import words as taste_words

UI = Path(texts.__file__).parents[1]
MODULES = sorted(one for one in (UI / "texts").glob("*.py") if one.stem != "__init__")


def named_in(module: Path) -> set[str]:
    """Every text and function that a module of texts holds."""
    found: set[str] = set()
    for node in ast.parse(module.read_text("utf-8")).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        names = (one for target in targets if target for one in ast.walk(target))
        found |= {one.id for one in names if isinstance(one, ast.Name)}
        found |= {node.name} if isinstance(node, ast.FunctionDef) else set()
    return found


def read_from(name: str, module: Path) -> set[str]:
    """What a module of the pages reads of the texts `name`, whatever it calls them."""
    tree = ast.parse(module.read_text("utf-8"))
    mine = {f"texts.{name}", *_also_called(name, tree)}
    chains = (ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute))
    return {after for before, _, after in (one.rpartition(".") for one in chains) if before in mine} | {
        one.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == f"ui.texts.{name}"
        for one in node.names
    }


def _also_called(name: str, tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "ui.texts":
            yield from (one.asname or one.name for one in node.names if one.name == name)
        elif isinstance(node, ast.Assign):
            pairs = zip(*map(_parts, (node.targets[0], node.value)), strict=False)
            yield from (ast.unparse(to) for to, what in pairs if ast.unparse(what) == f"texts.{name}")


def _parts(node: ast.expr) -> list[ast.expr]:
    return list(node.elts) if isinstance(node, ast.Tuple) else [node]


@pytest.mark.parametrize("module", MODULES, ids=lambda one: one.stem)
def test_every_text_is_read_by_somebody(module: Path):
    own = module.read_text("utf-8")
    here = {one for one in named_in(module) if len(re.findall(rf"\b{one}\b", own)) > 1}
    elsewhere = (read_from(module.stem, one) for one in UI.rglob("*.py") if one != module)
    assert named_in(module) - here - set().union(*elsewhere) == set()


def test_every_word_that_is_explained_is_on_a_screen_and_none_is_missing():
    assert set().union(*texts.glossary.ON.values()) == set(texts.glossary.MEANINGS)


@pytest.mark.parametrize(
    ("score", "shown"),
    [(0.8742, "87.4"), (1.0, "100.0"), (-0.124, "−12.4"), (-0.0001, "0.0"), (0.0, "0.0")],
)
def test_a_part_is_in_points_with_one_decimal_and_a_true_minus(score: float, shown: str):
    assert texts.grammar.points(score) == shown


@pytest.mark.parametrize(
    ("share", "shown"), [(0.61, "61 %"), (0.004, "under 1 %"), (0.999, "99 %"), (1.0, "100 %")]
)
def test_a_share_is_never_rounded_to_nothing_or_to_all(share: float, shown: str):
    assert texts.grammar.percent(share) == shown


def test_evidence_is_one_sentence():
    told = texts.card.evidence(812, 210, 0.61)
    assert told == "Your profile rests on 812 tracks by 210 artists; audio attributes for 61 %."


def test_evidence_knows_singular_and_missing_audio():
    assert texts.card.evidence(1, 1, 0.0) == "Your profile rests on 1 track by 1 artist; no audio attributes."


def test_the_last_reading_is_dated():
    moment = datetime(2026, 3, 3, 9, 7, tzinfo=UTC)
    assert matches_words.last_read(moment) == "Last read 3 March 2026 at 09:07 UTC"


def test_never_read_says_so():
    assert matches_words.last_read(None) == matches_words.NEVER_READ


def test_a_percentage_never_claims_certainty_that_is_not_there():
    halves = Halves(40.2, 55.0, 70.1)
    sure = Percent(99.8, 99.6, 99.9, halves, Band.VERY_CLOSE)
    assert texts.card.percent_short(sure).startswith("99 %")
    assert "eight cases" not in texts.card.percent_meaning(sure)
    told = texts.card.percent_meaning(Percent(83.0, 71.2, 90.25, halves, Band.VERY_CLOSE))
    assert "it lies between 71 and 90 % in eight cases of ten" in told
    assert "usually lie between 40 and 70 %" in told


def test_every_band_has_a_word_a_meaning_and_a_place_in_the_matrix():
    for mapping in (
        texts.card.BANDS,
        texts.card.BAND_MEANING,
        groups_words.BAND_DOTS,
        groups_words.BAND_DEPTH,
    ):
        assert set(mapping) == set(Band)


def test_a_scale_has_short_numbers():
    assert [texts.grammar.short_number(one) for one in (0.25, 0.2, -0.0, -1.0)] == ["0.25", "0.2", "0", "−1"]


@pytest.mark.parametrize(
    ("counts", "told"),
    [((12, 3), "read, 12 tracks"), ((0, 1), "read, 1 artist"), ((0, 0), "read")],
)
def test_what_came_of_a_part_says_how_much_of_it_counts(counts: tuple[int, int], told: str):
    assert taste_words.came_of("ok", *counts) == told


@pytest.mark.parametrize(
    ("n", "exact", "told"),
    [(1117, True, "1,117 new for you"), (40, False, "up to about 40 new for you"), (0, True, "")],
)
def test_how_many_artists_are_new(n: int, exact: bool, told: str):
    assert texts.card.new_for_you(n, exact) == told
