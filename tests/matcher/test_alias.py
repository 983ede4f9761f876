import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.alias import LONGEST, SHORTEST, chosen_alias, fold, make_alias
from matcher.errors import AliasRefused


@pytest.mark.parametrize(
    ("wanted", "alias"),
    [
        ("Velvet Heron 482", "Velvet Heron 482"),
        ("  quiet \t fox ", "quiet fox"),
        ("O'Malley-Smith", "O'Malley-Smith"),
        ("Ünnütz", "Ünnütz"),
        ("Тихий Лис", "Тихий Лис"),
        ("静かな キツネ", "静かな キツネ"),
        ("e\u0301tude", "étude"),
        ("Ｗｉｄｅ", "Wide"),
        ("शांत", "शांत"),
    ],
)
def test_an_alias_of_letters_in_one_script_is_taken(wanted, alias):
    assert chosen_alias(wanted) == alias


@pytest.mark.parametrize(
    "wanted",
    [
        "",
        "  a  ",
        "ab",
        "a" * (LONGEST + 1),
        "a" * 100_000,
        "12345",
        "---",
        "ann@example.org",
        "www.example.org",
        "see http:here",
        "<b>ann</b>",
        "ann\u202egnp",
        "ann\u200bb",
        "ann\x00b",
        "ann\ud800b",
        "Vеlvet",  # its second letter is Cyrillic
        "Earshot Team",
        "the SPOTIFY man",
        "Administrator",
        "🦊🦊🦊",
        "fox 🦊",
    ],
)
def test_anything_else_is_refused(wanted):
    with pytest.raises(AliasRefused):
        chosen_alias(wanted)


@given(text=st.text(max_size=60))
def test_what_is_taken_stays_as_it_is_when_chosen_again(text):
    try:
        alias = chosen_alias(text)
    except AliasRefused:
        return
    assert chosen_alias(alias) == alias
    assert SHORTEST <= len(alias) <= LONGEST


@given(seed=st.integers())
def test_every_generated_alias_could_have_been_chosen(seed):
    alias = make_alias(random.Random(seed))
    assert chosen_alias(alias) == alias


def test_aliases_that_differ_in_case_only_fold_alike():
    assert fold("Élan STRASSE") == fold("éLAN straße")
