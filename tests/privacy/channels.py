"""Channels: what can be seen of every victim, one view each."""

from collections.abc import Callable, Sequence

from matcher.browsing.reasons import tell_apart
from matcher.browsing.service import MatchFilters, Order, Sight, tag_id
from matcher.domain.canonical_keys import artist_key
from matcher.domain.consent import Relation
from matcher.domain.exclusions import Exclusion, Kind
from matcher.errors import EarshotError
from tests.privacy.advantage import View, advantage, seen
from tests.privacy.scene import HABITS, Scene, Secret, probe
from tests.privacy.town import Town
from ui.pages.match import sharing_card
from ui.pages.matches.paging import LENGTH as PAGE
from ui.pages.taste import own_card

Look = Callable[[Scene], list[View]]


def advantages(town: Town, secret: Secret) -> dict[str, float]:
    """The adversaries' advantage through every channel there is for a secret."""
    scene = Scene(town, secret)
    names = channels_of(secret)
    before = _views(scene, names)
    scene.read(~scene.bits)
    after = _views(scene, names)
    return {name: advantage(list(zip(before[name], after[name], strict=True))) for name in names}


def channels_of(secret: Secret) -> Sequence[str]:
    """Names of the channels that a secret is looked for in; all of them, where everything is kept back."""
    if secret.kinds == ("artists", "tracks", "tags"):
        return tuple(CHANNELS)
    return [name for name in CHANNELS if name != AGAIN and not (secret.briefly and name not in MAIN)]


def _views(scene: Scene, names: Sequence[str]) -> dict[str, list[View]]:
    scene.pages.clear()
    return {name: CHANNELS[name](scene) for name in names}


def _entries(scene: Scene, sight: Sight) -> list[View]:
    """Of each victim the card they have in a list, its place and reason, and what stands above the list."""
    pages = (sight.matches[first : first + PAGE] for first in range(0, len(sight.matches), PAGE))
    reasons = [why for page in pages for why in tell_apart(page)]
    cards = zip(sight.matches, reasons, strict=True)
    known = {one.listener_id: (repr(one), repr(why)) for one, why in cards}
    whole = (sight.n_left, sight.n_candidates, tuple(tag.key for tag in sight.tags))
    return [(known.get(key, "not in the list"), whole) for key in scene.victims]


def _looked(scene: Scene, viewer: str, match_filters: MatchFilters) -> list[View]:
    scene.town.clock.wait(0.01)
    try:
        return _entries(scene, scene.town.app.browsing.look(viewer, match_filters))
    except EarshotError as error:  # a refusal is seen as well
        return [repr(error)] * len(scene.victims)


def _both(one: list[View], other: list[View]) -> list[View]:
    return list(zip(one, other, strict=True))


def _place_in_the_list(scene: Scene) -> list[View]:
    """By two accounts at once, one made for each of the two."""
    return _both(*(_looked(scene, key, MatchFilters(100)) for key in (scene.stranger, scene.accomplice)))


def _page_and_leaving_out(scene: Scene) -> list[View]:
    """The page of 50, before and after the artist is left out of one's own taste."""
    tastes, thing = scene.town.app.tastes, Exclusion(Kind.ARTIST, artist_key(_probed(scene)))
    before = _looked(scene, scene.stranger, MatchFilters(50))
    scene.town.clock.wait()
    tastes.leave_out(scene.stranger, thing)
    after = _looked(scene, scene.stranger, MatchFilters(50))
    scene.town.clock.wait()
    tastes.undo(scene.stranger, thing)
    return _both(before, after)


def _probed(scene: Scene) -> str:
    return (scene.secret.of(True) or HABITS)[0].artist


def _own_facet(scene: Scene) -> list[View]:
    """Matched by a playlist of nothing but the artist."""
    return _looked(scene, scene.friend, MatchFilters(50, facet_id="playlists:probe"))


def _most_to_discover(scene: Scene) -> list[View]:
    return _looked(scene, scene.friend, MatchFilters(20, order=Order.DISCOVER))


def _by_tag(scene: Scene) -> list[View]:
    return _looked(scene, scene.friend, MatchFilters(20, tag=tag_id("style 1")))


def _closely(scene: Scene, viewer: str) -> list[View]:
    def page(key: str) -> View:
        found = scene.page(viewer, key)
        reasons = (found.effects, found.near, found.traits, found.tagged)
        return (found.match, found.their_sound, found.my_sound, reasons)

    return [seen(lambda key=key: page(key)) for key in scene.victims]


def _repeated(scene: Scene) -> list[View]:
    """The page again and again, one's own library read in between."""
    looks = []
    for _ in range(2):
        scene.town.read(scene.stranger, probe(scene.secret, True))
        scene.pages.clear()
        looks.append(_closely(scene, scene.stranger))
    return _both(*looks)


def _map(scene: Scene, viewer: str) -> list[View]:
    drawn = dict(scene.town.app.map_view.draw_for(viewer, scene.victims).matches)
    return [drawn.get(key) for key in scene.victims]


def _discovered(scene: Scene) -> list[View]:
    """Which artists and tracks are offered, in which order, and how many."""
    groups = scene.town.app.groups

    def offered(key: str) -> object:
        found = groups.discover_through(scene.newcomer, key, 12)
        return [[(one.key, one.name, one.artist, one.nearness, one.appeal) for one in kind] for kind in found]

    return [seen(lambda key=key: offered(key)) for key in scene.victims]


def _playlist(scene: Scene) -> list[View]:
    make = scene.town.app.groups.make_playlist

    def made(key: str) -> object:
        found = make(scene.newcomer, [key])
        return found.tracks, [round(one, 12) for one in found.satisfaction.values()]

    return [seen(lambda key=key: made(key)) for key in scene.victims]


def _matrix(scene: Scene) -> list[View]:
    look = scene.town.app.groups.look_at_group
    return [seen(lambda key=key: look(scene.friend, [key, scene.third])) for key in scene.victims]


def _pair_card(scene: Scene) -> list[View]:
    """The cards that a stranger and a friend can draw: all that stands on the picture and in its text."""
    app = scene.town.app

    def card(viewer: str, key: str) -> object:
        me, match = app.service.listener(viewer), scene.page(viewer, key).match
        return sharing_card.card_of(me, match, named=match.relation is Relation.CONNECTED)

    def cards(key: str) -> View:
        return tuple(
            seen(lambda viewer=viewer: card(viewer, key)) for viewer in (scene.stranger, scene.friend)
        )

    return [cards(key) for key in scene.victims]


def _own_card(scene: Scene) -> list[View]:
    """The card that the victim draws of their own taste and shows around."""
    service, people = scene.town.app.service, scene.town.app.people

    def card(key: str) -> object:
        profile, sharing = service.store.profile(key), people.choices(key).sharing
        return own_card.card_of(service.listener(key), profile, sharing)

    return [seen(lambda key=key: card(key)) for key in scene.victims]


AGAIN = "page after reading one's own library again"

IN_MATCHES: dict[str, Look] = {
    "place in the list, by two accounts": _place_in_the_list,
    "page of 50 and leaving out": _page_and_leaving_out,
    "matched by one playlist": _own_facet,
    "order by most to discover": _most_to_discover,
    "list of one tag": _by_tag,
    "page of a stranger": lambda scene: _closely(scene, scene.stranger),
    "page of the connected": lambda scene: _closely(scene, scene.friend),
    AGAIN: _repeated,
    "card of two": _pair_card,
}
"""Where matches are found and shown."""

ELSEWHERE: dict[str, Look] = {
    "place on the map": lambda scene: _both(_map(scene, scene.stranger), _map(scene, scene.friend)),
    "discoveries": _discovered,
    "joint playlist": _playlist,
    "group matrix": _matrix,
    "card of one's own taste": _own_card,
}
"""All the rest of what one listener can see of another."""

MAIN = {
    "place in the list, by two accounts",
    "page of the connected",
    "place on the map",
    "group matrix",
}
"""Where a kind that is switched off alone is looked for: its masking is that of all kinds together."""

CHANNELS = {**IN_MATCHES, **ELSEWHERE}
