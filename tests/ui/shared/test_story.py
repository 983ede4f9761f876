"""The story: its cards say what is known, and no more."""

from dataclasses import replace

import pytest

from matcher.browsing.rarity import OddCorner, RarePair, Share
from matcher.browsing.story import Portrait, Story
from matcher.domain.calibration import Band
from matcher.domain.consent import Relation, SeenItem, SeenMatch
from matcher.domain.listening import Source
from matcher.scoring.audio_similarity import Trait
from ui import texts
from ui.shared import story

PORTRAIT = Portrait(
    ("chalk hop", "violet jazz"), 1960, 0.41, (Trait("tempo", is_high=True), Trait("valence", is_high=False))
)
NEAREST = SeenMatch(
    "listener-1",
    "Night Owl",
    Source.TABLE,
    1,
    Relation.STRANGERS,
    Band.NEAR,
    n_about=120,
    reasons=("artists",),
)
SHARED = (SeenItem("low", "Low"), SeenItem("can", "Can"))


def test_the_sentence_names_two_tags_the_decade_and_the_sound():
    assert texts.story.portrait(PORTRAIT) == "Chalk hop at heart, violet jazz at the edges."
    assert texts.story.sound(PORTRAIT) == (
        "Four in ten of what you hear is from the 1960s. It sounds faster and darker than average."
    )


@pytest.mark.parametrize(
    ("share", "told"),
    [(0.3, "Three in ten"), (0.5, "Half"), (0.84, "Eight in ten"), (0.9, "Nearly all"), (1, "Nearly all")],
)
def test_shares_are_told_in_words(share, told):
    assert texts.story.in_ten(share) == told


def test_nothing_known_is_said_so():
    blank = Portrait((), None, 0.0, ())
    assert texts.story.portrait(blank) == texts.story.sound(blank) == ""
    shown = story.cards(Story(blank))
    assert texts.story.UNKNOWN_SOUND in shown
    assert texts.story.NO_ODD in shown
    assert texts.story.NOBODY in shown


def test_a_rarity_says_how_many_hear_both():
    pair = RarePair("Low", "Can", Share(3, is_below=False))
    assert "You are one of 3 in 100 who hear both" in story.rarity(pair)
    below = replace(pair, heard_by=Share(1, is_below=True))
    assert "one of fewer than 1 in 100 who hear both" in story.rarity(below)


def test_the_odd_corner_is_told_with_both_shares():
    corner = OddCorner("Low", 0.034, Share(1, is_below=True))
    shown = story.cards(Story(PORTRAIT, corner))
    assert "3 % of your listening, and fewer than 1 in 100 listeners here hear it." in shown


def test_the_cards_on_the_nearest_name_what_a_stranger_may_see():
    shown = story.cards(Story(PORTRAIT, nearest=replace(NEAREST, artists=SHARED)))
    assert "Night Owl" in shown
    assert "About 120 artists of theirs" in shown
    assert "%" not in shown.split("es-story-3")[1]
    assert 'href="/match?listener=listener-1"' in shown


def test_names_from_outside_cannot_break_out_of_a_card():
    corner = OddCorner("<script>alert(1)</script>", 0.5, Share(2, is_below=False))
    shown = story.cards(Story(PORTRAIT, corner, RarePair("{first}", "<b>", Share(2, is_below=False))))
    assert "<script>" not in shown
    assert "<b>" not in shown
