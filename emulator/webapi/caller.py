"""Who calls the Web API, and what their answers are made with."""

from dataclasses import dataclass

from starlette.requests import Request

from emulator.errors import ApiError
from emulator.state.context import Emulator, emulator_of
from emulator.state.grants import Consent
from emulator.webapi.shapes import Shapes
from emulator.world.music import Listener


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
