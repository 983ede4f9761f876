import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from storage.server.database import Database
from tests.people_machine import PeopleMachine
from tests.people_world import world_on


@pytest.mark.slow
def test_consent_holds_whatever_listeners_do_in_the_database(database: Database):
    """Fewer steps than in memory, and a failure is not made smaller, which would take minutes."""
    run_state_machine_as_test(
        lambda: PeopleMachine(lambda: world_on(database)),
        settings=settings(max_examples=8, stateful_step_count=25, phases=[Phase.explicit, Phase.generate]),
    )
