import pytest

from towers.evaluation.leads import leads


def seed(**mrr):
    return {name.replace("_", " "): {"mrr": value} for name, value in mrr.items()}


def found(rows, system, over):
    return next(row for row in rows if (row["system"], row["over"]) == (system, over))


def test_a_lead_is_paired_by_seed():
    # seeds differ far more than systems do: unpaired, nobody would be ahead
    by_seed = [seed(pipeline=p, towers=p, als=p + gap) for p, gap in ((0.2, 0.02), (0.8, 0.04))]
    row = found(leads(by_seed), "als", "towers")
    assert (row["mean"], row["std"]) == (pytest.approx(0.03), pytest.approx(0.01))
    assert row["ahead"]


def test_a_lead_within_the_spread_is_none():
    by_seed = [seed(pipeline=0.5, towers=0.5, als=0.5 + gap) for gap in (-0.02, 0.04)]
    assert not found(leads(by_seed), "als", "pipeline")["ahead"]


def test_the_best_rival_is_compared_and_it_is_none_of_ours():
    rows = leads([seed(pipeline=0.5, towers=0.9, untrained_towers=0.8, als=0.6, tfidf=0.1)])
    assert {(row["system"], row["over"]) for row in rows} == {
        ("als", "pipeline"),
        ("als", "towers"),
        ("untrained towers", "towers"),
    }
    assert [row["ahead"] for row in rows] == [True, False, False]


def test_towers_are_told_to_be_worse_than_untrained_ones():
    row = found(leads([seed(pipeline=0.5, towers=0.7, untrained_towers=0.8)]), "untrained towers", "towers")
    assert row["ahead"]
