"""One town, with one small model, for all attacks of a session."""

from collections.abc import Callable, Iterator

import pytest

from tests.privacy.channels import advantages
from tests.privacy.scene import SECRETS
from tests.privacy.town import Town, TownClock, model_of, tastes
from wiring import bootstrap
from wiring.settings import Settings


@pytest.fixture(scope="session")
def built(tmp_path_factory) -> Iterator[Town]:
    others, victims = tastes()
    pipeline, clock = model_of(others), TownClock()

    class Models:
        """The small model in place of a trained folder."""

        def __init__(self, *_: object, **__: object) -> None:
            pass

        def pipeline(self) -> object:
            return pipeline

        def others(self) -> tuple[object, ...]:
            return ()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bootstrap, "ModelInService", Models)
        patch.setattr(bootstrap, "now_utc", clock)
        app = bootstrap.build(Settings(_env_file=None, home=tmp_path_factory.mktemp("town")))
    # Patched no longer than it is built: other modules of this process build an application of their own.
    yield Town(app, clock, others, victims)
    app.close()


@pytest.fixture(scope="session")
def gained(built: Town) -> Callable[[str, str], float]:
    """The advantage by secret and channel; each secret is looked for once a session."""
    known: dict[str, dict[str, float]] = {}

    def by(secret: str, channel: str) -> float:
        if secret not in known:
            built.settle()
            known[secret] = advantages(built, SECRETS[secret])
        return known[secret][channel]

    return by


@pytest.fixture
def town(built: Town) -> Town:
    """The town, with everybody there but the victims."""
    built.settle()
    return built
