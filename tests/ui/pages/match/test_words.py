"""Words of the page of one match."""

import pytest

from ui.pages.match import words


@pytest.mark.parametrize(
    ("n_nearer", "n_others", "told"),
    [
        (0, 2_002, "None of the 2,002 listeners here is nearer."),
        (14, 2_002, "Nearer than 1,987 of 2,002 listeners here."),
        (2_001, 2_002, "Nearer than 0 of 2,002 listeners here."),
        (900, 800, "Nearer than 0 of 800 listeners here."),  # an estimate may be too low
    ],
)
def test_a_place_is_told_among_all_who_can_be_found(n_nearer, n_others, told):
    assert words.nearer_than(n_nearer, n_others) == told
