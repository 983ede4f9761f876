from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.people_machine import PeopleMachine
from tests.people_world import world_in_memory


def test_consent_holds_whatever_listeners_do_in_memory():
    run_state_machine_as_test(
        lambda: PeopleMachine(world_in_memory), settings=settings(max_examples=60, stateful_step_count=40)
    )
