"""Search for listeners by id, name or scene."""

from collections.abc import Sequence
from dataclasses import dataclass

from emulator.world.music import Listener, World

_LONGEST_QUERY = 200


@dataclass(frozen=True, slots=True)
class Found:
    """The first matching listeners, and the number of all matches."""

    listeners: Sequence[Listener]
    total: int


class Directory:
    """Search index of a world's listeners."""

    def __init__(self, world: World) -> None:
        self._entries = [
            (" ".join((listener.id, listener.name, *listener.scenes)).casefold(), listener)
            for listener in world.listeners.values()
        ]

    def find(self, query: str, limit: int) -> Found:
        """The first listeners that match every word; "" matches all.

        In the world's order, but first those whose main scene equals the query.
        """
        words = query[:_LONGEST_QUERY].casefold().split()
        fitting = [listener for text, listener in self._entries if all(word in text for word in words)]
        scene = " ".join(words)
        fitting.sort(key=lambda listener: not (scene and listener.scenes[:1] == (scene,)))
        return Found(fitting[:limit], len(fitting))
