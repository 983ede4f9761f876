import numpy as np
import pytest

from matcher.domain.shown import LEAST
from matcher.picking.artists import FEWEST, LEAST_LISTENERS, MOST, PickableArtists


def made(**changed):
    fields = {
        "keys": ("low", "can"),
        "names": ("Low", "CAN"),
        "counts": np.array([9, 5]),
        "sizes": np.array([8, 6]),
        "hearing": np.array([[8, 0], [0, 5]]),
    }
    return PickableArtists(**{**fields, **changed})


def test_the_fewest_picks_are_enough_for_a_match():
    assert LEAST <= FEWEST < MOST


def test_arrays_give_the_same_artists_again():
    artists = made(names=("L\u00f8w \u5b87\u591a\u7530", "C\x00\U0001f600"))
    again = PickableArtists.from_arrays(artists.to_arrays())
    assert (again.keys, again.names) == (artists.keys, artists.names)
    for name in ("counts", "sizes", "hearing"):
        assert getattr(again, name).tolist() == getattr(artists, name).tolist()
    assert again.n_listeners == 14


@pytest.mark.parametrize(
    "changed",
    [
        {"counts": np.array([9, LEAST_LISTENERS - 1])},
        {"hearing": np.array([[8, 0], [LEAST_LISTENERS - 1, 5]])},
        {"hearing": np.array([[9, 0], [0, 5]])},
        {"hearing": np.array([[8, -1], [0, 5]])},
        {"keys": ("low", "low")},
        {"keys": ("low",)},
        {"names": ("Low",)},
        {"sizes": np.array([8, 0])},
        {"sizes": np.array([], int), "hearing": np.zeros((0, 2), int)},
    ],
)
def test_nothing_rests_on_fewer_listeners_than_are_to_be_shown(changed):
    with pytest.raises(ValueError, match=r"artist|group"):
        made(**changed)
