from matcher.domain.listening import Part
from matcher.ports import Progress
from tests.ui.fakes import NOON
from ui.shared.progress_steps import Stage, calls_of, share_of, steps_of
from wiring.syncs import SyncState, SyncStatus


def a_state(*progress: Progress) -> SyncState:
    return SyncState(SyncStatus.RUNNING, NOON, {str(one.step): one for one in progress})


def stages(state: SyncState) -> dict[str, Stage]:
    return {step.label: step.stage for step in steps_of(state)}


def test_before_anything_was_read_every_step_is_to_come():
    assert set(stages(a_state()).values()) == {Stage.PENDING}
    assert share_of(steps_of(a_state())) == 0.0


def test_the_newest_step_is_going_on_and_counted():
    found = {step.label: step for step in steps_of(a_state(Progress(Part.PLAYLISTS, 3, 12)))}
    assert found["Playlists"].stage is Stage.ACTIVE
    assert found["Playlists"].count == "3 of 12"


def test_a_step_is_done_when_all_of_it_was_read():
    assert stages(a_state(Progress(Part.SAVED, 5, 5)))["Saved tracks"] is Stage.DONE


def test_a_step_of_unknown_length_is_done_when_another_has_begun():
    found = stages(a_state(Progress(Part.SAVED, 5), Progress(Part.RECENT)))
    assert found["Saved tracks"] is Stage.DONE
    assert found["Recently played"] is Stage.ACTIVE


def test_parts_that_were_never_begun_are_skipped_once_reading_is_over():
    found = stages(a_state(Progress(Part.SAVED, 5, 5), Progress("profile")))
    assert found["Recently played"] is Stage.SKIPPED
    assert found["Your place among listeners"] is Stage.PENDING


def test_the_whole_never_exceeds_one():
    over = a_state(
        *(Progress(part, 9, 3) for part in Part),
        *(Progress(step, 1, 1) for step in ("profile", "audio", "embed")),
    )
    assert share_of(steps_of(over)) == 1.0


def test_a_step_nobody_foresaw_is_shown_without_its_inner_name():
    assert "One more step" in stages(a_state(Progress("frobnicate")))


def test_calls_are_told_with_their_budget():
    assert calls_of(a_state(Progress(Part.SAVED, 1, 2, 23, 60))) == "Calls used 23 of 60"


def test_no_calls_no_words():
    assert calls_of(a_state(Progress(Part.SAVED, 1, 2))) == ""
