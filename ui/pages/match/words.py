"""Texts of the page of one match."""

from collections.abc import Mapping

TITLE = "A match"
BACK = "Back to your matches"
NOT_THERE = "This listener is not here"
NOT_THERE_MORE = (
    "Perhaps they hide, show nothing or have left, or one of you has blocked the other. Earshot does not say "
    "which. Your other matches are where they were."
)
SYNTHETIC_NOTE = (
    "This listener is made up for the demo, with no person behind them, so they say yes at once. A real "
    "person decides for themselves, and you would wait for their answer."
)
OPEN_DATA_NOTE = (
    "This listener is known from ListenBrainz’ open data, under an alias of ours. They have no account on "
    "Earshot, so you cannot ask them to connect."
)
BOTH = "{me} and {other}"
AGREED = "You both said yes."
AGREED_MORE = (
    "From now on each of you sees what the other shares. A playlist for both of you is a press away."
)
RELATIONS: Mapping[str, str] = {
    "strangers": "You see what all their matches may see. The rest is shown once you both agree.",
    "asked by me": "You have asked to connect. Until they agree, you see what all their matches may see.",
    "asked by them": "They ask to connect. If you agree, you both see the exact figures.",
    "connected": "You are connected: each sees what the other shares.",
}
RELATIONS_UNSEEN: Mapping[str, str] = {
    **RELATIONS,
    "asked by them": "They ask to connect. If you agree, you see the exact figures.",
    "connected": "You are connected: you see what they share.",
}
"""Instead of `RELATIONS`, for viewers who do not let others find them."""
WORKED_OUT = "Worked out from all of your music and what they show."
LATER = "Shown once you both agree to connect."
NEAREST = "None of the {n} listeners here is nearer."
NEARER = "Nearer than {less} of {n} listeners here."
PROFILE_LINK = "Their profile on Spotify"

WHY = "Why you match"
WATERFALL = "What the likeness is made of"
WATERFALL_NOTE = (
    "The parts are points that add up to the likeness. One is below 0 where you two have less of it than "
    "strangers have. Point at a part, or tap it, for what it means."
)
STRONGEST = "Strongest first. How much each counts is shown once you both agree to connect."
NO_REASONS = "Little brings you two together, or they keep it to themselves."
REASON_PAIRS = "Your tastes lie closer together than strangers’ do: {names}"
PAIR = "your {mine} near their {theirs}"
PAIR_OWN = "your {mine} near what they hear"
REASON_TAGGED = "Your tastes lie closer together than strangers’ do: tags you share describe your {names}"
REASON_SOUND = "Your music sounds more alike than strangers’ does: both {traits} than average"
REASON_OWN_SOUND = "Your music sounds more alike than strangers’ does; yours is {traits} than average"
REASON_NO_TRAIT = "Your music sounds more alike than strangers’ does, though nothing stands out in both"

CHANGED = "Since {day} at {time}"
CHANGE_NEW = "newly among your {n} nearest"
CHANGE_GONE = "no longer among your {n} nearest"
CHANGE_UP = "up {places} in your list"
CHANGE_DOWN = "down {places} in your list"
CHANGE_SCORE = "likeness {change} points"
CHANGE_PLACE = "at the same place in your list"
CHANGE_NEARNESS = "no longer exactly as near"
CHANGE_SAME = "at the same place in your list, and as near as before"

SHARED = "Everything you share"
SHARED_FEW = "Some of what you share"
EFFECTS = (
    "The figure beside a name: by how many points the likeness would be lower without it in your taste. An "
    "artist goes with their tracks, and two names can say the same, so the figures do not add up. Only the "
    "strongest are worked out; less than 0.05 is left blank."
)
SEARCH = "Search in what you share"
SEARCH_HINT = "An artist, a track, a tag"
NOT_FOUND = "Nothing you share is called that."
NO_ARTISTS = "No artists to show: you share none, or they keep them to themselves."
NO_TRACKS = "No tracks to show: you share none, or they keep them to themselves."
NO_TAGS = "No tags to show: you share none, or they keep them to themselves."
NOTHING_YET = "Nothing to name yet: only what you both hear a lot is shown before you both agree to connect."
OVERLAP = "Artists and tracks"
ITEMS = "artists and tracks"
OVERLAP_ARTISTS = "Artists"
ITEMS_ARTISTS = "artists"
YOU = "You"

SOUND = "How it sounds"
AFTER_TITLE = "Once you both agree to connect"
AFTER = (
    "The exact percentage, and what it is made of",
    "All artists, tags and tracks you share",
    "How their music sounds, beside yours",
    "Music of theirs that is new for you",
    "A playlist for both of you",
)
SOUND_KEPT = "They keep how their music sounds to themselves, or it is not known."
NO_SOUND = "No audio attributes are known of your music yet."

DISCOVER = "New for you"
DISCOVER_MORE = "Best bet first: near to your taste, and heard much by them."
ARTISTS = "Artists"
TRACKS = "Tracks"
NOTHING_NEW = "Nothing to discover here: you have it all, or they keep it to themselves."

CARD = "A card to share"
CARD_MORE = "A picture with what may be shown, and nothing else. Look at it before you send it."
DRAW = "Draw the card"
NAME_THEM = "Put their alias and the percentage on it"
CARD_NOT_ALLOWED = (
    "They have not allowed their alias and the percentage on cards, so it says only in a word how near you "
    "are, and not to whom."
)

SAFETY = "If something is wrong"
REPORT = "Report to whoever runs this Earshot"
REASON = "What is wrong?"
REPORT_REASONS: Mapping[str, str] = {
    "offensive alias": "The alias is offensive",
    "impersonation": "They pretend to be somebody else",
    "harassment": "They harass me or others",
    "spam": "It is advertising or spam",
    "other": "Something else",
}
SEND = "Send the report"
REPORTED = "Reported."
REPORTED_MORE = "Thank you. It is looked at by whoever runs this Earshot. You can also block them."
REALLY_DISCONNECT = "Disconnect? Exact figures, tracks and links are hidden again from both of you."
YES_DISCONNECT = "Yes, disconnect"


def nearer_than(n_nearer: int, n_others: int) -> str:
    """The place among all others: "Nearer than 1,987 of 2,002 listeners here."."""
    if not n_nearer:
        return NEAREST.format(n=f"{n_others:,}")
    # of many, the number of all is an estimate
    return NEARER.format(less=f"{max(n_others - 1 - n_nearer, 0):,}", n=f"{n_others:,}")
