from datetime import UTC, datetime

import pytest

from ui import texts


@pytest.mark.parametrize(
    ("score", "shown"),
    [(0.874, "0.874"), (1.0, "1.000"), (-0.124, "−0.124"), (-0.0001, "0.000"), (0.0, "0.000")],
)
def test_a_part_of_a_score_has_three_decimals_and_a_true_minus(score: float, shown: str):
    assert texts.grammar.signed(score) == shown


@pytest.mark.parametrize(
    ("share", "shown"), [(0.61, "61 %"), (0.004, "under 1 %"), (0.999, "99 %"), (1.0, "100 %")]
)
def test_a_share_is_never_rounded_to_nothing_or_to_all(share: float, shown: str):
    assert texts.grammar.percent(share) == shown


def test_evidence_is_one_sentence():
    told = texts.matches.evidence(812, 210, 0.61)
    assert told == "Your profile rests on 812 tracks by 210 artists; audio attributes for 61 %."


def test_evidence_knows_singular_and_missing_audio():
    assert (
        texts.matches.evidence(1, 1, 0.0) == "Your profile rests on 1 track by 1 artist; no audio attributes."
    )


def test_the_last_reading_is_dated():
    moment = datetime(2026, 3, 3, 9, 7, tzinfo=UTC)
    assert texts.matches.last_read(moment) == "Last read 3 March 2026 at 09:07 UTC"


def test_never_read_says_so():
    assert texts.matches.last_read(None) == texts.matches.NEVER_READ


def test_a_percentage_never_claims_certainty_that_is_not_there():
    told = texts.card.percent_meaning(99.8, 99.6, 99.9)
    assert "99 in 100" in told
    assert "between" not in told
    assert "between 71 and 90" in texts.card.percent_meaning(83.0, 71.2, 90.25)
