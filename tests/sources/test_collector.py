import gc

import pytest

from sources import collector
from sources.collector import collector_paused


def test_the_collector_is_paused_and_goes_on():
    with collector_paused():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_stays_off_where_it_was_off():
    gc.disable()
    try:
        with collector_paused():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_it_goes_on_after_an_error():
    with pytest.raises(ValueError, match="a row"), collector_paused():
        raise ValueError("a row")
    assert gc.isenabled()


@pytest.mark.parametrize(("n_objects", "are_frozen"), [(100, False), (2_000, True)])
def test_only_very_many_objects_are_kept_out_of_later_collections(monkeypatch, n_objects, are_frozen):
    monkeypatch.setattr(collector, "MANY", 1_000)
    gc.collect()
    before = gc.get_freeze_count()
    try:
        with collector_paused():
            made = [[n] for n in range(n_objects)]
        assert len(made) == n_objects
        assert (gc.get_freeze_count() > before) is are_frozen
    finally:
        gc.unfreeze()
