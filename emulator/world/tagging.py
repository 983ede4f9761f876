"""Tags as people give them: few, misspelt, misplaced, or about anything but the music."""

from collections.abc import Sequence
from itertools import cycle
from math import log

from emulator.world.music import Scene

N_CHANCES = 16
"""Random numbers in [0, 1) that the tags of one artist take."""
# Real tables: four in ten artists have no tag, most of them obscure.
_UNTAGGED = 0.065  # share of untagged artists, per unit of log rank
_OWN = (0.9, 0.6, 0.6, 0.6)  # share of artists with each tag of their scene
_NEIGHBOUR, _WRONG, _PERSONAL = 0.12, 0.06, 0.015
_MISSPELT = 0.08
_OPINIONS = (
    "seen live|favourites|beautiful|awesome|love at first listen|under 2000 listeners|female vocals|"
    "male vocals|live|instrumental|my summer|to buy|guilty pleasure|road trip|sleep|energetic"
).split("|")


def people_tags(
    chances: Sequence[float], rank: int, scene: Scene, neighbour: Scene, wrong: Scene
) -> dict[str, int]:
    """Number of taggers by tag; fewer tags and taggers for artists of a higher rank, often none.

    Args:
        chances: `N_CHANCES` random numbers in [0, 1).
        rank: place by popularity in the scene, from 0.
        scene: the artist's scene, whose tags most often fit.
        neighbour: the next scene; some artists have a tag of it.
        wrong: any scene, for tags that do not fit.
    """
    own, extra, spelling, taggers = chances[1:5], chances[5:9], chances[9], chances[10:]
    if chances[0] < _UNTAGGED * log(1 + rank):
        return {}
    tags = [tag for tag, chance, share in zip(scene.tags, own, _OWN, strict=False) if chance < share]
    tags += [neighbour.tags[0]] if extra[0] < _NEIGHBOUR else []
    tags += [wrong.tags[0]] if extra[1] < _WRONG else []
    tags += _opinions(extra[2], rank)
    tags += [f"list no {int(extra[3] * 1e6)}"] if extra[3] < _PERSONAL else []
    if tags and spelling < _MISSPELT:
        tags[0] = tags[0].replace(" ", "-" if spelling < _MISSPELT / 2 else "")
    most = 40 / (1 + rank) ** 0.6
    return {
        tag: 1 + int(-log(1 - chance) * most / (1 + place))
        for place, (tag, chance) in enumerate(zip(dict.fromkeys(tags), cycle(taggers), strict=False))
    }


def _opinions(chance: float, rank: int) -> list[str]:
    """Tags that say nothing of the scene, a dozen at most; more for the popular."""
    n_most = 12 if rank < 10 else 6 if rank < 100 else 1
    first = int(chance * 997)
    return [_OPINIONS[(first + 5 * place) % len(_OPINIONS)] for place in range(first % (n_most + 1))]
