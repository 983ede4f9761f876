import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from tests.ui.html.test_hostile_text import HOSTILE
from ui.shared.share_card import _LEFT, HEIGHT, MOST_ARTISTS, WIDTH, ShareCard, describe, draw_card, drawable
from ui.texts import card as card_texts

CARD = ShareCard("Velvet Heron 482", "Quiet Otter 101", "very close", 0.9, ("Low", "Can", "Neu!"))
EMPTY = ShareCard("Velvet Heron 482")


def picture(card):
    return Image.open(io.BytesIO(draw_card(card)))


def differs(one, other):
    """The box in which two cards differ, or None."""
    return ImageChops.difference(picture(one).convert("RGB"), picture(other).convert("RGB")).getbbox()


def test_a_card_is_a_png_of_the_size_that_is_shared():
    found = picture(CARD)
    assert (found.format, found.size) == ("PNG", (WIDTH, HEIGHT)) == ("PNG", (1200, 630))


def test_the_same_card_gives_the_same_bytes():
    assert draw_card(CARD) == draw_card(CARD)


def test_a_picture_carries_no_words_but_those_drawn():
    assert not picture(CARD).info


@pytest.mark.parametrize("change", [{"other": "Bold Fox 7"}, {"nearness": "close"}, {"artists": ("Low",)}])
def test_what_is_on_the_card_is_seen(change):
    from dataclasses import replace

    assert differs(CARD, replace(CARD, **change))


def test_how_near_they_are_is_not_betrayed_by_the_picture():
    """Without a nearness the records lie as for anybody."""
    told = ShareCard("Ada", "Bob", "", None)
    assert differs(told, ShareCard("Ada", "Bob", "", 0.5)) is None
    assert differs(told, ShareCard("Ada", "Bob", "", 1.0)) is not None


def test_the_demo_is_labelled():
    made_up = ShareCard("Ada", synthetic=True)
    assert differs(made_up, ShareCard("Ada"))
    assert card_texts.SYNTHETIC in describe(made_up)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_inside_the_card(name):
    """Nothing reaches the margins, wherever the name stands."""
    card = ShareCard(name, name, name, 0.5, (name,) * 3)
    box = differs(card, ShareCard("x", "x", "x", 0.5))
    assert box is None or (box[0] >= _LEFT - 2 and box[2] <= WIDTH - 60 and box[3] <= HEIGHT - 96)


@settings(max_examples=25)
@given(st.text(max_size=40), st.lists(st.text(max_size=40), max_size=9))
def test_no_text_makes_a_card_fail(alias, artists):
    assert picture(ShareCard(alias, alias, alias, 0.3, tuple(artists))).size == (WIDTH, HEIGHT)


def test_a_long_name_is_cut_and_an_endless_one_costs_nothing_more():
    assert differs(ShareCard("Z" * 60), ShareCard("Z" * 500)) is None
    assert differs(ShareCard("Z" * 60), ShareCard("Z" * 5)) is not None


def test_no_more_artists_than_fit_and_the_rest_are_counted():
    many = ShareCard("Ada", artists=tuple(f"Artist {n}" for n in range(12)))
    assert f"and {12 - MOST_ARTISTS} more" in describe(many)
    assert "Artist 5" not in describe(many)


@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        ("Björk", "Björk"),
        ("Кино", "Кино"),
        ("مرحبا", ""),
        ("椎名林檎", ""),
        ("a\u202eb", "ab"),
        ("🎧 Low 🎧", "Low"),
        ("a\x00\nb", "a b"),
    ],
)
def test_what_the_fonts_cannot_draw_is_left_out(name, drawn):
    assert drawable(name) == drawn


def test_an_artist_who_cannot_be_drawn_is_counted_instead():
    card = ShareCard("Ada", artists=("Low", "椎名林檎"))
    assert "Low" in describe(card)
    assert "and 1 more" in describe(card)


def test_an_overlap_that_is_none_is_refused():
    with pytest.raises(ValueError, match="overlap"):
        ShareCard("Ada", overlap=1.1)
