"""Who calls the Web API, and what their answers are made with."""

from dataclasses import dataclass

from starlette.requests import Request

from emulator.errors import ApiError
from emulator.state.context import Emulator, emulator_of
from emulator.state.grants import Consent
from emulator.webapi.shapes import Shapes
from emulator.world.music import Library, Listener, Track


@dataclass(frozen=True, slots=True)
class Caller:
    """A caller whose token was looked at."""

    emulator: Emulator
    consent: Consent
    listener: Listener
    shapes: Shapes

    @property
    def extended(self) -> bool:
        """Whether answers are those of Extended Quota."""
        return self.emulator.settings.dialect == "extended"

    def require_extended(self) -> None:
        """Refuse an app of Development Mode."""
        if not self.extended:
            raise ApiError(403, "Forbidden")

    @property
    def library(self) -> Library:
        """The caller's library as it is now."""
        return self.emulator.libraries.library(self.listener.id)

    def track(self, key: str) -> Track | None:
        """The track of an id, if there is one."""
        item = self.emulator.world.items.get(key)
        return item if isinstance(item, Track) else None


def caller_of(request: Request, scope: str = "") -> Caller:
    """Who makes a call that needs a permission; none if `scope` is empty.

    Raises:
        ApiError: the token is not good, or the permission was not granted.
    """
    emulator = emulator_of(request)
    consent = emulator.grants.consent_of(request.headers.get("authorization", ""))
    if scope and scope not in consent.scopes:
        raise ApiError(403, "Insufficient client scope")
    listener = emulator.libraries.listener(consent.listener_id)
    shapes = Shapes(emulator.world, str(request.base_url), emulator.settings.dialect)
    return Caller(emulator, consent, listener, shapes)
