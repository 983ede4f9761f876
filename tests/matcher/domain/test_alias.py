import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.alias import LONGEST, SHORTEST, chosen_alias, fold, make_alias
from matcher.errors import AliasRefused
from wiring.lookalikes import skeleton


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
    assert chosen_alias(wanted, skeleton) == alias


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
        chosen_alias(wanted, skeleton)


INVISIBLE = {
    "combining grapheme joiner": "fo\u034fx",
    "variation selector": "fox\ufe0f",
    "variation selector of the supplement": "fox\U000e0101",
    "Hangul filler": "여우\u3164여우",
    "halfwidth Hangul filler": "여우\uffa0",
    "Hangul choseong filler": "여우\u115f여",
    "Hangul jungseong filler": "여우\u1160",
    "Khmer inherent vowel": "ខ្មែ\u17b4រ",
    "Mongolian free variation selector": "ᠮᠣᠩ\u180bᠭᠣᠯ",
    "nothing but fillers": "\u3164\u3164\u3164\u3164",
    "soft hyphen": "fo\u00adx",
    "word joiner": "fo\u2060x",
    "braille blank": "fox\u2800fox",
}


@pytest.mark.parametrize("wanted", INVISIBLE.values(), ids=INVISIBLE)
def test_what_cannot_be_seen_is_refused(wanted):
    with pytest.raises(AliasRefused):
        chosen_alias(wanted, skeleton)


@pytest.mark.parametrize(
    "wanted",
    [
        "Fo\u0336\u0335\u0337\u0338x",
        "f" + "\u0301\u0300\u0302\u0308" + "ox",
        "f\u0307\u0307ox",
        "\u0301fox",
        "fox \u0301fox",
        "fox\u0941",  # a Devanagari vowel sign on a Latin letter
    ],
)
def test_stacked_and_stray_marks_are_refused(wanted):
    with pytest.raises(AliasRefused):
        chosen_alias(wanted, skeleton)


@pytest.mark.parametrize("wanted", ["Việt Ngữ", "שָׁלוֹם", "ที่รัก", "हिन्दी", "ガギグ"])
def test_marks_that_a_script_is_written_with_are_taken(wanted):
    assert chosen_alias(wanted, skeleton)


@pytest.mark.parametrize(
    "wanted",
    [
        "Earsh0t",
        "SPOTlFY",
        "SPOT1FY",
        "Sp0tify Help",
        "adrnin",
        "rnoderator",
        "ꓢꓑꓳꓔꓲꓝꓬ",  # Lisu letters, all of one script
        "ꓰꓮꓣꓢꓧꓳꓔ",
        "ꓮꓓꓟꓲꓠ",
        "E a r s h o t",
        "Ear-Shot",
        "s'p'o't'i'f'y",
        "Ad-min",
        "Éarshot",
        "Spotifý",
        "ɑdmin",
    ],
)
def test_what_only_looks_like_a_reserved_word_is_refused(wanted):
    with pytest.raises(AliasRefused):
        chosen_alias(wanted, skeleton)


@pytest.mark.parametrize("wanted", ["Clear Shot", "Near Shots", "Spot If", "Modern Orator", "Adam Minn"])
def test_words_that_only_touch_are_no_reserved_word(wanted):
    assert chosen_alias(wanted, skeleton) == wanted


@given(text=st.text(max_size=60))
def test_what_is_taken_stays_as_it_is_when_chosen_again(text):
    try:
        alias = chosen_alias(text, skeleton)
    except AliasRefused:
        return
    assert chosen_alias(alias, skeleton) == alias
    assert SHORTEST <= len(alias) <= LONGEST


@given(seed=st.integers())
def test_every_generated_alias_could_have_been_chosen(seed):
    alias = make_alias(random.Random(seed))
    assert chosen_alias(alias, skeleton) == alias


def test_aliases_that_differ_in_case_only_fold_alike():
    assert fold("Élan STRASSE") == fold("éLAN straße")
