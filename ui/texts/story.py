"""Texts of the story in five cards, and of the sentence on oneself."""

from matcher.browsing.rarity import OddCorner, Share
from matcher.browsing.story import Portrait
from ui.texts.charts import TRAITS
from ui.texts.grammar import percent

CARDS = "Your listening in five cards"
PLACE = "{n} of {of}"
SOUND, ODD, NEAREST, BOTH, TEACH = (
    "Your sound",
    "Your odd corner",
    "Your nearest person",
    "What you both love",
    "What they could show you",
)
LISTENING = "Still listening …"
UNKNOWN_SOUND = "Too little is known of your music to put it in a sentence."
ONE_TAG = "{tag} at heart."
TWO_TAGS = "{tag} at heart, {second} at the edges."
SOUNDS = "It sounds {traits} than average."
DECADE = "{share} of what you hear is from the {decade}s."
IN_TEN = ("", "", "", "Three in ten", "Four in ten", "Half", "Six in ten", "Seven in ten", "Eight in ten")
NEARLY_ALL = "Nearly all"
ODD_MORE = "{share} of your listening, and {few} listeners here hear it."
NO_ODD = "There are too few listeners here yet to say what is rare."
PAIR = "You are one of {few} who hear both {first} and {second}."
BELOW, ABOUT = "fewer than {n} in 100", "{n} in 100"
NOBODY = "Nobody can be matched with yet. They come as more people let others find them."
NAMED_NOTHING = "More taste than single names: what you share shows once you both agree to connect."
TEACH_ABOUT = "About {n} artists of theirs. Connect, and you both see which are new to you."
TEACH_EXACT = "{n} artists of theirs that you do not have."
TEACH_UNKNOWN = "Connect, and you both see what is new to you."
SKIP = "Skip the cards"
WAITS = "Your listening in five cards is ready:"
OPEN = "open your story"
MEET = "Meet {alias}"


def portrait(one: Portrait) -> str:
    """A sentence on the tags: "Chalk hop at heart, violet jazz at the edges."; "" without tags."""
    if not one.tags:
        return ""
    tag, second = one.tags[0], one.tags[-1]
    told = (TWO_TAGS if len(one.tags) > 1 else ONE_TAG).format(tag=tag, second=second)
    return told[:1].upper() + told[1:]


def sound(one: Portrait, n_most: int = 2) -> str:
    """How it sounds, and of when; "" if nothing stands out."""
    named = [TRAITS[trait.attribute][trait.is_high] for trait in one.traits[:n_most]]
    sounds = SOUNDS.format(traits=" and ".join(named)) if named else ""
    decade = DECADE.format(share=in_ten(one.decade_share), decade=one.decade) if one.decade else ""
    return " ".join(part for part in (decade, sounds) if part)


def in_ten(share: float) -> str:
    """A share from 0.3 in words: "Four in ten"."""
    n = round(10 * share)
    return IN_TEN[n] if n < len(IN_TEN) else NEARLY_ALL


def few(share: Share) -> str:
    """A share in words: "3 in 100", or "fewer than 3 in 100"."""
    return (BELOW if share.is_below else ABOUT).format(n=share.in_100)


def odd(one: OddCorner) -> str:
    """What the odd corner is in figures."""
    return ODD_MORE.format(share=percent(one.share_of_mine), few=few(one.heard_by))
