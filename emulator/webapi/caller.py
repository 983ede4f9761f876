"""The authenticated caller of the Web API."""

from dataclasses import dataclass

from starlette.requests import Request

from emulator.errors import ApiError
from emulator.state.context import Emulator, emulator_of
from emulator.state.grants import Consent
from emulator.webapi.shapes import Shapes
from emulator.world.music import Library, Listener, Track


@dataclass(frozen=True, slots=True)
class Caller:
    """A caller with a valid token."""

    emulator: Emulator
    consent: Consent
    listener: Listener
    shapes: Shapes

    @property
    def extended(self) -> bool:
        return self.emulator.settings.dialect == "extended"

    def require_extended(self) -> None:
        """Reject apps in Development Mode."""
        if not self.extended:
            raise ApiError(403, "Forbidden")

    @property
    def library(self) -> Library:
        return self.emulator.libraries.library(self.listener.id)

    def track(self, key: str) -> Track | None:
        item = self.emulator.world.items.get(key)
        return item if isinstance(item, Track) else None


def caller_of(request: Request, scope: str = "") -> Caller:
    """Authenticate a call, and require a scope unless `scope` is empty.

    Raises:
        ApiError: the token is not valid, or the scope was not granted.
    """
    emulator = emulator_of(request)
    consent = emulator.grants.consent_of(request.headers.get("authorization", ""))
    if scope and scope not in consent.scopes:
        raise ApiError(403, "Insufficient client scope")
    listener = emulator.libraries.listener(consent.listener_id)
    shapes = Shapes(emulator.world, str(request.base_url), emulator.settings.dialect)
    return Caller(emulator, consent, listener, shapes)
