"""What every route needs: one world and all state of one running emulator."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request

from emulator.settings import EmulatorSettings
from emulator.state.calls import CallLog
from emulator.state.faults import FaultPlan
from emulator.state.grants import GrantStore
from emulator.state.library import LibraryStore
from emulator.world.directory import Directory
from emulator.world.music import World


@dataclass(frozen=True, slots=True)
class Emulator:
    """One emulator's parts; each guards its own state with a lock."""

    world: World
    settings: EmulatorSettings
    libraries: LibraryStore
    grants: GrantStore
    faults: FaultPlan
    calls: CallLog
    directory: Directory
    clock: Callable[[], float]

    @classmethod
    def over(cls, world: World, settings: EmulatorSettings, clock: Callable[[], float]) -> "Emulator":
        """Builds an emulator's parts, with nothing granted and nothing changed."""
        return cls(
            world=world,
            settings=settings,
            libraries=LibraryStore(world),
            grants=GrantStore(settings, clock),
            faults=FaultPlan(),
            calls=CallLog(),
            directory=Directory(world),
            clock=clock,
        )

    def reset(self) -> None:
        """Back to the beginning: library changes, grants, faults and calls are forgotten."""
        self.libraries.reset()
        self.grants.reset()
        self.faults.clear()
        self.calls.clear()


def emulator_of(request: Request) -> Emulator:
    """Returns the emulator that serves a request."""
    emulator: Emulator = request.app.state.emulator
    return emulator
