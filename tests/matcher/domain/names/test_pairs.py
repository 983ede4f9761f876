"""Pairs of names, written by hand, that are one artist or recording, or two."""

import csv
from pathlib import Path

import pytest

from matcher.domain.canonical_keys import artist_key, track_key

TABLE = Path(__file__).with_name("pairs.csv")


def pairs():
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [pytest.param(*row, id=f"{row[1]} {row[3]} {row[2]}") for row in [*csv.reader(file)][1:]]


def key_of(kind, name):
    return artist_key(name) if kind == "artist" else track_key(name, "moss choir")


@pytest.mark.parametrize(("kind", "one", "other", "should"), pairs())
def test_names_merge_or_stay_apart(kind, one, other, should):
    assert (key_of(kind, one) == key_of(kind, other)) is (should == "merge")
