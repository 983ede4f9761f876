"""Pictures to send: each format is full, nothing runs over, and everything on it can be read."""

import io
from dataclasses import replace
from itertools import pairwise

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from tests.ui.html.test_hostile_text import HOSTILE
from ui.pictures import FORMATS, ShareCard, describe, draw_card
from ui.pictures.card import MOST_ARTISTS
from ui.pictures.drawing import _ground
from ui.pictures.layout import QUIET, compose
from ui.pictures.lettering import drawable, width
from ui.pictures.palette import contrast, hue_of, palette
from ui.texts import card as card_texts
from ui.texts import share

HOME = "https://earshot.example"
ARTISTS = ("Low", "Can", "Neu!", "Cluster", "Harmonia")
PAIR = ShareCard("Velvet Heron 482", "Quiet Otter 101", "87 %", artists=ARTISTS, n_people=2, address=HOME)
OWN = ShareCard("Velvet Heron 482", artists=ARTISTS, address=HOME)
UNNAMED = ShareCard("Velvet Heron 482", told=share.FOUND["some overlap"], n_people=2, address=HOME)
BARE = ShareCard("Ada", address=HOME)
LONG = ShareCard("Z" * 60, "Y" * 60, "100 %", artists=("A name without an end " * 9,) * 9, n_people=2)
FOREIGN = ShareCard(
    "นกฮูกกลางคืน", "יונה הולכת", "100 %", artists=("บอดี้สแลม", "فيروز", "הדג נחש", "🎧", "Кино"), n_people=2
)
GROUP = ShareCard(
    "Ada", "Bob & Cy", told="and 7 others: one group, one playlist", artists=ARTISTS, n_people=10
)
CARDS = {
    "pair": PAIR,
    "own": OWN,
    "unnamed": UNNAMED,
    "bare": BARE,
    "one artist": replace(OWN, artists=("Low",)),
    "long": LONG,
    "long address": replace(PAIR, address="https://" + "music." * 12 + "example"),
    "foreign": FOREIGN,
    "group": GROUP,
}
every_card = pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
every_format = pytest.mark.parametrize("kind", FORMATS)


def picture(card, kind):
    return Image.open(io.BytesIO(draw_card(card, kind))).convert("RGB")


def differs(one, other, kind="wide"):
    """The box in which two cards differ, or None."""
    return ImageChops.difference(picture(one, kind), picture(other, kind)).getbbox()


def boxes(layout):
    """Left, top, right and bottom of each line of words."""
    return [
        (one.x, one.y - one.size, one.x + width(one.text, one.face, one.size), one.y + 0.3 * one.size)
        for one in layout.words
    ]


def assert_inside(card, kind):
    form = FORMATS[kind]
    for left, top, right, bottom in boxes(compose(card, kind)):
        assert form.left <= left
        assert right <= form.right + 1
        assert form.top - 4 <= top
        assert bottom <= form.bottom + 4


# ---- sizes, bytes ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "size"), [("story", (1080, 1920)), ("square", (1080, 1080)), ("wide", (1200, 630))]
)
def test_a_card_is_a_png_of_the_size_of_its_format_without_hidden_words(kind, size):
    found = Image.open(io.BytesIO(draw_card(PAIR, kind)))
    assert (found.format, found.size, found.info) == ("PNG", size, {})


def test_the_same_card_gives_the_same_bytes():
    assert draw_card(PAIR) == draw_card(PAIR)


# ---- room --------------------------------------------------------------------------------------------


@every_card
@every_format
def test_all_words_stand_where_no_app_covers_or_cuts_them(card, kind):
    assert_inside(card, kind)


def test_a_story_keeps_clear_of_what_apps_lay_over_it():
    form = FORMATS["story"]
    code = compose(PAIR, "story").code
    assert form.top >= 250
    assert form.bottom <= form.height - 340
    assert code.y + code.size <= form.bottom


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(tuple(FORMATS)),
    st.text(max_size=60),
    st.text(max_size=60),
    st.lists(st.text(max_size=60), max_size=9),
)
def test_no_text_runs_over(kind, alias, other, artists):
    figure = "100 %" if other else ""
    card = ShareCard(alias, other, figure, artists=tuple(artists), n_people=2, address=HOME)
    assert_inside(card, kind)


@pytest.mark.parametrize("name", [*HOSTILE, "ที่นี่ผู้ใหญ่", "ﷺ اللّٰه"])
@every_format
def test_hostile_names_are_drawn_inside_the_words_room(name, kind):
    """In pixels: what letters really cover, marks above and below them too."""
    card = ShareCard(name, name, "1 %", artists=(name, f"{name} 2"), n_people=2)
    form, layout = FORMATS[kind], compose(card, kind)
    ground = _ground(form, layout.discs, palette(hue_of(card.artists, "")))
    left, top, right, bottom = ImageChops.difference(picture(card, kind), ground).getbbox()
    assert form.left - 12 <= left
    assert right <= form.right + 12
    assert form.top - 12 <= top
    assert bottom <= form.bottom + 12


@every_card
@every_format
def test_lines_do_not_cover_each_other(card, kind):
    lines = sorted({(one.y, one.size) for one in compose(card, kind).words})
    rows = {}
    for y, size in lines:
        rows[round(y)] = max(size, rows.get(round(y), 0))
    places = sorted(rows.items())
    for (above, _), (below, size) in pairwise(places):
        assert below - above >= 0.95 * size


@every_card
@every_format
def test_no_format_is_half_empty(card, kind):
    """Words and records leave no empty band higher than a quarter of the room for words."""
    layout = compose(card, kind)
    form = layout.format
    taken = [(top, bottom) for _, top, _, bottom in boxes(layout)]
    taken += [(one.y - one.radius, one.y + one.radius) for one in layout.discs]
    reached = form.top
    for top, bottom in sorted(taken):
        assert top - reached <= (form.bottom - form.top) / 4
        reached = max(reached, bottom)
    assert form.bottom - reached <= (form.bottom - form.top) / 4


@every_format
def test_fewer_artists_are_written_larger(kind):
    def size(n):
        artists = replace(PAIR, artists=ARTISTS[:n])
        return next(one.size for one in compose(artists, kind).words if one.text == "Low")

    assert size(1) > size(5)


# ---- what is on it -----------------------------------------------------------------------------------


@pytest.mark.parametrize("change", [{"other": "Bold Fox 7"}, {"figure": "12 %"}, {"artists": ("Low",)}])
def test_what_is_on_the_card_is_seen(change):
    assert differs(PAIR, replace(PAIR, **change))


def test_a_figure_says_with_whom():
    with pytest.raises(ValueError, match="with whom"):
        ShareCard("Ada", figure="95 %")


@every_format
def test_a_card_without_the_others_alias_is_a_sentence(kind):
    said = " ".join(one.text for one in compose(UNNAMED, kind).words)
    assert "Velvet Heron 482 has found somebody with some of the same taste" in said
    assert "%" not in said
    assert "&" not in said


@every_format
def test_the_address_is_on_it_in_words_and_as_a_qr_code(kind):
    layout = compose(PAIR, kind)
    assert "earshot.example" in [one.text for one in layout.words]
    code = layout.code
    wanted = segno.make(HOME, error="m", micro=False, boost_error=False)
    drawn = picture(PAIR, kind).convert("L")
    at = QUIET * code.scale + code.scale // 2
    seen = [
        [drawn.getpixel((code.x + at + x * code.scale, code.y + at + y * code.scale)) < 90 for x in range(n)]
        for n in [len(wanted.matrix)]
        for y in range(n)
    ]
    assert seen == [[bool(one) for one in row] for row in wanted.matrix]


def test_the_demo_is_labelled():
    assert differs(replace(OWN, synthetic=True), OWN)
    assert card_texts.SYNTHETIC in describe(replace(OWN, synthetic=True))


def test_no_more_artists_than_fit_and_the_rest_are_counted():
    many = ShareCard("Ada", artists=tuple(f"Artist {n}" for n in range(12)))
    assert f"and {12 - MOST_ARTISTS} more" in describe(many)
    assert "Artist 5" not in describe(many)
    assert f"and {12 - MOST_ARTISTS} more" in [one.text for one in compose(many, "story").words]


def test_a_long_name_is_cut_and_an_endless_one_costs_nothing_more():
    assert differs(ShareCard("Z" * 500, tags=("x",)), ShareCard("Z" * 900, tags=("x",))) is None
    assert differs(ShareCard("Z" * 60), ShareCard("Z" * 5)) is not None


@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        ("Björk", "Björk"),
        ("Кино", "Кино"),
        ("مرحبا", "مرحبا"),
        ("הדג נחש", "הדג נחש"),
        ("บอดี้สแลม", "บอดี้สแลม"),
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


# ---- colours -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("hue", range(0, 360, 5))
def test_words_can_be_read_in_every_colour(hue):
    found = palette(hue)
    for ground in (found.top, found.bottom, found.disc):
        assert contrast(found.ink, ground) >= 7
        assert contrast(found.soft, ground) >= 4.5
        assert contrast(found.accent, ground) >= 4.5
    assert contrast(found.ink, found.disc) >= 12  # a code is scanned in bad light


def test_the_colour_is_of_the_taste():
    assert hue_of(("jazz", "soul"), "Ada") == hue_of(("jazz", "soul"), "Bob")
    assert hue_of(("jazz", "soul"), "Ada") != hue_of(("techno", "soul"), "Ada")
    assert hue_of(("jazz", "soul"), "Ada") != hue_of(("jazz", "dub"), "Ada")
    assert differs(replace(OWN, tags=("jazz",)), replace(OWN, tags=("techno",)))
